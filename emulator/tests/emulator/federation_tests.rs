//! Tokens of other issuers: the services that give them, and what they prove at the token endpoint.

use test_support::answer::Answer;
use test_support::emulator::{Emulator, TENANT};
use test_support::federation::{GITHUB_PATH, PIPELINES_PATH, SERVICE_CONNECTION, SUBJECT, WORKLOAD};

use crate::answer::{TokenAnswer as _, claims};
use crate::signed_assertion::ASSERTION_TYPE;
use crate::token_request::{GRAPH, TokenEndpoint as _};

fn emulator() -> Emulator {
    Emulator::with_workload(&[])
}

fn post(emulator: &Emulator, assertion: &str) -> Answer {
    emulator.post(&[
        ("client_id", WORKLOAD),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", assertion),
        ("scope", GRAPH),
        ("grant_type", "client_credentials"),
    ])
}

#[test]
fn a_token_of_a_trusted_issuer_proves_the_application_more_than_once() {
    let emulator = emulator();
    let assertion = emulator.workload_token("");
    for _ in 0..2 {
        let answer = post(&emulator, &assertion).access_claims();
        assert_eq!(answer["appid"], WORKLOAD);
    }
    let journal = emulator.journal();
    assert_eq!(journal[0]["assertion"]["claims"]["sub"], SUBJECT);
}

#[test]
fn what_the_federated_credentials_do_not_name_is_refused_with_its_number() {
    let emulator = emulator();
    for (query, code, part) in [
        ("subject=other", 700_213, "subject 'other'"),
        ("subject=SYSTEM:serviceaccount:default:workload", 700_213, "SYSTEM"),
        ("issuer=https%3A%2F%2Fother.example", 700_211, "https://other.example"),
        ("audience=api%3A%2F%2Fother", 700_212, "api://other"),
        (
            "issuer=https%3A%2F%2Ftoken.actions.githubusercontent.com",
            70021,
            "Assertion Subject",
        ),
        ("lifetime=-301", 700_024, "expiry time of assertion"),
    ] {
        let answer = post(&emulator, &emulator.workload_token(query));
        answer.assert_refused(query, 401, "invalid_client", code, part);
    }
    let mut forged = emulator.workload_token("");
    forged.replace_range(forged.len() - 4.., "AAAA");
    post(&emulator, &forged).assert_refused("forged", 400, "invalid_grant", 50013, "signature");
}

#[test]
fn a_token_of_any_issuer_is_for_programs_on_this_machine() {
    let emulator = emulator();
    let send = |method, path, headers: &[(&str, &str)]| emulator.client().send(method, path, headers, b"").unwrap();
    assert_eq!(send("GET", "/_workload-token?issuer=a", &[]).status, 400);
    assert_eq!(send("POST", "/_workload-token?issuer=a&subject=b", &[]).status, 405);
    let foreign = [("Origin", "https://elsewhere.example")];
    assert_eq!(send("GET", "/_workload-token?issuer=a&subject=b", &foreign).status, 403);
    let own = send("GET", "/_workload-token?issuer=a&subject=b&audience=c&lifetime=60", &[]);
    let claims = claims(&own.text());
    assert_eq!(
        (&claims["iss"], &claims["sub"], &claims["aud"]),
        (&"a".into(), &"b".into(), &"c".into())
    );
    assert!(emulator.journal().is_empty(), "it is no request of a client");
}

const BEARER: (&str, &str) = ("Authorization", "Bearer github-request-token");
const JSON: (&str, &str) = ("Accept", "application/json");

#[test]
fn github_gives_tokens_to_its_workflows() {
    let emulator = emulator();
    let path = format!("{GITHUB_PATH}&audience=api%3A%2F%2FAzureADTokenExchange");
    let send =
        |method, path: &str, headers: &[(&str, &str)]| emulator.client().send(method, path, headers, b"").unwrap();
    let given = send("GET", &path, &[BEARER, JSON]);
    assert_eq!(given.status, 200, "{given:?}");
    let value = given.json()["value"].as_str().unwrap().to_owned();
    assert_eq!(claims(&value)["aud"], "api://AzureADTokenExchange");
    assert_eq!(post(&emulator, &value).status, 200);
    let wrong = ("Authorization", "Bearer other");
    let twice = format!("{path}&audience=b");
    let old = path.replace("2.0", "1.0");
    for (case, method, path, headers, status) in [
        ("method", "POST", path.as_str(), &[BEARER, JSON][..], 405),
        ("no token", "GET", &path, &[JSON], 401),
        ("wrong token", "GET", &path, &[wrong, JSON], 401),
        ("no accept", "GET", &path, &[BEARER], 406),
        ("no audience", "GET", GITHUB_PATH, &[BEARER, JSON], 400),
        ("two audiences", "GET", &twice, &[BEARER, JSON], 400),
        ("another version", "GET", &old, &[BEARER, JSON], 400),
    ] {
        assert_eq!(send(method, path, headers).status, status, "{case}");
    }
    let journal = emulator.journal();
    assert_eq!(journal[0]["headers"]["authorization"], "***");
    assert!(!format!("{journal:?}").contains("github-request-token"));
}

#[test]
fn pipelines_gives_tokens_to_its_jobs() {
    const BEARER: (&str, &str) = ("Authorization", "Bearer pipelines-access-token");
    const JSON: (&str, &str) = ("Content-Type", "application/json");
    const SUPPRESS: (&str, &str) = ("X-TFS-FedAuthRedirect", "Suppress");
    let emulator = emulator();
    let path = format!("{PIPELINES_PATH}?api-version=7.1&serviceConnectionId={SERVICE_CONNECTION}");
    let send =
        |method, path: &str, headers: &[(&str, &str)]| emulator.client().send(method, path, headers, b"").unwrap();
    let given = send("POST", &path, &[BEARER, JSON, SUPPRESS]);
    assert_eq!(given.status, 200, "{given:?}");
    let token = given.json()["oidcToken"].as_str().unwrap().to_owned();
    assert_eq!(post(&emulator, &token).status, 200);
    let wrong = ("Authorization", "Bearer other");
    let old = path.replace("7.1", "7.0");
    let other = path.replace(SERVICE_CONNECTION, TENANT);
    for (case, method, path, headers, status) in [
        ("method", "GET", path.as_str(), &[BEARER, JSON, SUPPRESS][..], 405),
        ("a browser", "POST", &path, &[wrong, JSON], 302),
        ("wrong token", "POST", &path, &[wrong, JSON, SUPPRESS], 401),
        ("no type", "POST", &path, &[BEARER, SUPPRESS], 415),
        ("another version", "POST", &old, &[BEARER, JSON, SUPPRESS], 400),
        ("another connection", "POST", &other, &[BEARER, JSON, SUPPRESS], 404),
    ] {
        assert_eq!(send(method, path, headers).status, status, "{case}");
    }
    let body = emulator
        .client()
        .send("POST", &path, &[BEARER, JSON, SUPPRESS], b"{}")
        .unwrap();
    assert_eq!(body.status, 411);
}

#[test]
fn the_services_are_there_when_they_are_asked_for_and_meet_faults() {
    let plain = Emulator::start();
    for path in [GITHUB_PATH, PIPELINES_PATH] {
        assert_eq!(plain.client().send("GET", path, &[], b"").unwrap().status, 404);
    }
    let emulator = emulator();
    emulator.add_fault("status=503");
    let answer = emulator.client().send("GET", GITHUB_PATH, &[], b"").unwrap();
    assert_eq!(answer.status, 503);
    assert_eq!(emulator.journal()[0]["fault"], "status=503");
}

//! The token services of Azure's platforms for the identities of a machine.

use std::fs;

use serde_json::{Value, json};
use test_support::answer::Answer;
use test_support::emulator::Emulator;
use test_support::folder::Folder;
use test_support::machine::{
    CLIENT_ID as ONE, OBJECT_ID as ONE_OBJECT, RESOURCE_ID as ONE_RESOURCE, SECRET, start as machine,
};

use crate::answer::TokenAnswer as _;

const OTHER: &str = "55555555-5555-5555-5555-555555555555";
const METADATA: (&str, &str) = ("Metadata", "true");
const GRAPH: &str = "resource=https%3A%2F%2Fgraph.microsoft.com";
const IMDS: &str = "/metadata/identity/oauth2/token?api-version=2018-02-01";
const APP_SERVICE: &str = "/app-service/msi/token?api-version=2019-08-01";
const LEARNING: &str = "/machine-learning/msi/token?api-version=2017-09-01";
const ARC: &str = "/arc/metadata/identity/oauth2/token?api-version=2020-06-01";

fn get(emulator: &Emulator, target: &str, headers: &[(&str, &str)]) -> Answer {
    emulator
        .client()
        .send("GET", target, headers, b"")
        .expect("the emulator answers")
}

#[test]
fn each_platform_issues_tokens_in_its_own_form() {
    let emulator = machine(&[]);
    for (target, headers, members) in [
        (
            IMDS,
            METADATA,
            &["expires_in", "expires_on", "client_id", "not_before", "resource"][..],
        ),
        (
            APP_SERVICE,
            ("X-IDENTITY-HEADER", SECRET),
            &["expires_on", "client_id", "resource"],
        ),
        (LEARNING, ("secret", SECRET), &["expires_on", "client_id", "resource"]),
    ] {
        let answer = get(&emulator, &format!("{target}&{GRAPH}"), &[headers]);
        let claims = answer.access_claims();
        assert_eq!(
            (&claims["aud"], &claims["idtyp"]),
            (&json!("https://graph.microsoft.com"), &json!("app"))
        );
        let json = answer.json();
        for member in members {
            assert!(json[*member].is_string(), "{target}: {member} in {json}");
        }
        assert_eq!(
            json.get("expires_in").is_some(),
            members.contains(&"expires_in"),
            "{target}"
        );
    }
    let headers = [METADATA, ("Content-Type", "application/x-www-form-urlencoded")];
    let answer = emulator
        .client()
        .send("POST", "/cloud-shell/oauth2/token", &headers, GRAPH.as_bytes());
    assert_eq!(answer.unwrap().access_claims()["aud"], "https://graph.microsoft.com");
}

#[test]
fn a_user_assigned_identity_is_chosen_by_each_of_its_ids() {
    let emulator = machine(&[]);
    for (target, header, chosen) in [
        (IMDS, METADATA, format!("client_id={ONE}")),
        (IMDS, METADATA, format!("object_id={ONE_OBJECT}")),
        (
            IMDS,
            METADATA,
            format!("msi_res_id={}", ONE_RESOURCE.replace('/', "%2F")),
        ),
        (APP_SERVICE, ("X-IDENTITY-HEADER", SECRET), format!("client_id={ONE}")),
        (
            APP_SERVICE,
            ("X-IDENTITY-HEADER", SECRET),
            format!("principal_id={ONE_OBJECT}"),
        ),
        (LEARNING, ("secret", SECRET), format!("clientid={ONE}")),
    ] {
        let answer = get(&emulator, &format!("{target}&{GRAPH}&{chosen}"), &[header]);
        let claims = answer.access_claims();
        assert_eq!(
            (&claims["appid"], &claims["oid"]),
            (&json!(ONE), &json!(ONE_OBJECT)),
            "{target} {chosen}"
        );
    }
    let unknown = get(&emulator, &format!("{IMDS}&{GRAPH}&client_id={OTHER}"), &[METADATA]);
    assert_eq!(
        (unknown.status, &unknown.json()["error_description"]),
        (400, &json!("Identity not found"))
    );
}

#[test]
fn without_an_own_identity_the_only_one_is_taken_and_several_are_refused() {
    let one = Emulator::start_with(&["--identity", ONE]);
    assert_eq!(
        get(&one, &format!("{IMDS}&{GRAPH}"), &[METADATA]).access_claims()["appid"],
        ONE
    );
    let several = Emulator::start_with(&["--identity", ONE, "--identity", OTHER]);
    let answer = get(&several, &format!("{IMDS}&{GRAPH}"), &[METADATA]);
    let text = answer.json()["error_description"].as_str().unwrap().to_owned();
    assert!(
        answer.status == 400 && text.starts_with("Multiple user assigned identities exist"),
        "{text}"
    );
}

#[test]
fn what_a_platform_does_not_accept_is_refused() {
    let emulator = machine(&[]);
    let header = ("X-IDENTITY-HEADER", SECRET);
    for (case, target, headers, status) in [
        ("no header", format!("{IMDS}&{GRAPH}"), &[][..], 400),
        ("another value", format!("{IMDS}&{GRAPH}"), &[("Metadata", "True")], 400),
        (
            "a proxy",
            format!("{IMDS}&{GRAPH}"),
            &[METADATA, ("X-Forwarded-For", "10.0.0.1")],
            403,
        ),
        ("no resource", IMDS.to_owned(), &[METADATA], 400),
        (
            "no version",
            format!("/metadata/identity/oauth2/token?{GRAPH}"),
            &[METADATA],
            400,
        ),
        (
            "another version",
            format!("/metadata/identity/oauth2/token?api-version=1&{GRAPH}"),
            &[METADATA],
            400,
        ),
        (
            "an unknown parameter",
            format!("{IMDS}&{GRAPH}&tenant=x"),
            &[METADATA],
            400,
        ),
        ("a parameter twice", format!("{IMDS}&{GRAPH}&{GRAPH}"), &[METADATA], 400),
        (
            "two identities",
            format!("{IMDS}&{GRAPH}&client_id={ONE}&object_id={ONE_OBJECT}"),
            &[METADATA],
            400,
        ),
        (
            "a parameter of another",
            format!("{LEARNING}&{GRAPH}&client_id={ONE}"),
            &[("secret", SECRET)],
            400,
        ),
        ("no secret", format!("{APP_SERVICE}&{GRAPH}"), &[METADATA], 400),
        (
            "another secret",
            format!("{APP_SERVICE}&{GRAPH}"),
            &[("X-IDENTITY-HEADER", "x")],
            401,
        ),
        ("the secret elsewhere", format!("{LEARNING}&{GRAPH}"), &[header], 400),
        (
            "no TLS",
            format!("/service-fabric/token?api-version=2019-07-01-preview&{GRAPH}"),
            &[("secret", SECRET)],
            403,
        ),
        ("GET for POST", "/cloud-shell/oauth2/token".to_owned(), &[METADATA], 405),
        ("no folder", format!("{ARC}&{GRAPH}"), &[METADATA], 404),
    ] {
        assert_eq!(get(&emulator, &target, headers).status, status, "{case}");
    }
    let post = emulator
        .client()
        .send("POST", &format!("{IMDS}&{GRAPH}"), &[METADATA], b"")
        .unwrap();
    assert_eq!(post.status, 405);
    let none = Emulator::start();
    assert_eq!(get(&none, &format!("{IMDS}&{GRAPH}"), &[METADATA]).status, 404);
}

#[test]
fn arc_demands_a_key_that_it_has_just_written() {
    let folder = Folder::new();
    let emulator = machine(&["--arc-key-folder", &folder.argument("")]);
    let target = format!("{ARC}&{GRAPH}");
    let challenged = get(&emulator, &target, &[METADATA]);
    assert_eq!(challenged.status, 401);
    let challenge = challenged.header("www-authenticate").unwrap();
    let path = challenge.strip_prefix("Basic realm=").unwrap();
    let key = format!("Basic {}", fs::read_to_string(path).unwrap());
    assert_eq!(
        get(&emulator, &target, &[METADATA, ("Authorization", "Basic wrong")]).status,
        401
    );
    get(&emulator, &target, &[METADATA, ("Authorization", &key)]).access_claims();
    assert_eq!(
        get(&emulator, &target, &[METADATA, ("Authorization", &key)]).status,
        401
    );
    assert!(fs::metadata(path).is_err(), "the key is spent");
}

#[test]
fn the_journal_has_the_query_and_no_secret() {
    let emulator = machine(&[]);
    get(
        &emulator,
        &format!("{APP_SERVICE}&{GRAPH}&client_id={ONE}"),
        &[("X-IDENTITY-HEADER", SECRET)],
    );
    let journal = emulator.journal();
    assert_eq!(
        journal[0]["query"],
        json!({"api-version": "2019-08-01", "resource": "https://graph.microsoft.com", "client_id": ONE})
    );
    assert_eq!(journal[0]["headers"]["x-identity-header"], "***");
    assert!(!Value::Array(journal).to_string().contains(SECRET));
}

#[test]
fn faults_meet_platforms_too() {
    let emulator = machine(&["--fault", "status=410"]);
    let target = format!("{IMDS}&{GRAPH}");
    assert_eq!(get(&emulator, &target, &[METADATA]).status, 410);
    assert_eq!(get(&emulator, &target, &[METADATA]).status, 200);
}

//! How requests are refused that do not even come to the grant, and what every answer carries.

use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD, PUBLIC, SECRET, TENANT};
use uuid::Uuid;

use crate::answer::TokenAnswer as _;
use crate::token_request::{FORM, GRAPH, TokenEndpoint as _, changed, encoded, with_password, with_secret};

#[test]
fn each_wrong_request_is_refused_for_its_own_reason() {
    let emulator = Emulator::start();
    let base = with_secret();
    let request = "invalid_request";
    let wrong = [
        (changed(&base, "client_id", ""), 400, request, 900_144, "'client_id'"),
        (
            changed(&base, "client_id", "unknown"),
            400,
            "unauthorized_client",
            700_016,
            "'unknown' was not found",
        ),
        (changed(&base, "grant_type", ""), 400, request, 900_144, "'grant_type'"),
        (
            changed(&base, "grant_type", "implicit"),
            400,
            "unsupported_grant_type",
            70003,
            "'implicit'",
        ),
        (changed(&base, "scope", ""), 400, request, 900_144, "'scope'"),
        (
            changed(&base, "scope", "User.Read"),
            400,
            "invalid_scope",
            1_002_012,
            "/.default",
        ),
        (
            changed(&base, "scope", "a/.default b/.default"),
            400,
            "invalid_scope",
            1_002_012,
            "/.default",
        ),
        (
            changed(&base, "client_secret", ""),
            401,
            "invalid_client",
            7_000_216,
            "'client_assertion', 'client_secret'",
        ),
        (
            changed(&base, "client_secret", "wrong"),
            401,
            "invalid_client",
            7_000_215,
            "Invalid client secret",
        ),
        (
            changed(&base, "client_assertion", "a.b.c"),
            400,
            request,
            9_002_313,
            "Both",
        ),
        (
            changed(&base, "client_id", PUBLIC),
            401,
            "invalid_client",
            700_025,
            "Client is public",
        ),
    ];
    for (fields, status, error, code, part) in wrong {
        emulator
            .post(&fields)
            .assert_refused(&format!("{fields:?}"), status, error, code, part);
    }
}

#[test]
fn a_public_client_cannot_ask_for_itself() {
    let emulator = Emulator::start();
    let fields = [
        ("client_id", PUBLIC),
        ("scope", GRAPH),
        ("grant_type", "client_credentials"),
    ];
    emulator
        .post(&fields)
        .assert_refused("public", 401, "invalid_client", 7_000_216, "client_secret");
}

#[test]
fn scopes_of_users_must_have_a_known_shape() {
    let emulator = Emulator::start();
    let base = with_password();
    let two_resources = "https://graph.microsoft.com/User.Read https://vault.azure.net/user_impersonation";
    let wrong = [
        ("User!Read", "invalid_scope", 70011, "User!Read"),
        ("graph/User.Read", "invalid_scope", 70011, "graph/User.Read"),
        (
            "https://graph.microsoft.com/.default User.Read",
            "invalid_scope",
            70011,
            ".default scope",
        ),
        (two_resources, "invalid_request", 28000, "more than one resource"),
    ];
    for (scope, error, code, part) in wrong {
        emulator
            .post(&changed(&base, "scope", scope))
            .assert_refused(scope, 400, error, code, part);
    }
}

#[test]
fn tenants_must_exist() {
    let guid = "aaaaaaaa-0000-0000-0000-000000000001";
    let emulator = Emulator::start_with(&["--tenant", guid]);
    let post = |tenant: &str| emulator.post_to(&format!("/{tenant}/oauth2/v2.0/token"), &with_secret());
    assert_eq!(post(guid).access_claims()["tid"], guid);
    assert_eq!(post("Contoso.OnMicrosoft.com").status, 200);
    for tenant in ["fabrikam.com", "bbbbbbbb-0000-0000-0000-000000000001"] {
        post(tenant).assert_refused(
            tenant,
            400,
            "invalid_request",
            90002,
            &format!("Tenant '{tenant}' not found"),
        );
    }
    for tenant in ["con%74oso.com", "a_b", "-a", ".."] {
        post(tenant).assert_refused(tenant, 400, "invalid_request", 900_023, "neither a valid DNS name");
    }
}

#[test]
fn the_body_must_be_a_strict_form() {
    let emulator = Emulator::start();
    let good = encoded(&with_secret());
    let path = format!("/{TENANT}/oauth2/v2.0/token");
    let post = |content_type: &str, body: &str| {
        emulator
            .client()
            .send("POST", &path, &[("Content-Type", content_type)], body.as_bytes())
            .unwrap()
    };
    let form = FORM.1;
    assert_eq!(post(&format!("{form}; charset=utf-8"), &good).status, 200);
    post("application/json", &good).assert_refused("JSON", 400, "invalid_request", 900_144, "'grant_type'");
    for broken in [
        format!("{good}&x=%zz"),
        format!("{good}&x"),
        format!("{good}&x=\u{e4}"),
        format!("{good}\r\n"),
    ] {
        post(form, &broken).assert_refused(&broken, 400, "invalid_request", 9_002_313, "malformed");
    }
    let repeated = format!("{good}&client_id={CONFIDENTIAL}");
    post(form, &repeated).assert_refused("repeated", 400, "invalid_request", 9_002_313, "'client_id' is repeated");
}

#[test]
fn a_refusal_has_every_member_that_entra_sends() {
    let emulator = Emulator::start();
    let correlation_id = Uuid::new_v4().to_string();
    let headers = [
        FORM,
        ("client-request-id", correlation_id.as_str()),
        ("return-client-request-id", "true"),
    ];
    let body = encoded(&changed(&with_secret(), "client_secret", "wrong"));
    let path = format!("/{TENANT}/oauth2/v2.0/token");
    let answer = emulator
        .client()
        .send("POST", &path, &headers, body.as_bytes())
        .unwrap();
    let json = answer.json();
    assert_eq!(json["correlation_id"], correlation_id.as_str());
    assert_eq!(answer.header("client-request-id"), Some(correlation_id.as_str()));
    assert_eq!(json["trace_id"].as_str(), answer.header("x-ms-request-id"));
    assert_eq!(
        json["error_uri"],
        "https://login.microsoftonline.com/error?code=7000215"
    );
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"));
    assert!(answer.header("cache-control").unwrap().contains("no-store"));
    let (trace_id, timestamp) = (json["trace_id"].as_str().unwrap(), json["timestamp"].as_str().unwrap());
    let tail = format!("Trace ID: {trace_id} Correlation ID: {correlation_id} Timestamp: {timestamp}");
    assert!(json["error_description"].as_str().unwrap().ends_with(&tail), "{json}");
    let date = httpdate::parse_http_date(answer.header("date").unwrap()).unwrap();
    let date = time::OffsetDateTime::from(date);
    assert_eq!(timestamp, format!("{} {}Z", date.date(), clock_face(date)));
}

fn clock_face(date: time::OffsetDateTime) -> String {
    let (hour, minute, second) = date.to_hms();
    format!("{hour:02}:{minute:02}:{second:02}")
}

#[test]
fn a_correlation_id_that_is_no_guid_is_replaced_and_not_returned_unasked() {
    let emulator = Emulator::start();
    let headers = [FORM, ("client-request-id", "my-own-text")];
    let path = format!("/{TENANT}/oauth2/v2.0/token");
    let answer = emulator.client().send("POST", &path, &headers, b"").unwrap();
    let correlation_id = answer.json()["correlation_id"].as_str().unwrap_or_default().to_owned();
    assert!(Uuid::try_parse(&correlation_id).is_ok(), "{correlation_id}");
    assert_eq!(answer.header("client-request-id"), None);
}

#[test]
fn other_paths_and_methods_are_told_apart() {
    let emulator = Emulator::start();
    let token = format!("/{TENANT}/oauth2/v2.0/token");
    let cases = [
        ("GET", token.as_str(), 405, Some("POST")),
        ("PUT", "/_journal", 405, Some("GET, DELETE")),
        ("GET", "/_faults", 405, Some("POST, DELETE")),
        ("POST", "/contoso.onmicrosoft.com/oauth2/v2.0/token/", 404, None),
        ("POST", "/oauth2/v2.0/token", 404, None),
        ("GET", "/", 404, None),
    ];
    for (method, path, status, allowed) in cases {
        let answer = emulator.client().send(method, path, &[], b"").unwrap();
        assert_eq!(
            (answer.status, answer.header("allow")),
            (status, allowed),
            "{method} {path}"
        );
        assert!(answer.text().starts_with("<!DOCTYPE html>"), "{method} {path}");
    }
}

#[test]
fn an_endless_body_is_cut_off() {
    let emulator = Emulator::start();
    let path = format!("/{TENANT}/oauth2/v2.0/token");
    let answer = emulator
        .client()
        .send("POST", &path, &[FORM], &vec![b'a'; 1024 * 1024 + 1])
        .unwrap();
    assert_eq!(answer.status, 413);
}

#[test]
fn a_refusal_repeats_no_secret() {
    let emulator = Emulator::start();
    let base = with_password();
    let wrong_secret = changed(&with_secret(), "client_secret", "another-secret");
    for fields in [
        changed(&base, "password", "another-secret"),
        changed(&base, "scope", "!"),
        wrong_secret,
    ] {
        let answer = emulator.post(&fields);
        assert_ne!(answer.status, 200);
        for secret in ["another-secret", SECRET, PASSWORD] {
            assert!(!answer.text().contains(secret), "{answer:?}");
        }
    }
}

#[test]
fn an_address_without_a_tenant_is_for_users_alone() {
    let emulator = Emulator::start();
    let personal = "9188040d-6c67-4c5b-b112-36a304b66dad";
    for shared in ["common", "organizations", "Consumers", personal] {
        let path = format!("/{shared}/oauth2/v2.0/token");
        let answer = emulator.post_to(&path, &with_secret());
        answer.assert_refused(
            shared,
            400,
            "invalid_request",
            50059,
            "No tenant-identifying information",
        );
        let answer = emulator.post_to(&path, &with_password());
        if shared == "organizations" {
            let tenant = emulator.post(&with_password()).access_claims()["tid"].clone();
            assert_eq!(answer.access_claims()["tid"], tenant);
        } else {
            answer.assert_refused(shared, 400, "invalid_request", 9_001_023, "/common or /consumers");
        }
    }
}

#[test]
fn a_claims_request_is_a_json_object() {
    let emulator = Emulator::start();
    let base = with_secret();
    for claims in [
        "{",
        "[]",
        "text",
        "{}x",
        r#"{"access_token":[]}"#,
        r#"{"access_token":{"nbf":"1"}}"#,
        r#"{"access_token":{"nbf":{"essential":"true"}}}"#,
        r#"{"access_token":{"nbf":{"value":1}}}"#,
        r#"{"access_token":{"nbf":{"value":"99999999999"}}}"#,
        r#"{"access_token":{"xms_cc":{"values":"cp1"}}}"#,
    ] {
        let answer = emulator.post(&changed(&base, "claims", claims));
        answer.assert_refused(claims, 400, "invalid_request", 90100, "claims parameter");
    }
    let claims = r#"{"access_token":{"nbf":{"essential":true}}}"#;
    assert_eq!(emulator.post(&changed(&base, "claims", claims)).status, 200);
}

#[test]
fn only_the_resources_exist_that_are_named() {
    let api = "api://11111111-1111-1111-1111-111111111111";
    let emulator = Emulator::start_with(&[
        "--resource",
        "https://graph.microsoft.com:User.Read,Mail.Read",
        "--resource",
        api,
    ]);
    for (scope, code, error, part) in [
        ("Mail.Read User.Read", 0, "", ""),
        ("https://graph.microsoft.com/.default", 0, "", ""),
        (&format!("{api}/anything"), 0, "", ""),
        ("Files.Read", 65001, "invalid_grant", PUBLIC),
        ("User.Read Files.Read", 65001, "invalid_grant", PUBLIC),
        (
            "https://vault.azure.net/user_impersonation",
            500_011,
            "invalid_resource",
            "https://vault.azure.net",
        ),
    ] {
        let answer = emulator.post(&changed(&with_password(), "scope", scope));
        if code == 0 {
            assert_eq!(answer.status, 200, "{scope}: {answer:?}");
        } else {
            answer.assert_refused(scope, 400, error, code, part);
        }
    }
    let for_itself = |resource: &str| emulator.post(&changed(&with_secret(), "scope", &format!("{resource}/.default")));
    assert_eq!(for_itself("https://graph.microsoft.com/").status, 200);
    let answer = for_itself("https://vault.azure.net");
    answer.assert_refused(
        "for itself",
        400,
        "invalid_resource",
        500_011,
        "https://vault.azure.net",
    );
}

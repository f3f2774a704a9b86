//! What the journal tells, and what it keeps to itself.

use serde_json::{Value, json};
use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD, PUBLIC, SECRET, TENANT};

use crate::signed_assertion::{SignedAssertion, with_assertion};
use crate::token_request::{FORM, GRAPH, TokenEndpoint as _, encoded, with_password, with_secret};

#[test]
fn a_request_is_told_with_its_assertion_decoded() {
    let emulator = Emulator::start();
    let assertion = SignedAssertion::new(&emulator);
    let path = format!("/{TENANT}/oauth2/v2.0/token");
    let headers = [FORM, ("x-client-SKU", "GraphToken"), ("Accept", "application/json")];
    let body = encoded(&with_assertion(&assertion.text()));
    emulator
        .client()
        .send("POST", &path, &headers, body.as_bytes())
        .unwrap();
    let entry = &emulator.journal()[0];
    assert_eq!(
        (&entry["number"], &entry["method"], &entry["path"]),
        (&json!(1), &json!("POST"), &json!(path))
    );
    assert_eq!(entry["headers"]["x-client-sku"], "GraphToken");
    assert_eq!(entry["headers"]["accept"], "application/json");
    assert_eq!(entry["headers"]["host"], emulator.host());
    assert_eq!(
        entry["assertion"],
        json!({"header": assertion.header, "claims": assertion.claims})
    );
    assert_eq!(
        (&entry["form"]["client_id"], &entry["form"]["scope"]),
        (&json!(CONFIDENTIAL), &json!(GRAPH))
    );
    assert_eq!(entry["form"]["client_assertion"], "***");
    let template = encoded(&with_assertion("ASSERTION")).replace("ASSERTION", "***");
    assert_eq!(entry["raw_body_template"], template);
    assert_eq!(entry["answer"], json!({"status": 200, "ending": "whole"}));
}

#[test]
fn a_refused_request_is_told_with_its_error() {
    let emulator = Emulator::start();
    emulator.post(&[("client_id", "unknown")]);
    let entry = &emulator.journal()[0];
    let refused = json!({"status": 400, "ending": "whole", "error": "unauthorized_client", "error_codes": [700_016]});
    assert_eq!((&entry["answer"], &entry["assertion"]), (&refused, &Value::Null));
}

#[test]
fn a_body_that_is_no_form_is_not_told() {
    let emulator = Emulator::start();
    let path = format!("/{TENANT}/oauth2/v2.0/token");
    let body = json!({"client_secret": SECRET}).to_string();
    emulator
        .client()
        .send("POST", &path, &[("Content-Type", "application/json")], body.as_bytes())
        .unwrap();
    let entry = &emulator.journal()[0];
    assert_eq!(
        (&entry["form"], &entry["raw_body_template"]),
        (&Value::Null, &Value::Null)
    );
    assert!(!entry.to_string().contains(SECRET));
}

#[test]
fn connections_can_be_told_apart() {
    let emulator = Emulator::start();
    let path = format!("/{TENANT}/oauth2/v2.0/token");
    let body = encoded(&with_secret());
    let (mut kept, mut other) = (emulator.client(), emulator.client());
    for client in [&mut kept, &mut other] {
        assert_eq!(
            client.send("POST", &path, &[FORM], body.as_bytes()).unwrap().status,
            200
        );
    }
    kept.send("POST", &path, &[FORM], body.as_bytes()).unwrap();
    let journal = emulator.journal();
    let number = |index: usize| journal[index]["connection"].as_u64().unwrap();
    assert_eq!(number(0), number(2));
    assert_ne!(number(0), number(1));
}

#[test]
fn no_secret_is_told() {
    let emulator = Emulator::start();
    let path = format!("/{TENANT}/oauth2/v2.0/token");
    let mut client = emulator.client();
    let mut send = |fields: &[(&str, &str)]| {
        let headers = [
            FORM,
            ("Authorization", "Basic c2VjcmV0LWhlYWRlcg=="),
            ("Cookie", "session=cookie-value"),
        ];
        client
            .send("POST", &path, &headers, encoded(fields).as_bytes())
            .unwrap()
            .json()
    };
    let assertion = SignedAssertion::new(&emulator).text();
    send(&with_assertion(&assertion));
    send(&with_secret());
    let answer = send(&with_password());
    let refresh_token = answer["refresh_token"].as_str().unwrap();
    send(&[
        ("client_id", PUBLIC),
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
    ]);
    send(&[
        ("assertion", "user-assertion"),
        ("code", "auth-code"),
        ("code_verifier", "pkce-proof"),
        ("device_code", "dc-1"),
    ]);

    let journal = emulator.journal();
    assert_eq!(journal.len(), 5);
    assert_eq!(journal[2]["form"]["password"], "***");
    let signature = assertion.rsplit_once('.').unwrap().1;
    let encoded_password = encoded(&[("password", PASSWORD)]);
    let secrets = [
        PASSWORD,
        encoded_password.strip_prefix("password=").unwrap(),
        SECRET,
        signature,
        refresh_token,
        answer["access_token"].as_str().unwrap(),
        "c2VjcmV0LWhlYWRlcg",
        "cookie-value",
        "user-assertion",
        "auth-code",
        "pkce-proof",
        "dc-1",
    ];
    let text = Value::from(journal).to_string();
    for secret in secrets {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[test]
fn the_journal_can_be_emptied_and_does_not_tell_of_itself() {
    let emulator = Emulator::start();
    emulator.post(&with_secret());
    assert_eq!(emulator.journal().len(), 1);
    assert_eq!(
        emulator.client().send("DELETE", "/_journal", &[], b"").unwrap().status,
        204
    );
    assert!(emulator.journal().is_empty());
}

#[test]
fn the_journal_can_be_read_on_from_a_number() {
    let emulator = Emulator::start();
    for _ in 0..2 {
        emulator.post(&with_secret());
    }
    let journal = |query: &str| {
        emulator
            .client()
            .send("GET", &format!("/_journal{query}"), &[], b"")
            .unwrap()
    };
    let rest = journal("?after=1").json();
    assert_eq!(
        (rest.as_array().map(Vec::len), &rest[0]["number"]),
        (Some(1), &json!(2))
    );
    assert!(rest[0]["received"].as_u64() <= rest[0]["answered"].as_u64());
    assert_eq!(journal("?after=2").json(), json!([]));
    assert_eq!(journal("?since=1").status, 400);
}

//! The forms in which other programs read a token.

use serde_json::{Value, json};
use test_support::emulator::Emulator;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::call::{Call, claims};

#[test]
fn a_header_is_what_curl_sends() {
    let emulator = Emulator::start();
    let header = Call::with_certificate(&emulator).and(&["--header"]).succeed();
    let token = header
        .strip_prefix("Authorization: Bearer ")
        .expect("it is that header");
    assert_eq!(claims(token)["aud"], "https://graph.microsoft.com");
    assert!(!header.contains('\n'), "{header:?}");
}

#[test]
fn kubectl_gets_the_version_that_it_asks_for() {
    let emulator = Emulator::start();
    for (info, version) in [
        ("", "client.authentication.k8s.io/v1"),
        (
            r#"{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","spec":{}}"#,
            "client.authentication.k8s.io/v1beta1",
        ),
    ] {
        let call = Call::with_certificate(&emulator).and(&["--exec-credential"]);
        let answer: Value = serde_json::from_str(&call.variable("KUBERNETES_EXEC_INFO", info).succeed()).unwrap();
        assert_eq!(
            (&answer["apiVersion"], &answer["kind"]),
            (&json!(version), &json!("ExecCredential"))
        );
        let claims = claims(answer["status"]["token"].as_str().unwrap());
        let timestamp = answer["status"]["expirationTimestamp"].as_str().unwrap();
        let end = OffsetDateTime::parse(timestamp, &Rfc3339).unwrap().unix_timestamp();
        // The service's answer has whole seconds of its clock.
        let exp = claims["exp"].as_i64().unwrap();
        assert!(
            timestamp.ends_with('Z') && (exp - 2..=exp + 2).contains(&end),
            "{timestamp} {exp}"
        );
    }
}

#[test]
fn a_version_that_is_not_known_is_refused_before_anything_is_sent() {
    let emulator = Emulator::with_faults(&["error=AADSTS700016"]);
    for info in ["text", r#"{"apiVersion":"client.authentication.k8s.io/v9"}"#] {
        let call = Call::with_certificate(&emulator).and(&["--exec-credential"]);
        let error = call.variable("KUBERNETES_EXEC_INFO", info).fail(3);
        assert!(
            error.contains("KUBERNETES_EXEC_INFO") && error.contains("kubeconfig"),
            "{error}"
        );
    }
    // The fault is still there.
    Call::with_certificate(&emulator).fail(8);
}

#[test]
fn a_token_whose_end_is_unknown_has_no_timestamp() {
    let emulator = Emulator::with_faults(&["body=no-expiry"]);
    let answer = Call::with_certificate(&emulator).and(&["--exec-credential"]).succeed();
    assert!(
        !answer.contains("expirationTimestamp") && answer.contains("\"token\""),
        "{answer}"
    );
}

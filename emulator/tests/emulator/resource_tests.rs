//! The protected resource, and the revocation that makes it send a claims challenge.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use test_support::answer::Answer;
use test_support::emulator::{CONFIDENTIAL, Emulator, USER};

use crate::answer::TokenAnswer as _;
use crate::token_request::{TokenEndpoint as _, changed, with_password, with_secret};

const CP1: &str = r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#;

fn token(emulator: &Emulator, fields: &[(&str, &str)]) -> String {
    let answer = emulator.post(fields).json();
    answer["access_token"].as_str().expect("a token").to_owned()
}

fn challenge(answer: &Answer) -> &str {
    assert_eq!(answer.status, 401, "{answer:?}");
    answer.header("www-authenticate").expect("a challenge")
}

#[test]
fn it_takes_the_emulator_s_access_tokens() {
    let emulator = Emulator::start();
    let of_application = emulator.resource(&token(&emulator, &with_secret()));
    assert_eq!(
        (of_application.status, &of_application.json()["appid"]),
        (200, &json!(CONFIDENTIAL))
    );
    let of_user = emulator.resource(&token(&emulator, &with_password()));
    assert_eq!((of_user.status, &of_user.json()["upn"]), (200, &json!(USER)));
}

#[test]
fn what_is_no_access_token_is_refused_without_a_claims_challenge() {
    let emulator = Emulator::start();
    let plain = emulator.client().send("GET", "/_resource", &[], b"").unwrap();
    let expected = format!(
        "Bearer realm=\"\", authorization_uri=\"{}/common/oauth2/authorize\"",
        emulator.address()
    );
    assert_eq!(challenge(&plain), expected);
    let id_token = emulator.post(&with_password()).json()["id_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let token = token(&emulator, &with_secret());
    for wrong in [&id_token, "text", &format!("{token}x")] {
        let refused = emulator.resource(wrong);
        let challenge = challenge(&refused);
        assert!(
            challenge.contains("error=\"invalid_token\"") && !challenge.contains("claims="),
            "{challenge}"
        );
    }
}

#[test]
fn a_revoked_token_is_challenged_only_if_its_client_understands_that() {
    let emulator = Emulator::start();
    let old = token(&emulator, &with_secret());
    let with_capability = changed(&with_secret(), "claims", CP1);
    assert_eq!(
        emulator.post(&with_capability).access_claims()["xms_cc"],
        json!(["cp1"])
    );
    let capable = token(&emulator, &with_capability);
    emulator.revoke();
    let refused = emulator.resource(&old);
    assert!(challenge(&refused).contains("error=\"invalid_token\""), "{refused:?}");
    let challenged = emulator.resource(&capable);
    let (_, claims) = challenge(&challenged)
        .split_once("error=\"insufficient_claims\", claims=\"")
        .unwrap();
    let claims = STANDARD.decode(claims.trim_end_matches('"')).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["access_token"]["nbf"]["essential"], true);
    let text = claims.to_string();
    let new = token(&emulator, &changed(&with_secret(), "claims", &text));
    assert_eq!(emulator.resource(&new).status, 200);
}

//! Which certificates an assertion may name, and how.

use serde_json::json;
use test_support::emulator::Emulator;
use test_support::folder::Folder;
use test_support::key_pair::{DAYS_VALID, PSS, REGISTERED, STRANGER};

use crate::answer::TokenAnswer as _;
use crate::signed_assertion::{SignedAssertion, assert_refused, with_assertion};
use crate::token_request::{TokenEndpoint as _, changed};

#[test]
fn wrong_thumbprints_are_refused() {
    let emulator = Emulator::start();
    let (good, rs256) = (|| SignedAssertion::new(&emulator), || SignedAssertion::rs256(&emulator));
    let padded = format!("{}=", REGISTERED.x5t());
    let (unknown_sha1, unknown_sha256) = (STRANGER.x5t(), STRANGER.x5t_s256());
    let ps256_with_x5t = rs256().with_header("alg", "PS256").padded(PSS);
    let wrong = vec![
        ("none", rs256().without("x5t"), 50027, "No certificate thumbprint"),
        (
            "PS256 with x5t alone",
            ps256_with_x5t,
            50027,
            "No certificate thumbprint",
        ),
        ("padded", rs256().with_header("x5t", padded), 50027, "'x5t'"),
        (
            "standard alphabet",
            rs256().with_header("x5t", "+".repeat(27)),
            50027,
            "'x5t'",
        ),
        (
            "wrong length",
            rs256().with_header("x5t", REGISTERED.x5t_s256()),
            50027,
            "'x5t'",
        ),
        (
            "unknown SHA-1",
            rs256().with_header("x5t", unknown_sha1.clone()),
            700_027,
            "not registered",
        ),
        (
            "unknown SHA-256",
            good().with_header("x5t#S256", unknown_sha256),
            700_027,
            "not registered",
        ),
        (
            "of two certificates",
            good().with_header("x5t", unknown_sha1),
            700_027,
            "not registered",
        ),
    ];
    assert_refused(&emulator, wrong);
}

#[test]
fn wrong_chains_are_refused() {
    let emulator = Emulator::start();
    let good = || SignedAssertion::new(&emulator);
    let wrong = vec![
        (
            "x5c as text",
            good().with_header("x5c", REGISTERED.x5c()),
            50027,
            "'x5c' is not an array",
        ),
        (
            "x5c of another",
            good().with_header("x5c", json!([STRANGER.x5c()])),
            50027,
            "first certificate",
        ),
        (
            "empty x5c",
            good().with_header("x5c", json!([])),
            50027,
            "first certificate",
        ),
    ];
    assert_refused(&emulator, wrong);
}

#[test]
fn a_certificate_outside_its_dates_is_refused() {
    let emulator = Emulator::start();
    let expired = DAYS_VALID + 1;
    for (days, reason) in [
        (expired, "The key used is expired"),
        (-2, "The key used is not valid yet"),
    ] {
        emulator.add_fault(&format!("date-skew={}", days * 24 * 60 * 60));
        let answer = SignedAssertion::new(&emulator).post(&emulator);
        answer.assert_refused(reason, 401, "invalid_client", 700_027, reason);
        let thumbprint = REGISTERED.fingerprint("-sha256").replace(':', "");
        assert!(answer.text().contains(&thumbprint), "{answer:?}");
    }
}

#[test]
fn der_and_several_certificates_can_be_registered() {
    let folder = Folder::new();
    let der = folder.write("stranger.der", STRANGER.der());
    let other = "33333333-3333-3333-3333-333333333333";
    let spec = format!("{other}:cert={}:cert={der}", REGISTERED.both());
    let emulator = Emulator::start_with(&["--app", &spec]);
    for key in [&REGISTERED, &STRANGER] {
        let assertion = SignedAssertion::new(&emulator)
            .with_claim("iss", other)
            .with_claim("sub", other);
        let assertion = assertion.signed_by(key).with_header("x5t#S256", key.x5t_s256()).text();
        let answer = emulator.post(&changed(&with_assertion(&assertion), "client_id", other));
        assert_eq!(answer.access_claims()["appid"], other);
    }
}

//! What Entra takes from libraries of its own, and `--strict` refuses.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::json;
use test_support::emulator::{Emulator, TENANT};
use test_support::key_pair::REGISTERED;

use crate::answer::TokenAnswer as _;
use crate::signed_assertion::{SignedAssertion, now, with_assertion};
use crate::token_request::TokenEndpoint as _;

/// An assertion of each library, and what `--strict` says of it.
fn of_libraries(emulator: &Emulator) -> Vec<(&'static str, SignedAssertion, &'static str)> {
    let thumbprint = URL_SAFE_NO_PAD.decode(REGISTERED.x5t()).unwrap();
    let new = || SignedAssertion::new(emulator);
    vec![
        (
            "MSAL Go: a thumbprint in standard Base64",
            SignedAssertion::rs256(emulator).with_header("x5t", STANDARD.encode(&thumbprint)),
            "'x5t' is not a thumbprint",
        ),
        (
            "MSAL Python: a thumbprint with padding",
            SignedAssertion::rs256(emulator).with_header("x5t", URL_SAFE.encode(&thumbprint)),
            "'x5t' is not a thumbprint",
        ),
        (
            "MSAL.NET: x5c as a text",
            new().with_header("x5c", REGISTERED.x5c()),
            "'x5c' is not an array",
        ),
        (
            "MSAL Python: line breaks in x5c",
            new().with_header(
                "x5c",
                json!([format!("{}\n", REGISTERED.x5c().replacen('M', "M\n", 1))]),
            ),
            "'x5c' is not an array",
        ),
        (
            "MSAL.NET: times as texts",
            new()
                .with_claim("nbf", (now() - 5).to_string())
                .with_claim("exp", (now() + 600).to_string()),
            "is not an integer",
        ),
        (
            "MSAL Python: times with a fraction",
            new()
                .without("nbf")
                .with_claim("iat", fraction(now()))
                .with_claim("exp", fraction(now() + 600)),
            "is not an integer",
        ),
    ]
}

#[expect(clippy::cast_precision_loss, reason = "seconds of this century have few digits")]
fn fraction(seconds: i64) -> f64 {
    seconds as f64 + 0.75
}

#[test]
fn what_libraries_of_entra_send_is_taken() {
    let (lenient, strict) = (Emulator::lenient(&[]), Emulator::start());
    for (case, assertion, _) in of_libraries(&lenient) {
        let answer = assertion.post(&lenient);
        assert_eq!(answer.status, 200, "{case}: {answer:?}");
    }
    for (case, assertion, part) in of_libraries(&strict) {
        let answer = assertion.post(&strict);
        answer.assert_refused(case, 401, "invalid_client", 50027, part);
    }
}

#[test]
fn an_assertion_may_be_sent_again() {
    let lenient = Emulator::lenient(&[]);
    let assertion = SignedAssertion::new(&lenient).text();
    for _ in 0..3 {
        assert_eq!(lenient.post(&with_assertion(&assertion)).status, 200);
    }
}

#[test]
fn what_is_wrong_everywhere_stays_refused() {
    let lenient = Emulator::lenient(&[]);
    for (case, assertion, code) in [
        (
            "no thumbprint",
            SignedAssertion::new(&lenient).without("x5t#S256"),
            50027,
        ),
        (
            "a short thumbprint",
            SignedAssertion::new(&lenient).with_header("x5t#S256", "AAAA"),
            50027,
        ),
        (
            "a text that is no time",
            SignedAssertion::new(&lenient).with_claim("exp", "soon"),
            50027,
        ),
        (
            "a text that is no certificate",
            SignedAssertion::new(&lenient).with_header("x5c", "AAAA"),
            50027,
        ),
        (
            "expired",
            SignedAssertion::new(&lenient).with_claim("exp", (now() - 900).to_string()),
            700_024,
        ),
    ] {
        assertion
            .post(&lenient)
            .assert_refused(case, 401, "invalid_client", code, "");
    }
}

#[test]
fn an_assertion_may_be_for_the_authority_that_it_stands_in_for() {
    let public = "https://login.microsoftonline.com";
    let emulator = Emulator::start_with(&["--authority", &format!("{public}/{TENANT}")]);
    for path in ["oauth2/v2.0/token", "oauth2/token"] {
        let audience = format!("{public}/{TENANT}/{path}");
        let answer = SignedAssertion::new(&emulator)
            .with_claim("aud", audience)
            .post(&emulator);
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    assert_eq!(SignedAssertion::new(&emulator).post(&emulator).status, 200);
    let other = format!("https://login.microsoftonline.us/{TENANT}/oauth2/v2.0/token");
    let answer = SignedAssertion::new(&emulator).with_claim("aud", other).post(&emulator);
    answer.assert_refused(
        "another cloud",
        401,
        "invalid_client",
        700_023,
        "login.microsoftonline.us",
    );
}

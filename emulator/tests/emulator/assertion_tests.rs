//! Which client assertions pass, and how the others are refused.

use serde_json::json;
use test_support::emulator::{Emulator, TENANT};
use test_support::key_pair::{PSS, Padding, REGISTERED, STRANGER};

use crate::answer::TokenAnswer as _;
use crate::signed_assertion::{SignedAssertion, assert_refused, now, with_assertion};
use crate::token_request::{TokenEndpoint as _, changed};

#[test]
fn correct_assertions_get_a_token() {
    let emulator = Emulator::start();
    let v1_endpoint = format!("{}/{TENANT}/oauth2/token", emulator.address());
    let correct = [
        ("PS256", SignedAssertion::new(&emulator)),
        ("RS256 with x5t", SignedAssertion::rs256(&emulator)),
        (
            "RS256 with x5t#S256",
            SignedAssertion::rs256(&emulator)
                .without("x5t")
                .with_header("x5t#S256", REGISTERED.x5t_s256()),
        ),
        (
            "both thumbprints",
            SignedAssertion::new(&emulator).with_header("x5t", REGISTERED.x5t()),
        ),
        (
            "x5c",
            SignedAssertion::new(&emulator).with_header("x5c", json!([REGISTERED.x5c(), STRANGER.x5c()])),
        ),
        (
            "the v1 audience",
            SignedAssertion::new(&emulator).with_claim("aud", v1_endpoint),
        ),
        ("no nbf", SignedAssertion::new(&emulator).without("nbf")),
        (
            "expired within the leeway",
            SignedAssertion::new(&emulator).with_claim("exp", now() - 200),
        ),
        (
            "valid soon, within the leeway",
            SignedAssertion::new(&emulator).with_claim("nbf", now() + 200),
        ),
    ];
    for (case, assertion) in correct {
        let answer = assertion.post(&emulator);
        assert_eq!(answer.status, 200, "{case}: {answer:?}");
        assert_eq!(answer.access_claims()["appidacr"], "2", "{case}");
    }
}

#[test]
fn the_v1_endpoint_takes_the_same_assertions() {
    let emulator = Emulator::start();
    let assertion = SignedAssertion::rs256(&emulator).text();
    let fields = changed(&with_assertion(&assertion), "scope", "");
    let fields = changed(&fields, "resource", "https://graph.microsoft.com");
    let answer = emulator.post_to(&format!("/{TENANT}/oauth2/token"), &fields);
    assert_eq!(answer.access_claims()["aud"], "https://graph.microsoft.com");
    assert_eq!(answer.json()["expires_in"], "3599");
}

#[test]
fn wrong_headers_and_signatures_are_refused() {
    let emulator = Emulator::start();
    let (good, rs256) = (|| SignedAssertion::new(&emulator), || SignedAssertion::rs256(&emulator));
    let short_salt = Padding::Pss { salt_length: 20 };
    let wrong = vec![
        ("alg none", good().with_header("alg", "none"), 5_002_730, "'none'"),
        ("alg HS256", good().with_header("alg", "HS256"), 5_002_730, "'HS256'"),
        ("no alg", good().without("alg"), 50027, "'alg'"),
        (
            "PKCS#1 under PS256",
            good().padded(Padding::Pkcs1),
            5_002_730,
            "not of the algorithm",
        ),
        (
            "PSS under RS256",
            rs256().padded(PSS),
            5_002_730,
            "not of the algorithm",
        ),
        (
            "short salt",
            good().padded(short_salt),
            700_027,
            "to verify the signature",
        ),
        (
            "another key",
            good().signed_by(&STRANGER),
            700_027,
            "Key was found, but",
        ),
        ("typ", good().with_header("typ", "JWS"), 50027, "'typ'"),
        ("crit", good().with_header("crit", json!(["b64"])), 50027, "'crit'"),
    ];
    assert_refused(&emulator, wrong);
}

#[test]
fn wrong_claims_are_refused() {
    let emulator = Emulator::start();
    let good = || SignedAssertion::new(&emulator);
    let fabrikam = format!("{}/fabrikam.com/oauth2/v2.0/token", emulator.address());
    let entra = format!("https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token");
    let wrong = vec![
        ("iss", good().with_claim("iss", TENANT), 700_021, "'iss'"),
        ("sub", good().with_claim("sub", TENANT), 700_021, "'sub'"),
        ("no sub", good().without("sub"), 50027, "'sub'"),
        (
            "aud of another tenant",
            good().with_claim("aud", fabrikam),
            700_023,
            "Realm issuer",
        ),
        (
            "aud of another host",
            good().with_claim("aud", entra),
            700_023,
            "Realm issuer",
        ),
        (
            "aud as array",
            good().with_claim("aud", json!([emulator.endpoint()])),
            50027,
            "'aud'",
        ),
        ("no jti", good().without("jti"), 50027, "'jti'"),
    ];
    assert_refused(&emulator, wrong);
}

#[test]
fn wrong_times_are_refused() {
    let emulator = Emulator::start();
    let good = || SignedAssertion::new(&emulator);
    let wrong = vec![
        (
            "exp",
            good().with_claim("exp", now() - 400),
            700_024,
            "expiry time of assertion",
        ),
        (
            "nbf",
            good().with_claim("nbf", now() + 400),
            700_024,
            "assertion valid from",
        ),
        (
            "lifetime",
            good().with_claim("exp", now() + 90_000),
            700_024,
            "valid time range",
        ),
        (
            "exp beyond all calendars",
            good().with_claim("exp", i64::MAX),
            700_024,
            "9999-12-31T23:59:59",
        ),
        (
            "exp as text",
            good().with_claim("exp", "1795428005"),
            50027,
            "'exp' is not an integer",
        ),
        (
            "exp as fraction",
            good().with_claim("exp", 1_795_428_005.5),
            50027,
            "'exp' is not an integer",
        ),
        (
            "nbf as text",
            good().with_claim("nbf", "0"),
            50027,
            "'nbf' is not an integer",
        ),
        (
            "iat as text",
            good().with_claim("iat", "0"),
            50027,
            "'iat' is not an integer",
        ),
        ("no exp", good().without("exp"), 50027, "'exp' is missing"),
    ];
    assert_refused(&emulator, wrong);
}

#[test]
fn text_that_is_no_strict_jws_is_refused() {
    let emulator = Emulator::start();
    let good = SignedAssertion::new(&emulator).text();
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let loose = [
        ("two parts", signed.to_owned()),
        ("four parts", format!("{good}.AA")),
        ("padded signature", format!("{good}==")),
        ("standard alphabet", format!("{signed}.+/{}", &signature[2..])),
        ("white space", format!(" {good}")),
        ("header that is no JSON", format!("AAAA{good}")),
    ];
    for (case, text) in loose {
        emulator
            .post(&with_assertion(&text))
            .assert_refused(case, 401, "invalid_client", 50027, "JWT");
    }
    assert_eq!(
        emulator.post(&with_assertion(&good)).status,
        200,
        "and the strict one passes"
    );
}

#[test]
fn the_signature_is_over_exactly_what_was_sent() {
    let emulator = Emulator::start();
    let (first, second) = (
        SignedAssertion::new(&emulator).text(),
        SignedAssertion::new(&emulator).text(),
    );
    let swapped = format!(
        "{}.{}",
        first.rsplit_once('.').unwrap().0,
        second.rsplit_once('.').unwrap().1
    );
    let answer = emulator.post(&with_assertion(&swapped));
    answer.assert_refused(
        "swapped",
        401,
        "invalid_client",
        700_027,
        "use of the key to verify the signature failed",
    );
}

#[test]
fn an_assertion_is_taken_once() {
    let emulator = Emulator::start();
    let assertion = SignedAssertion::new(&emulator).text();
    assert_eq!(emulator.post(&with_assertion(&assertion)).status, 200);
    let again = emulator.post(&with_assertion(&assertion));
    again.assert_refused("replay", 401, "invalid_client", 50027, "already been used");
}

#[test]
fn the_times_in_the_refusal_are_those_of_the_assertion() {
    let emulator = Emulator::start();
    let assertion = SignedAssertion::new(&emulator)
        .with_claim("nbf", 1_700_000_000)
        .with_claim("exp", 1_700_000_600);
    let description = assertion.post(&emulator).json()["error_description"].to_string();
    assert!(
        description.contains("assertion valid from 2023-11-14T22:13:20.0000000Z"),
        "{description}"
    );
    assert!(
        description.contains("expiry time of assertion 2023-11-14T22:23:20.0000000Z"),
        "{description}"
    );
}

#[test]
fn the_assertion_type_must_be_the_one_of_rfc_7523() {
    let emulator = Emulator::start();
    let assertion = SignedAssertion::new(&emulator).text();
    let fields = with_assertion(&assertion);
    let saml = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer";
    let answer = emulator.post(&changed(&fields, "client_assertion_type", saml));
    answer.assert_refused("SAML", 400, "invalid_request", 90013, "client_assertion_type");
    let answer = emulator.post(&changed(&fields, "client_assertion_type", ""));
    answer.assert_refused("no type", 400, "invalid_request", 900_144, "'client_assertion_type'");
    let answer = emulator.post(&changed(&fields, "client_assertion", ""));
    answer.assert_refused("type alone", 400, "invalid_request", 900_144, "'client_assertion'");
}

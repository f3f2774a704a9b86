//! Signing in on a device (RFC 8628).

use serde_json::{Value, json};
use test_support::answer::Answer;
use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD, PUBLIC, SECRET, TENANT, USER};

use crate::answer::TokenAnswer as _;
use crate::token_request::{FORM, TokenEndpoint as _, changed};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Every poll of it is in time.
fn patient() -> Emulator {
    Emulator::start_with(&["--device-code-interval", "0"])
}

fn start(emulator: &Emulator, client_id: &str) -> Value {
    let fields = [
        ("client_id", client_id),
        ("scope", "User.Read openid offline_access profile"),
    ];
    let answer = emulator.post_to(&format!("/{TENANT}/oauth2/v2.0/devicecode"), &fields);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

fn poll(emulator: &Emulator, codes: &Value) -> Answer {
    let code = codes["device_code"].as_str().unwrap();
    emulator.post(&[
        ("client_id", PUBLIC),
        ("grant_type", GRANT),
        ("device_code", code),
        ("client_info", "1"),
    ])
}

/// What a user's browser sends.
fn enter(emulator: &Emulator, user_code: &Value, password: &str, action: &str) -> Answer {
    let fields = [
        ("user_code", user_code.as_str().unwrap()),
        ("username", USER),
        ("password", password),
        ("action", action),
    ];
    emulator.post_to("/devicelogin", &fields)
}

#[test]
fn a_device_gets_its_token_once_the_user_has_entered_the_code() {
    let emulator = patient();
    let codes = start(&emulator, PUBLIC);
    assert_eq!(codes["verification_uri"], format!("{}/devicelogin", emulator.address()));
    assert_eq!((&codes["expires_in"], &codes["interval"]), (&json!(900), &json!(0)));
    let (message, code) = (codes["message"].as_str().unwrap(), codes["user_code"].as_str().unwrap());
    assert!(message.contains(code), "{message}");
    poll(&emulator, &codes).assert_refused("before", 400, "authorization_pending", 70016, "Continue polling");

    let page = enter(&emulator, &codes["user_code"], PASSWORD, "approve");
    assert_eq!(page.status, 200, "{page:?}");
    let answer = poll(&emulator, &codes);
    let (body, claims) = (answer.json(), answer.access_claims());
    assert_eq!((&claims["upn"], &claims["scp"]), (&json!(USER), &json!("User.Read")));
    for member in ["refresh_token", "id_token", "client_info"] {
        assert!(body[member].is_string(), "{member}");
    }
    poll(&emulator, &codes).assert_refused("again", 400, "invalid_grant", 54005, "already redeemed");
}

#[test]
fn the_short_name_of_the_grant_is_taken_too() {
    let emulator = patient();
    let codes = start(&emulator, PUBLIC);
    enter(&emulator, &codes["user_code"], PASSWORD, "approve");
    let code = codes["device_code"].as_str().unwrap();
    let fields = [
        ("client_id", PUBLIC),
        ("grant_type", "device_code"),
        ("device_code", code),
    ];
    assert_eq!(emulator.post(&fields).status, 200);
}

#[test]
fn a_user_who_declines_ends_it() {
    let emulator = patient();
    let codes = start(&emulator, PUBLIC);
    assert_eq!(enter(&emulator, &codes["user_code"], "", "decline").status, 200);
    poll(&emulator, &codes).assert_refused("declined", 400, "authorization_declined", 65004, "declined");
}

#[test]
fn wrong_entries_change_nothing() {
    let emulator = patient();
    let codes = start(&emulator, PUBLIC);
    assert_eq!(enter(&emulator, &codes["user_code"], "wrong", "approve").status, 401);
    let answer = enter(&emulator, &json!("WRONGCODE"), PASSWORD, "approve");
    assert_eq!(answer.status, 400);
    assert!(!answer.text().contains("WRONGCODE"), "{answer:?}");
    poll(&emulator, &codes).assert_refused("still", 400, "authorization_pending", 70016, "");
}

#[test]
fn a_code_ends_with_its_time() {
    let emulator = Emulator::start_with(&["--device-code-lifetime", "0"]);
    let codes = start(&emulator, PUBLIC);
    poll(&emulator, &codes).assert_refused("late", 400, "expired_token", 70020, "expired");
    assert_eq!(enter(&emulator, &codes["user_code"], PASSWORD, "approve").status, 400);
}

#[test]
fn a_device_that_polls_too_early_is_told_to_slow_down() {
    let emulator = Emulator::start();
    let codes = start(&emulator, PUBLIC);
    enter(&emulator, &codes["user_code"], PASSWORD, "approve");
    let answer = poll(&emulator, &codes);
    assert_eq!((answer.status, &answer.json()["error"]), (400, &json!("slow_down")));
    let lenient = Emulator::lenient(&[]);
    let codes = start(&lenient, PUBLIC);
    poll(&lenient, &codes).assert_refused("lenient", 400, "authorization_pending", 70016, "");
}

#[test]
fn a_code_is_for_the_application_that_asked_for_it() {
    let emulator = patient();
    let codes = start(&emulator, CONFIDENTIAL);
    enter(&emulator, &codes["user_code"], PASSWORD, "approve");
    poll(&emulator, &codes).assert_refused("another", 400, "bad_verification_code", 70018, "");
    let code = codes["device_code"].as_str().unwrap();
    let own = [
        ("client_id", CONFIDENTIAL),
        ("client_secret", SECRET),
        ("grant_type", GRANT),
        ("device_code", code),
    ];
    emulator.post(&changed(&own, "client_secret", "")).assert_refused(
        "without proof",
        401,
        "invalid_client",
        7_000_218,
        "",
    );
    assert_eq!(emulator.post(&own).status, 200);
}

#[test]
fn a_wrong_start_is_refused() {
    let emulator = patient();
    let path = format!("/{TENANT}/oauth2/v2.0/devicecode");
    let fields = [("client_id", PUBLIC), ("scope", "User.Read")];
    for (name, value, error, code) in [
        ("scope", "", "invalid_request", 900_144),
        ("client_id", "", "invalid_request", 900_144),
        (
            "client_id",
            "33333333-3333-3333-3333-333333333333",
            "unauthorized_client",
            700_016,
        ),
        ("claims", "{", "invalid_request", 90100),
    ] {
        let answer = emulator.post_to(&path, &changed(&fields, name, value));
        answer.assert_refused(name, 400, error, code, "");
    }
    let get = emulator.client().send("GET", &path, &[], b"").unwrap();
    assert_eq!(get.status, 405);
}

#[test]
fn the_page_is_for_browsers() {
    let emulator = patient();
    let page = emulator.client().send("GET", "/devicelogin", &[], b"").unwrap();
    assert_eq!(page.status, 200);
    assert!(page.text().contains("name=\"user_code\""), "{page:?}");
    let other = emulator.client().send("PUT", "/devicelogin", &[FORM], b"").unwrap();
    assert_eq!(other.status, 405);
    let damaged = emulator.client().send("POST", "/devicelogin", &[FORM], b"%").unwrap();
    assert_eq!(damaged.status, 400);
}

#[test]
fn nothing_of_it_is_in_the_journal() {
    let emulator = patient();
    let codes = start(&emulator, PUBLIC);
    enter(&emulator, &codes["user_code"], PASSWORD, "approve");
    poll(&emulator, &codes);
    let journal = format!("{:?}", emulator.journal());
    assert!(
        journal.contains("devicecode") && journal.contains("/devicelogin"),
        "{journal}"
    );
    for secret in [codes["device_code"].as_str().unwrap(), PASSWORD] {
        assert!(!journal.contains(secret), "{journal}");
    }
}

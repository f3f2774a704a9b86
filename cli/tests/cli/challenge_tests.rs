//! Claims challenges, against an API that refuses a token for want of claims.

use serde_json::{Value, json};
use test_support::emulator::Emulator;
use test_support::folder::Folder;

use crate::call::{Call, claims};

const CP1: [&str; 2] = ["--client-capability", "cp1"];

/// The header with which the API refuses `token`.
fn challenge(emulator: &Emulator, token: &str) -> String {
    let answer = emulator.resource(token);
    assert_eq!(answer.status, 401, "{answer:?}");
    answer.header("www-authenticate").expect("a challenge").to_owned()
}

/// What the last token request asked for.
fn sent_claims(emulator: &Emulator) -> Value {
    let journal = emulator.journal();
    let of_token = journal.iter().rev().find(|entry| entry["method"] == "POST").unwrap();
    serde_json::from_str(of_token["form"]["claims"].as_str().unwrap()).unwrap()
}

#[test]
fn the_refused_token_is_replaced_for_this_process_and_the_next() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let file = folder.path("work.json");
    let place = file.parent().unwrap().display().to_string();
    let cache = [
        "--token-cache",
        "work",
        "--token-cache-folder",
        &place,
        "--token-cache-protection",
        "none",
    ];
    let get = || Call::with_certificate(&emulator).and(&cache).and(&CP1);
    let refused = get().succeed();
    assert_eq!(claims(&refused)["xms_cc"], json!(["cp1"]));
    assert_eq!(emulator.resource(&refused).status, 200);
    emulator.revoke();
    let header = challenge(&emulator, &refused);
    assert_eq!(get().succeed(), refused, "without the challenge the cache has it");
    let new = get().and(&["--challenge", &header]).succeed();
    assert_eq!(emulator.resource(&new).status, 200);
    let sent = sent_claims(&emulator);
    assert_eq!(sent["access_token"]["xms_cc"]["values"], json!(["cp1"]));
    assert_eq!(sent["access_token"]["nbf"]["essential"], true);
    assert_eq!(get().succeed(), new);
    assert!(!std::fs::read_to_string(file).unwrap().contains(&refused));
}

#[test]
fn the_refresh_token_is_used_for_a_challenge() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let password = folder.write("password", test_support::emulator::PASSWORD);
    let first = Call::with_password(&emulator, &password).and(&CP1).succeed_json();
    emulator.revoke();
    let header = challenge(&emulator, first["access_token"].as_str().unwrap());
    let token = first["refresh_token"].as_str().unwrap();
    let new = Call::get(&emulator, test_support::emulator::PUBLIC)
        .and_secret("--refresh-token-file", &folder, token)
        .and(&CP1)
        .and(&["--challenge", &header])
        .succeed();
    assert_eq!(emulator.resource(&new).status, 200);
}

#[test]
fn a_challenge_without_claims_is_refused_before_anything_is_sent() {
    let emulator = Emulator::start();
    let token = Call::with_certificate(&emulator).succeed();
    emulator.revoke();
    let header = challenge(&emulator, &token);
    let requests = emulator.journal().len();
    let error = Call::with_certificate(&emulator).and(&["--challenge", &header]).fail(3);
    assert!(error.contains("kind: InvalidArgument"), "{error}");
    assert!(
        error.contains("--challenge") && error.contains("invalid_token"),
        "{error}"
    );
    assert!(error.contains("--force-refresh"), "{error}");
    assert_eq!(emulator.journal().len(), requests);
}

#[test]
fn the_service_s_own_demand_goes_out_unchanged_and_is_not_answered_again() {
    let emulator = Emulator::start();
    let token = Call::with_certificate(&emulator).and(&CP1).succeed();
    emulator.revoke();
    let header = challenge(&emulator, &token);
    emulator.add_fault("error=AADSTS50076,claims=present,times=all");
    let requests = emulator.journal().len();
    let error = Call::with_certificate(&emulator)
        .and(&["--challenge", &header])
        .fail_json(9);
    let demanded = r#"{"access_token":{"capolids":{"essential":true,"values":["emulated-policy"]}}}"#;
    assert_eq!(error["error"]["claims"], demanded);
    assert_eq!(emulator.journal().len(), requests + 1);
}

//! `--user-assertion-file`: the on-behalf-of grant.

use serde_json::json;
use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD, PUBLIC, SECRET, TENANT, USER};
use test_support::folder::Folder;
use test_support::secrecy::assert_hidden;

use crate::call::{Call, claims};

/// An access token of the user for the application, as its client sends it.
fn user_assertion(emulator: &Emulator, folder: &Folder) -> String {
    user_token(emulator, folder, &format!("api://{CONFIDENTIAL}/access_as_user"))
}

fn user_token(emulator: &Emulator, folder: &Folder, scope: &str) -> String {
    let password = folder.write("password", PASSWORD);
    let answer = Call::with_password(emulator, &password)
        .and(&["--scope", scope])
        .succeed_json();
    answer["access_token"].as_str().unwrap().to_owned()
}

fn exchange(emulator: &Emulator, folder: &Folder, assertion: &str) -> Call {
    Call::with_certificate(emulator)
        .and_secret("--user-assertion-file", folder, assertion)
        .and(&["--scope", "User.Read"])
}

#[test]
fn an_application_gets_a_token_for_its_callers_user() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let assertion = user_assertion(&emulator, &folder);
    for given in [assertion.clone(), format!("Bearer {assertion}\r\n")] {
        let answer = exchange(&emulator, &folder, &given).succeed_json();
        let claims = claims(answer["access_token"].as_str().unwrap());
        assert_eq!((&claims["upn"], &claims["scp"]), (&json!(USER), &json!("User.Read")));
        assert_eq!(
            (&claims["appid"], &claims["appidacr"]),
            (&json!(CONFIDENTIAL), &json!("2"))
        );
        assert_eq!(answer.get("refresh_token"), None);
        assert_eq!(answer["username"], USER);
    }
    let secret = Call::get(&emulator, CONFIDENTIAL).and_secret("--client-secret-file", &folder, SECRET);
    let token = secret.and(&["--user-assertion-file", "-"]).input(assertion).succeed();
    assert_eq!(claims(&token)["appidacr"], "1");
}

#[test]
fn a_cached_token_is_for_one_assertion() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let [one, other] = [(); 2].map(|()| user_assertion(&emulator, &folder));
    let caches = folder.argument("");
    let source = |assertion: &str| {
        let call = exchange(&emulator, &folder, assertion).and(&[
            "--token-cache",
            "work",
            "--token-cache-folder",
            &caches,
            "--token-cache-protection",
            "none",
        ]);
        call.succeed_json()["source"].clone()
    };
    assert_eq!(source(&one), "network");
    assert_eq!(source(&one), "cache");
    assert_eq!(source(&other), "network");
}

#[test]
fn what_is_no_token_of_a_user_for_the_application_is_refused() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let of_graph = user_token(&emulator, &folder, "User.Read");
    let of_application = Call::with_certificate(&emulator)
        .and(&["--scope", &format!("api://{CONFIDENTIAL}/.default")])
        .succeed();
    let mut changed = user_assertion(&emulator, &folder);
    changed.truncate(changed.rfind('.').unwrap() + 1);
    changed.push_str(&"A".repeat(86));
    for (assertion, number, says) in [
        (&of_graph, 500_131, "It has audience https://graph.microsoft.com"),
        (
            &of_application,
            50_027,
            "to a user's access token: this one is for an application",
        ),
        (
            &changed,
            50_013,
            "to an access token that was issued for this application",
        ),
    ] {
        let error = exchange(&emulator, &folder, assertion).fail_json(8);
        let hint = error["error"]["hint"].as_str().unwrap();
        assert_eq!(error["error"]["service_codes"][0], number, "{error}");
        assert!(
            hint.starts_with("Set --user-assertion-file ") && hint.contains(says),
            "{error}"
        );
        let signature = assertion.rsplit('.').next().unwrap().to_owned();
        assert_hidden(&error.to_string(), &[signature], "an error");
    }
}

#[test]
fn more_that_is_demanded_of_the_user_goes_back_to_the_caller() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let assertion = user_assertion(&emulator, &folder);
    emulator.add_fault("error=AADSTS50076,claims=present");
    let error = exchange(&emulator, &folder, &assertion).fail_json(9);
    assert_eq!(error["error"]["kind"], "InteractionRequired");
    assert!(
        error["error"]["claims"].as_str().unwrap().contains("capolids"),
        "{error}"
    );
    assert!(
        error["error"]["hint"].as_str().unwrap().contains("to your caller"),
        "{error}"
    );
}

#[test]
fn nothing_is_sent_that_no_service_accepts() {
    let (emulator, folder) = (Emulator::with_faults(&["error=AADSTS700016"]), Folder::new());
    let error = Call::get(&emulator, PUBLIC)
        .and_secret("--user-assertion-file", &folder, "eyJ.eyJ.sig")
        .fail_json(3);
    assert_eq!(error["error"]["kind"], "InvalidArgument");
    for assertion in ["eyJ.eyJ.sig\r\nX-Injected: 1", "two words", &"x".repeat(70_000)] {
        let error = exchange(&emulator, &folder, assertion).fail_json(3);
        assert_eq!(error["error"]["kind"], "InvalidArgument", "{error}");
    }
    let error = exchange(&emulator, &folder, " \n").fail_json(3);
    assert_eq!(error["error"]["kind"], "CredentialMissing", "{error}");
    let common = emulator.authority().replace(TENANT, "common");
    let call = Call::new(&["get", "--authority", &common, "--client-id", CONFIDENTIAL]);
    let error = call.and_secret("--client-secret-file", &folder, SECRET).fail_json(3);
    assert_eq!(error["error"]["kind"], "InvalidArgument", "{error}");
    // The fault is still there.
    Call::with_certificate(&emulator).fail(8);
}

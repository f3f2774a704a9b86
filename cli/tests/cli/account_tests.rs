//! `--account`: users who signed in earlier.

use std::io::{BufRead as _, BufReader};

use serde_json::json;
use test_support::emulator::{Emulator, PASSWORD, PUBLIC, USER};
use test_support::folder::Folder;

use crate::call::Call;
use crate::device_code_tests::SignIn;

/// An application of the same family as another one.
const FIRST: &str = "33333333-3333-3333-3333-333333333333";
const SECOND: &str = "44444444-4444-4444-4444-444444444444";
const BOB: &str = "bob@contoso.onmicrosoft.com";

/// With another user, and two applications of the family.
fn emulator() -> Emulator {
    let apps = [FIRST, SECOND].map(|id| format!("{id}:family"));
    let bob = format!("{BOB}:{PASSWORD}");
    Emulator::start_with(&["--app", &apps[0], "--app", &apps[1], "--user", &bob])
}

fn with_cache(call: Call, folder: &Folder) -> Call {
    let place = folder.argument("");
    call.and(&["--token-cache", "work", "--token-cache-folder", &place])
        .and(&["--token-cache-protection", "none"])
}

fn get(emulator: &Emulator, client_id: &str, folder: &Folder) -> Call {
    with_cache(Call::get(emulator, client_id), folder).and(&["--scope", "User.Read"])
}

fn sign_in(emulator: &Emulator, client_id: &str, user: &str, folder: &Folder) {
    let call = get(emulator, client_id, folder).and(&["--username", user]);
    let signed_in = call.and_secret("--password-file", folder, PASSWORD).succeed_json();
    assert_eq!(signed_in["username"], user);
}

#[test]
fn an_account_gets_tokens_until_it_is_signed_out() {
    let (emulator, folder) = (emulator(), Folder::new());
    sign_in(&emulator, FIRST, USER, &folder);
    sign_in(&emulator, FIRST, BOB, &folder);
    let account = |client_id, name: &str| get(&emulator, client_id, &folder).and(&["--account", name]);
    let cached = account(FIRST, &USER.to_uppercase()).succeed_json();
    assert_eq!(
        (&cached["source"], &cached["username"]),
        (&json!("cache"), &json!(USER))
    );
    let forced = account(FIRST, USER).and(&["--force-refresh"]).succeed_json();
    assert_eq!(
        (&forced["source"], &forced["username"]),
        (&json!("network"), &json!(USER))
    );
    let of_family = account(SECOND, USER).succeed_json();
    assert_eq!(
        (&of_family["source"], &of_family["client_id"]),
        (&json!("network"), &json!(SECOND))
    );
    assert_eq!(account(SECOND, USER).succeed_json()["source"], "cache");

    let clear = with_cache(Call::new(&["cache", "clear", "--account", USER]), &folder);
    let outcome = clear.run();
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(outcome.stderr.contains("2 access tokens were removed"), "{outcome:?}");
    for client_id in [FIRST, SECOND] {
        let error = account(client_id, USER).fail_json(9)["error"].take();
        assert_eq!(error["kind"], "InteractionRequired", "{error}");
        assert!(error["hint"].as_str().unwrap().contains("--token-cache"), "{error}");
    }
    assert_eq!(account(FIRST, BOB).succeed_json()["username"], BOB);
    let listed = with_cache(Call::new(&["cache", "list", "--account", USER]), &folder).succeed_json();
    assert_eq!(listed, json!([]));
}

#[test]
fn who_is_not_signed_in_is_exit_code_9_and_nothing_is_sent() {
    let (emulator, folder) = (emulator(), Folder::new());
    for call in [get(&emulator, PUBLIC, &folder), Call::get(&emulator, PUBLIC)] {
        let error = call.and(&["--account", USER]).fail(9);
        assert!(error.contains(USER) && error.contains("is not signed in"), "{error}");
    }
    // An application outside of the family finds out that it is, and has no token of its own.
    sign_in(&emulator, FIRST, USER, &folder);
    let error = get(&emulator, PUBLIC, &folder).and(&["--account", USER]).fail(9);
    assert!(error.contains("no refresh token"), "{error}");
    assert!(emulator.journal().iter().all(|entry| entry["answer"]["status"] != 404));
}

#[test]
fn several_accounts_with_one_name_are_listed() {
    let (emulator, folder) = (emulator(), Folder::new());
    sign_in(&emulator, PUBLIC, USER, &folder);
    sign_in(&emulator, PUBLIC, BOB, &folder);
    let file = folder.path("work.json");
    let content = std::fs::read_to_string(&file).unwrap().replace(BOB, USER);
    std::fs::write(&file, content).unwrap();
    let error = get(&emulator, PUBLIC, &folder).and(&["--account", USER]).fail(3);
    assert!(error.contains("Several accounts have the name in --account"), "{error}");
    assert!(
        error.contains("hint: Use --account to name one of them by the id."),
        "{error}"
    );
    let ids: Vec<&str> = error.split(['(', ')']).filter(|word| word.len() == 73).collect();
    assert_eq!(ids.len(), 2, "{error}");
    assert!(get(&emulator, PUBLIC, &folder).and(&["--account", ids[0]]).run().code == Some(0));
}

#[test]
fn a_device_code_is_for_who_has_not_signed_in() {
    let (emulator, folder) = (emulator(), Folder::new());
    sign_in(&emulator, PUBLIC, USER, &folder);
    let device_code = || get(&emulator, PUBLIC, &folder).and(&["--device-code"]);
    for account in [&[][..], &["--account", USER]] {
        let outcome = device_code().and(account).run();
        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""), "{outcome:?}");
    }
    // Another user, another tenant than the user's, several users, or the user is wanted.
    let asks = |call: Call| {
        let mut process = call.and(&["--timeout", "1"]).command.spawn().unwrap();
        let mut shown = String::new();
        let mut errors = BufReader::new(process.stderr.take().unwrap());
        errors.read_line(&mut shown).unwrap();
        process.wait().unwrap();
        assert!(shown.contains("/devicelogin"), "{shown}");
    };
    asks(device_code().and(&["--account", BOB]));
    asks(device_code().and(&["--force-refresh"]));
    sign_in(&emulator, PUBLIC, BOB, &folder);
    asks(device_code());
}

#[test]
fn another_user_than_the_named_one_is_refused() {
    let emulator = Emulator::start_with(&["--device-code-interval", "1", "--user", &format!("{BOB}:{PASSWORD}")]);
    let sign_in = SignIn::start(&emulator, &["--account", BOB]);
    emulator.enter_device_code(&sign_in.user_code(), true);
    let (exit_code, printed, error) = sign_in.end();
    assert_eq!((exit_code, printed.as_str()), (Some(8), ""), "{error}");
    assert!(
        error.contains(&format!("Another user has signed in than --account names: {USER}.")),
        "{error}"
    );

    let sign_in = SignIn::start(&emulator, &["--account", &USER.to_uppercase()]);
    emulator.enter_device_code(&sign_in.user_code(), true);
    assert_eq!(sign_in.end().0, Some(0));
}

#[test]
fn another_way_to_name_the_user_contradicts_it() {
    let call = ["get", "--tenant", "a.b", "--client-id", PUBLIC, "--account", USER];
    for (option, value) in [
        ("--username", "alice"),
        ("--refresh-token-file", "file"),
        ("--user-assertion-file", "file"),
    ] {
        let error = Call::new(&call).and(&[option, value]).fail(2);
        assert!(error.contains("--account") && error.contains(option), "{error}");
    }
    Call::new(&["get", "--managed-identity", "--account", USER]).fail(2);
}

#[test]
fn no_output_has_a_refresh_token_or_an_id_token() {
    let (emulator, folder) = (emulator(), Folder::new());
    sign_in(&emulator, FIRST, USER, &folder);
    let verbose = || get(&emulator, FIRST, &folder).and(&["--account", USER, "--force-refresh", "--verbose"]);
    let refused = {
        emulator.add_fault("error=AADSTS50076,suberror=basic_action");
        verbose().run()
    };
    assert_eq!(refused.code, Some(9), "{refused:?}");
    let issued = verbose().run();
    assert_eq!(issued.code, Some(0), "{issued:?}");
    let content = std::fs::read_to_string(folder.path("work.json")).unwrap();
    let content: serde_json::Value = serde_json::from_str(&content).unwrap();
    for node in ["RefreshToken", "IdToken"] {
        for entry in content[node].as_object().unwrap().values() {
            let secret = entry["secret"].as_str().unwrap();
            for outcome in [&refused, &issued] {
                assert!(
                    !outcome.stderr.contains(secret) && !outcome.stdout.contains(secret),
                    "{node}"
                );
            }
        }
    }
}

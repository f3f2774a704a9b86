//! What goes to standard output and standard error, and how.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD, PUBLIC, TENANT, USER};
use test_support::folder::Folder;
use test_support::key_pair::REGISTERED;

use crate::call::Call;

#[test]
fn the_bare_token_is_one_line_and_nothing_else() {
    let emulator = Emulator::start();
    let outcome = Call::with_certificate(&emulator).run();
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
    assert_eq!(outcome.stdout.lines().count(), 1);
    assert_eq!(outcome.stdout.trim_end().split('.').count(), 3, "{}", outcome.stdout);
}

#[test]
fn json_tells_everything_about_an_application_s_token() {
    let emulator = Emulator::start();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let id = "6f1a4b0e-0000-4000-8000-00000000ABCD";
    let mut answer = Call::with_certificate(&emulator)
        .and(&["--correlation-id", id])
        .succeed_json();
    let members = answer.as_object_mut().unwrap();
    assert!(members.remove("access_token").unwrap().is_string());
    let expires_on = members.remove("expires_on").unwrap().as_u64().expect("an integer");
    assert!(expires_on >= now + 3_599, "{expires_on}");
    let lifetime = members.remove("expires_in").unwrap().as_u64().expect("an integer");
    assert!((1..=3_599).contains(&lifetime), "{lifetime}");
    assert_eq!(
        answer,
        json!({
            "token_type": "Bearer",
            "scope": "https://graph.microsoft.com/.default",
            "tenant": TENANT,
            "client_id": CONFIDENTIAL,
            "correlation_id": id.to_lowercase(),
            "source": "network",
        })
    );
}

#[test]
fn a_lifetime_that_the_service_does_not_tell_is_null() {
    let emulator = Emulator::with_faults(&["body=no-expiry"]);
    let answer = Call::with_certificate(&emulator).succeed_json();
    assert!(answer["access_token"].is_string());
    assert_eq!(
        (&answer["expires_on"], &answer["expires_in"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(answer.as_object().unwrap().len(), 9, "{answer}");
}

#[test]
fn json_names_the_user_and_keeps_the_warning_on_standard_error() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let password = folder.write("password", PASSWORD);
    let outcome = Call::with_password(&emulator, &password).and(&["--json"]).run();
    let answer: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(
        (&answer["username"], &answer["client_id"]),
        (&json!(USER), &json!(PUBLIC))
    );
    assert!(answer["refresh_token"].is_string());
    assert_eq!(outcome.stdout.lines().count(), 1);
    assert!(outcome.stderr.starts_with("warning: "), "{}", outcome.stderr);
}

#[test]
fn verbose_tells_what_is_done_on_standard_error() {
    let emulator = Emulator::start();
    let outcome = Call::with_certificate(&emulator).and(&["--verbose"]).run();
    let endpoint = format!("{}/oauth2/v2.0/token", emulator.authority());
    assert!(
        outcome.stderr.contains(&format!("debug: asking {endpoint}")),
        "{}",
        outcome.stderr
    );
    assert!(outcome.stderr.contains("answered HTTP 200"), "{}", outcome.stderr);
    assert_eq!(outcome.stdout.lines().count(), 1);
}

#[test]
fn an_expired_certificate_is_warned_about_and_used() {
    let folder = Folder::new();
    let expired = REGISTERED.expired(&folder);
    let client = [
        "--tenant",
        TENANT,
        "--client-id",
        CONFIDENTIAL,
        "--certificate",
        &expired,
    ];
    let outcome = Call::new(&["assertion"]).and(&client).run();
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert_eq!(outcome.stdout.trim_end().split('.').count(), 3);
    let warning = outcome.stderr.strip_prefix("warning: ").expect("a warning");
    assert!(
        warning.contains("expired on") && warning.lines().count() == 1,
        "{warning}"
    );
}

#[cfg(unix)]
#[test]
fn a_reader_that_is_gone_is_exit_code_1_and_no_panic() {
    let emulator = Emulator::start();
    for options in [&[][..], &["--json"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut call = Call::with_certificate(&emulator).and(options);
        call.command.stdout(writer);
        let outcome = call.run();
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        assert!(
            outcome
                .stderr
                .starts_with("error: standard output could not be written"),
            "{outcome:?}"
        );
        assert_eq!(outcome.stderr.lines().count(), 1, "{outcome:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_exit_code_1() {
    let emulator = Emulator::start();
    let mut call = Call::with_certificate(&emulator);
    call.command
        .stdout(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    let outcome = call.run();
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(outcome.stderr.contains("No space left"), "{outcome:?}");
}

//! `--device-code`: signing in on another device.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStderr};

use serde_json::{Value, json};
use test_support::emulator::{Emulator, PUBLIC, USER};
use test_support::folder::Folder;

use crate::call::{Call, claims};

/// Its devices poll each second.
fn emulator(more: &[&str]) -> Emulator {
    Emulator::start_with(&[&["--device-code-interval", "1"], more].concat())
}

/// A run of `get --device-code`, and what it printed first to standard error.
pub struct SignIn {
    process: Child,
    errors: BufReader<ChildStderr>,
    shown: String,
}

impl SignIn {
    pub fn start(emulator: &Emulator, more: &[&str]) -> Self {
        let call = Call::get(emulator, PUBLIC).and(&["--scope", "User.Read", "--device-code"]);
        let mut process = call.and(more).command.spawn().expect("graph-token starts");
        let mut errors = BufReader::new(process.stderr.take().expect("standard error is a pipe"));
        let mut shown = String::new();
        errors.read_line(&mut shown).expect("the code is shown");
        Self { process, errors, shown }
    }

    /// The word behind "code" in the message.
    pub fn user_code(&self) -> String {
        let words: Vec<&str> = self.shown.split(' ').collect();
        let place = words.iter().position(|word| *word == "code");
        words[place.unwrap_or_else(|| panic!("no code in {:?}", self.shown)) + 1].to_owned()
    }

    /// The exit code, standard output, and what standard error had after the first line.
    pub fn end(mut self) -> (Option<i32>, String, String) {
        let mut rest = String::new();
        self.errors.read_to_string(&mut rest).expect("standard error is text");
        let output = self.process.wait_with_output().expect("graph-token ends");
        let printed = String::from_utf8(output.stdout).expect("standard output is text");
        (output.status.code(), printed, rest)
    }
}

#[test]
fn the_user_signs_in_with_the_code_on_standard_error() {
    let emulator = emulator(&[]);
    let sign_in = SignIn::start(&emulator, &[]);
    assert!(
        sign_in.shown.contains(&format!("{}/devicelogin", emulator.address())),
        "{}",
        sign_in.shown
    );
    let code = sign_in.user_code();
    emulator.enter_device_code(&code, true);
    let (exit_code, printed, rest) = sign_in.end();
    assert_eq!(
        (exit_code, rest.as_str()),
        (Some(0), ""),
        "no QR code where there is no terminal"
    );
    let claims = claims(printed.trim_end());
    assert_eq!((&claims["upn"], &claims["scp"]), (&json!(USER), &json!("User.Read")));
    assert!(!printed.contains(&code));
}

#[test]
fn with_json_the_code_is_one_object_on_standard_error() {
    let emulator = emulator(&[]);
    let sign_in = SignIn::start(&emulator, &["--json"]);
    let event: Value = serde_json::from_str(&sign_in.shown).expect("the line is JSON");
    let members: Vec<&String> = event.as_object().unwrap().keys().collect();
    assert_eq!(
        members,
        [
            "event",
            "expires_in",
            "message",
            "user_code",
            "verification_uri",
            "verification_uri_complete"
        ]
    );
    assert_eq!(event["event"], "device_code");
    assert_eq!(event["verification_uri"], format!("{}/devicelogin", emulator.address()));
    assert_eq!(
        (&event["verification_uri_complete"], &event["expires_in"]),
        (&Value::Null, &json!(900))
    );
    emulator.enter_device_code(event["user_code"].as_str().unwrap(), true);
    let (exit_code, printed, rest) = sign_in.end();
    assert_eq!((exit_code, rest.as_str()), (Some(0), ""));
    let answer: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(answer["username"], USER);
    assert!(answer["refresh_token"].is_string());
}

#[test]
fn a_user_who_declines_is_exit_code_8() {
    let emulator = emulator(&[]);
    let sign_in = SignIn::start(&emulator, &[]);
    emulator.enter_device_code(&sign_in.user_code(), false);
    let (exit_code, printed, rest) = sign_in.end();
    assert_eq!((exit_code, printed.as_str()), (Some(8), ""), "{rest}");
    assert!(
        rest.contains("authorization_declined") && rest.contains("kind: ServiceRejected"),
        "{rest}"
    );
}

#[test]
fn a_code_that_ends_is_exit_code_9() {
    let emulator = emulator(&["--device-code-lifetime", "1"]);
    let (exit_code, _, rest) = SignIn::start(&emulator, &[]).end();
    assert_eq!(exit_code, Some(9), "{rest}");
    assert!(
        rest.contains("expired") && rest.contains("Start the sign-in again"),
        "{rest}"
    );
}

#[test]
fn a_time_limit_that_ends_is_exit_code_7() {
    let emulator = emulator(&[]);
    let (exit_code, _, rest) = SignIn::start(&emulator, &["--timeout", "1"]).end();
    assert_eq!(exit_code, Some(7), "{rest}");
    assert!(rest.contains("hint: Use --timeout to allow more time"), "{rest}");
}

#[test]
fn a_start_that_is_refused_shows_no_code() {
    let emulator = emulator(&["--fault", "error=AADSTS50059"]);
    let error = Call::get(&emulator, PUBLIC).and(&["--device-code"]).fail(8);
    assert!(error.contains("AADSTS50059"), "{error}");
}

#[test]
fn the_token_is_kept_in_a_cache_file() {
    let (emulator, folder) = (emulator(&[]), Folder::new());
    let caches = folder.argument("");
    let cache = [
        "--token-cache",
        "work",
        "--token-cache-folder",
        &caches,
        "--token-cache-protection",
        "none",
    ];
    let sign_in = SignIn::start(&emulator, &cache);
    emulator.enter_device_code(&sign_in.user_code(), true);
    assert_eq!(sign_in.end().0, Some(0));
    let listed = Call::new(&["cache", "list"]).and(&cache).succeed_json();
    assert_eq!(listed[0]["username"], USER, "{listed}");
}

#[test]
fn another_way_to_sign_in_contradicts_it() {
    for (option, value) in [
        ("--username", "alice"),
        ("--refresh-token-file", "file"),
        ("--user-assertion-file", "file"),
    ] {
        let arguments = [
            "get",
            "--tenant",
            "a.b",
            "--client-id",
            PUBLIC,
            "--device-code",
            option,
            value,
        ];
        let error = Call::new(&arguments).fail(2);
        assert!(error.contains("--device-code") && error.contains(option), "{error}");
    }
}

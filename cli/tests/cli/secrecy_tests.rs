//! No secret in any output but the one that was asked for.

use std::collections::BTreeSet;

use test_support::checkout::read;
use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD, PUBLIC, SECRET, USER};
use test_support::failing_call::{Action, ELSEWHERE, FailingCall, FailingCalls};
use test_support::folder::Folder;
use test_support::key_pair::REGISTERED;
use test_support::program::Outcome;
use test_support::secrecy::assert_hidden;

use crate::call::Call;
use crate::failure_tests::FAULTS;

/// What must not be seen: the secrets, the lines of the key, and the beginning of every JWT.
struct Hidden(Vec<String>);

impl Hidden {
    fn new(refresh_token: &str) -> Self {
        let key = REGISTERED.read("key.pem");
        let key_lines = key.lines().filter(|line| line.len() == 64);
        let secrets = [SECRET, PASSWORD, refresh_token].into_iter().chain(key_lines);
        Self(secrets.map(str::to_owned).collect())
    }

    fn assert_absent(&self, text: &str, context: &str) {
        assert_hidden(text, &self.0, context);
        assert!(!text.contains("eyJ"), "{context}: a token is in {text}");
    }
}

/// One call for each way of proving an application and a user.
fn calls(emulator: &Emulator, folder: &Folder, refresh_token: &str) -> Vec<Call> {
    let authority = emulator.authority();
    let client = ["assertion", "--authority", &authority, "--client-id", CONFIDENTIAL];
    let assertion = Call::new(&client).and(&["--certificate", &REGISTERED.both()]).succeed();
    let confidential = || Call::get(emulator, CONFIDENTIAL);
    vec![
        Call::with_certificate(emulator).and(&["--send-certificate-chain", "--algorithm", "RS256"]),
        confidential()
            .and_secret("--client-secret-file", folder, SECRET)
            .and(&["--username", USER])
            .and_secret("--password-file", folder, PASSWORD),
        confidential().and_secret("--client-assertion-file", folder, &assertion),
        Call::get(emulator, PUBLIC).and_secret("--refresh-token-file", folder, refresh_token),
    ]
}

fn refresh_token(emulator: &Emulator, folder: &Folder) -> String {
    let password = folder.write("password", PASSWORD);
    let answer = Call::with_password(emulator, &password).succeed_json();
    answer["refresh_token"]
        .as_str()
        .expect("users get a refresh token")
        .to_owned()
}

#[test]
fn no_error_shows_a_secret() {
    let folder = Folder::new();
    for (fault, code, _) in FAULTS {
        // The request for the refresh token comes first and meets a fault that changes nothing.
        let emulator = Emulator::with_faults(&["delay-ms=0", &format!("{fault},times=all")]);
        let token = refresh_token(&emulator, &folder);
        let hidden = Hidden::new(&token);
        for (number, call) in calls(&emulator, &folder, &token).into_iter().enumerate() {
            let format = if number % 2 == 0 {
                &["--verbose", "--timeout", "1"][..]
            } else {
                &["--verbose", "--timeout", "1", "--json"]
            };
            let outcome = call.and(format).run();
            assert_eq!(outcome.code, Some(code), "{fault}: {outcome:?}");
            assert!(outcome.stderr.contains("debug: asking"), "{fault}: {outcome:?}");
            assert_eq!(outcome.stdout, "", "{fault}");
            hidden.assert_absent(&outcome.stderr, fault);
        }
    }
}

#[test]
fn success_shows_no_secret_but_the_token() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let token = refresh_token(&emulator, &folder);
    let hidden = Hidden::new(&token);
    for call in calls(&emulator, &folder, &token) {
        let Outcome { code, stdout, stderr } = call.and(&["--verbose"]).run();
        assert_eq!(code, Some(0), "{stderr}");
        hidden.assert_absent(&stderr, "success");
        assert_hidden(&stdout, &hidden.0, "success");
    }
}

#[test]
fn no_kind_of_error_shows_a_secret() {
    fail_without_secrets(&FailingCalls::new());
}

#[test]
fn no_kind_of_error_of_unix_shows_a_secret() {
    fail_without_secrets(&FailingCalls::of_unix());
}

fn fail_without_secrets(failing: &FailingCalls) {
    let secrets = failing.secrets();
    for call in &failing.calls {
        let lines = run(
            call,
            if call.action == Action::Get {
                &["--verbose"]
            } else {
                &[]
            },
        );
        assert!(lines.contains(&format!("\nkind: {}\n", call.kind)), "{call:?}: {lines}");
        assert_hidden(&lines, &secrets, call.kind);
        if call.action != Action::ClearCache {
            let json = run(call, &["--json"]);
            assert!(
                json.contains(&format!("\"kind\":\"{}\"", call.kind)),
                "{call:?}: {json}"
            );
            assert_hidden(&json, &secrets, call.kind);
        }
    }
}

#[test]
fn every_kind_of_error_is_that_of_a_call_or_of_another_test() {
    let calls = [FailingCalls::new(), FailingCalls::of_unix()].map(|failing| failing.calls);
    let mut kinds: BTreeSet<&str> = calls.iter().flatten().map(|call| call.kind).collect();
    kinds.extend(ELSEWHERE.iter().map(|(kind, _)| *kind));
    let table = read("docs/errors.md");
    let documented: BTreeSet<&str> = table.lines().filter_map(kind_of_row).collect();
    assert_eq!(kinds, documented);
}

#[test]
fn no_other_command_shows_a_secret_when_it_fails() {
    const DOCTOR: [&str; 11] = [
        "--authority",
        "--client-id",
        "--client-secret-file",
        "--client-assertion-file",
        "--certificate",
        "--private-key",
        "--certificate-password-file",
        "--timeout",
        "--retries",
        "--proxy",
        "--ca-file",
    ];
    let failing = FailingCalls::new();
    let secrets = failing.secrets();
    let calls = failing.calls.iter().filter(|call| call.action == Action::Get);
    // Which differs from others only by the time that it takes.
    for call in calls.filter(|call| call.kind != "RequestTimeout") {
        let of = |command: &'static str, taken: &[&str]| {
            let options = call.options.iter().filter(|(name, _)| taken.contains(name));
            let options = options.flat_map(|(name, value)| [*name, value.as_str()]);
            [command].into_iter().chain(options).collect::<Vec<_>>()
        };
        let is_signed = call.options.iter().any(|(name, _)| *name == "--certificate");
        let assertion = is_signed.then(|| of("assertion", &[&DOCTOR[..2], &DOCTOR[4..7]].concat()));
        for command in assertion.into_iter().chain([of("doctor", &DOCTOR)]) {
            let Outcome { code, stdout, stderr } = Call::new(&command).run();
            assert_ne!(code, Some(2), "{command:?}: {stderr}");
            assert_hidden(&(stdout + &stderr), &secrets, call.kind);
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_running_command_forbids_core_dumps() {
    use std::fs;
    use std::net::TcpListener;

    let (folder, silent) = (Folder::new(), TcpListener::bind("127.0.0.1:0").unwrap());
    let authority = format!("http://{}/contoso.onmicrosoft.com", silent.local_addr().unwrap());
    let call = Call::new(&["get", "--authority", &authority, "--client-id", "app"]);
    let mut call = call.and_secret("--client-secret-file", &folder, SECRET);
    let mut process = call.command.spawn().unwrap();
    // It waits for an answer from now on, with its secret in memory.
    let _request = silent.accept().unwrap();
    let limits = fs::read_to_string(format!("/proc/{}/limits", process.id())).unwrap();
    process.kill().unwrap();
    process.wait().unwrap();
    let limit = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    let sizes: Vec<&str> = limit.split_whitespace().skip(4).take(2).collect();
    assert_eq!(sizes, ["0", "0"], "{limits}");
}

/// Runs a call with more options, and gives what it printed.
fn run(call: &FailingCall, more: &[&str]) -> String {
    let words: &[&str] = match call.action {
        Action::Get => &["get"],
        Action::ReadCache => &["cache", "list"],
        Action::ClearCache => &["cache", "clear"],
    };
    let options = call.options.iter().flat_map(|(name, value)| [*name, value.as_str()]);
    let all: Vec<&str> = words
        .iter()
        .copied()
        .chain(options)
        .chain(more.iter().copied())
        .collect();
    let Outcome { stdout, stderr, .. } = Call::new(&all).run();
    assert_eq!(stdout, "", "{call:?}");
    stderr
}

/// The kind in a row of the table of errors, which begins with its number.
fn kind_of_row(row: &str) -> Option<&str> {
    let (number, rest) = row.strip_prefix("| ")?.split_once(" | ")?;
    number.parse::<u32>().ok()?;
    Some(rest.split_once(" | ")?.0)
}

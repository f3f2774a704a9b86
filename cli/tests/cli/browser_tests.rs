//! `--interactive`: signing in in a web browser.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStderr};

use serde_json::{Value, json};
use test_support::browser::{self, parameter};
use test_support::emulator::{CONFIDENTIAL, Emulator, PUBLIC, SECRET, TENANT, USER};
use test_support::folder::Folder;

use crate::call::{Call, claims};

/// A run of `get --interactive`, and the address that it shows.
pub struct SignIn {
    process: Child,
    errors: BufReader<ChildStderr>,
    /// What stands before the address.
    said: String,
    line: String,
}

impl SignIn {
    pub fn of(call: Call) -> Self {
        let mut command = call.and(&["--scope", "User.Read", "--interactive"]).command;
        let mut process = command.spawn().expect("graph-token starts");
        let mut errors = BufReader::new(process.stderr.take().expect("standard error is a pipe"));
        let (mut said, mut line) = (String::new(), String::new());
        while !line.contains("/authorize?") {
            said.push_str(&line);
            line.clear();
            let length = errors.read_line(&mut line).expect("the address is shown");
            assert_ne!(length, 0, "there is no address: {said}");
        }
        Self {
            process,
            errors,
            said,
            line,
        }
    }

    fn start(emulator: &Emulator, more: &[&str]) -> Self {
        Self::of(Call::get(emulator, PUBLIC).and(&["--no-browser"]).and(more))
    }

    pub fn url(&self) -> &str {
        self.line.trim_end()
    }

    /// The exit code, standard output, and what standard error had after the address.
    pub fn end(mut self) -> (Option<i32>, String, String) {
        let mut rest = String::new();
        self.errors.read_to_string(&mut rest).expect("standard error is text");
        let output = self.process.wait_with_output().expect("graph-token ends");
        let printed = String::from_utf8(output.stdout).expect("standard output is text");
        (output.status.code(), printed, rest)
    }
}

#[test]
fn the_address_stands_alone_and_the_token_is_the_output() {
    let emulator = Emulator::start();
    let sign_in = SignIn::start(&emulator, &[]);
    assert!(
        sign_in.url().starts_with("http://") && sign_in.said.is_empty(),
        "{}",
        sign_in.said
    );
    let page = browser::sign_in(sign_in.url());
    assert!(page.text().contains("You are signed in"), "{}", page.text());
    let (exit_code, printed, rest) = sign_in.end();
    assert_eq!((exit_code, rest.as_str()), (Some(0), ""));
    let claims = claims(printed.trim_end());
    assert_eq!((&claims["upn"], &claims["scp"]), (&json!(USER), &json!("User.Read")));
}

#[test]
fn every_kind_of_authority_has_its_page() {
    let emulator = Emulator::start();
    for (authority, more, redirect_host) in [
        ("/adfs".to_owned(), &[][..], "127.0.0.1"),
        (format!("/tfp/{TENANT}/B2C_1_SignIn"), &[], "localhost"),
        ("/oidc".to_owned(), &["--authority-type", "oidc"], "127.0.0.1"),
    ] {
        let address = format!("{}{authority}", emulator.address());
        let call = Call::new(&["get", "--authority", &address, "--client-id", PUBLIC, "--no-browser"]);
        let sign_in = SignIn::of(call.and(more));
        let redirect_uri = parameter(sign_in.url(), "redirect_uri").unwrap();
        assert!(
            redirect_uri.starts_with(&format!("http://{redirect_host}:")),
            "{redirect_uri}"
        );
        let page = browser::sign_in(sign_in.url());
        assert!(page.text().contains("You are signed in"), "{}", page.text());
        let (exit_code, printed, rest) = sign_in.end();
        assert_eq!((exit_code, rest.as_str()), (Some(0), ""), "{authority}");
        assert_eq!(claims(printed.trim_end())["scp"], "User.Read", "{authority}");
    }
}

#[test]
fn a_user_who_is_signed_in_is_not_asked() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let folder = folder.argument("");
    let kept = [
        "--token-cache",
        "test",
        "--token-cache-folder",
        &folder,
        "--token-cache-protection",
        "none",
    ];
    let first = SignIn::start(&emulator, &kept);
    browser::sign_in(first.url());
    assert_eq!(first.end().0, Some(0));
    let call = || {
        Call::get(&emulator, PUBLIC)
            .and(&["--interactive", "--no-browser", "--scope", "User.Read"])
            .and(&kept)
    };
    call().succeed();
    call().and(&["--login-hint", USER]).succeed();
    assert_eq!(
        emulator
            .journal()
            .iter()
            .filter(|asked| asked["path"].as_str().unwrap().ends_with("/token"))
            .count(),
        1
    );
    // Each of them wants somebody to act.
    for more in [
        &["--prompt", "login"][..],
        &["--force-refresh"],
        &["--login-hint", "bob@contoso.com"],
    ] {
        let waiting = SignIn::of(Call::get(&emulator, PUBLIC).and(&["--no-browser"]).and(&kept).and(more));
        browser::sign_in(waiting.url());
        assert_eq!(waiting.end().0, Some(0), "{more:?}");
    }
}

#[test]
fn with_json_the_address_is_an_event() {
    let emulator = Emulator::start();
    let sign_in = SignIn::start(&emulator, &["--json"]);
    let event: Value = serde_json::from_str(&sign_in.line).expect("the line is JSON");
    let url = event["url"].as_str().unwrap().to_owned();
    assert_eq!(event, json!({"event": "browser", "url": url}));
    browser::sign_in(&url);
    let (exit_code, printed, rest) = sign_in.end();
    assert_eq!((exit_code, rest.as_str()), (Some(0), ""));
    assert_eq!(serde_json::from_str::<Value>(&printed).unwrap()["username"], USER);
}

#[test]
fn a_browser_is_started_with_the_address_as_its_only_argument() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let opened = folder.path("opened");
    let script = format!(
        "echo noise; echo noise >&2; printf '%s\\n' \"$#\" \"$1\" > {}",
        opened.display()
    );
    let program = folder.program("browser", &script);
    let call = Call::get(&emulator, PUBLIC).variable("BROWSER", &program.display().to_string());
    let sign_in = SignIn::of(call);
    assert!(sign_in.said.contains("web browser that was opened"), "{}", sign_in.said);
    assert_eq!(fs::read_to_string(&opened).unwrap(), format!("1\n{}\n", sign_in.url()));
    browser::sign_in(sign_in.url());
    let (exit_code, printed, rest) = sign_in.end();
    assert_eq!((exit_code, rest.as_str()), (Some(0), ""));
    assert_eq!(
        printed.trim_end().split('.').count(),
        3,
        "nothing of the browser is in the output"
    );
}

#[test]
fn without_a_browser_the_address_is_shown() {
    let emulator = Emulator::start();
    let call = Call::get(&emulator, PUBLIC).variable("BROWSER", "/nowhere/browser");
    let call = call.variable("DISPLAY", "").variable("WAYLAND_DISPLAY", "");
    let sign_in = SignIn::of(call.variable("WSL_DISTRO_NAME", "").variable("WSL_INTEROP", ""));
    assert!(
        sign_in.said.contains("No web browser was opened: /nowhere/browser"),
        "{}",
        sign_in.said
    );
    browser::sign_in(sign_in.url());
    assert_eq!(sign_in.end().0, Some(0));
}

#[test]
fn a_user_who_declines_is_exit_code_8() {
    let emulator = Emulator::start();
    let sign_in = SignIn::start(&emulator, &[]);
    let page = browser::decline(sign_in.url());
    assert!(page.text().contains("You are not signed in"), "{}", page.text());
    let (exit_code, printed, rest) = sign_in.end();
    assert_eq!((exit_code, printed.as_str()), (Some(8), ""), "{rest}");
    assert!(rest.contains("AADSTS65004") && rest.contains("access_denied"), "{rest}");
}

#[test]
fn nobody_is_exit_code_7() {
    let emulator = Emulator::start();
    let (exit_code, _, rest) = SignIn::start(&emulator, &["--timeout", "1"]).end();
    assert_eq!(exit_code, Some(7), "{rest}");
    assert!(rest.contains("hint: Use --timeout to allow more time"), "{rest}");
    assert!(
        rest.contains("--no-browser, --redirect-port") && rest.contains("--device-code"),
        "{rest}"
    );
}

#[test]
fn a_wrong_state_does_not_end_the_wait_and_is_told_at_its_end() {
    let emulator = Emulator::start();
    let sign_in = SignIn::start(&emulator, &["--timeout", "5"]);
    let response = browser::signed_in(sign_in.url());
    assert_eq!(response.clone().with("state", "wrong").bring().status, 400);
    assert_eq!(response.clone().with("state", "").bring().status, 400);
    assert_eq!(response.bring().status, 200);
    assert_eq!(sign_in.end().0, Some(0));

    let sign_in = SignIn::start(&emulator, &["--timeout", "2"]);
    let response = browser::signed_in(sign_in.url()).with("state", "wrong");
    assert_eq!(response.bring().status, 400);
    let (exit_code, _, rest) = sign_in.end();
    assert_eq!(exit_code, Some(7), "{rest}");
    assert!(rest.contains("wrong state"), "{rest}");
}

#[test]
fn a_replayed_code_is_exit_code_8_and_another_issuer_11() {
    let emulator = Emulator::start();
    let sign_in = SignIn::start(&emulator, &[]);
    let first = browser::signed_in(sign_in.url());
    first.bring();
    assert_eq!(sign_in.end().0, Some(0));
    for (name, value, expected, part) in [
        ("code", first.field("code").unwrap(), 8, "AADSTS54005"),
        ("iss", "https://evil.example", 11, "another issuer"),
    ] {
        let sign_in = SignIn::start(&emulator, &[]);
        browser::signed_in(sign_in.url()).with(name, value).bring();
        let (exit_code, printed, rest) = sign_in.end();
        assert_eq!((exit_code, printed.as_str()), (Some(expected), ""), "{rest}");
        assert!(rest.contains(part), "{rest}");
    }
}

#[test]
fn a_code_whose_answer_is_lost_is_not_sent_again() {
    let emulator = Emulator::start();
    for (fault, expected) in [("reset", 4), ("status=503", 10)] {
        let before = emulator.journal().len();
        let sign_in = SignIn::start(&emulator, &[]);
        emulator.add_fault(fault);
        browser::sign_in(sign_in.url());
        let (exit_code, _, rest) = sign_in.end();
        assert_eq!(exit_code, Some(expected), "{rest}");
        assert!(rest.contains("Start the sign-in again"), "{rest}");
        let asked = emulator.journal().split_off(before);
        let sent = asked
            .iter()
            .filter(|entry| entry["path"].as_str().unwrap().ends_with("/token"));
        assert_eq!(sent.count(), 1);
    }
}

#[test]
fn without_a_user_who_may_be_shown_something_it_is_exit_code_9() {
    let emulator = Emulator::start();
    let sign_in = SignIn::start(&emulator, &["--prompt", "none", "--login-hint", USER]);
    assert_eq!(parameter(sign_in.url(), "login_hint").as_deref(), Some(USER));
    browser::Response::of(&browser::get(sign_in.url())).bring();
    let (exit_code, _, rest) = sign_in.end();
    assert_eq!(exit_code, Some(9), "{rest}");
    assert!(rest.contains("login_required"), "{rest}");
}

#[test]
fn the_port_can_be_chosen_unless_it_is_in_use() {
    let emulator = Emulator::start();
    let first = SignIn::start(&emulator, &["--redirect-host", "127.0.0.1", "--timeout", "5"]);
    let redirect_uri = parameter(first.url(), "redirect_uri").unwrap();
    let port = redirect_uri.strip_prefix("http://127.0.0.1:").unwrap();
    let error = Call::get(&emulator, PUBLIC)
        .and(&["--interactive", "--no-browser", "--redirect-port", port])
        .fail(3);
    assert!(error.contains(port) && error.contains("--redirect-port"), "{error}");
    browser::sign_in(first.url());
    assert_eq!(first.end().0, Some(0));
    let second = SignIn::start(&emulator, &["--redirect-port", port]);
    assert_eq!(
        parameter(second.url(), "redirect_uri").unwrap(),
        format!("http://localhost:{port}")
    );
    browser::sign_in(second.url());
    assert_eq!(second.end().0, Some(0));
}

#[test]
fn a_confidential_client_signs_its_user_in() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let secret = folder.write("secret", SECRET);
    for proof in [
        ["--client-secret-file", &secret],
        ["--certificate", &test_support::key_pair::REGISTERED.both()],
    ] {
        let call = Call::get(&emulator, CONFIDENTIAL).and(&proof).and(&["--no-browser"]);
        let sign_in = SignIn::of(call);
        browser::sign_in(sign_in.url());
        let (exit_code, _, rest) = sign_in.end();
        assert_eq!(exit_code, Some(0), "{rest}");
    }
}

#[test]
fn nothing_secret_of_it_is_in_any_output() {
    let emulator = Emulator::start();
    let sign_in = SignIn::start(&emulator, &["--verbose"]);
    let response = browser::signed_in(sign_in.url());
    let page = response.bring().text();
    let (url, said) = (sign_in.url().to_owned(), sign_in.said.clone());
    let (exit_code, printed, rest) = sign_in.end();
    assert_eq!(exit_code, Some(0), "{rest}");
    let (code, state) = (response.field("code").unwrap(), response.field("state").unwrap());
    for text in [&url, &said, &printed, &rest, &page] {
        assert!(!text.contains(code), "{text}");
    }
    for text in [&said, &printed, &rest, &page] {
        assert!(!text.contains(state), "{text}");
    }
    assert!(rest.contains("asking"), "the log is there: {rest}");
}

#[test]
fn what_belongs_to_another_way_is_refused() {
    let base = ["get", "--tenant", "a.b", "--client-id", PUBLIC];
    for (arguments, named) in [
        (&["--interactive", "--device-code"][..], "--device-code"),
        (&["--interactive", "--username", "alice"], "--username"),
        (
            &["--interactive", "--refresh-token-file", "file"],
            "--refresh-token-file",
        ),
        (
            &["--interactive", "--user-assertion-file", "file"],
            "--user-assertion-file",
        ),
        (&["--no-browser"], "--interactive"),
        (&["--redirect-port", "8400"], "--interactive"),
        (&["--redirect-host", "localhost"], "--interactive"),
        (&["--login-hint", "alice"], "--interactive"),
        (&["--prompt", "login"], "--interactive"),
        (&["--interactive", "--redirect-port", "0"], "--redirect-port"),
        (&["--interactive", "--redirect-port", "65536"], "--redirect-port"),
        (&["--interactive", "--redirect-host", "0.0.0.0"], "--redirect-host"),
        (&["--interactive", "--prompt", "create"], "--prompt"),
    ] {
        let error = Call::new(&base).and(arguments).fail(2);
        assert!(error.contains(named), "{arguments:?}: {error}");
    }
    let identity = ["get", "--managed-identity", "--interactive"];
    assert!(Call::new(&identity).fail(2).contains("--interactive"));
}

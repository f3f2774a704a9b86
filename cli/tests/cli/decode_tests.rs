//! `graph-token decode`.

use serde_json::{Value, json};
use test_support::emulator::{CONFIDENTIAL, Emulator};
use test_support::folder::Folder;

use crate::call::Call;

/// RFC 7519 section 3.1, with the signature of RFC 7515 appendix A.1.
const TOKEN: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6\
                     Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn contents() -> Value {
    json!({
        "header": {"typ": "JWT", "alg": "HS256"},
        "claims": {"iss": "joe", "exp": 1_300_819_380, "http://example.com/is_root": true},
    })
}

#[test]
fn the_rfc_s_token_is_shown_with_readable_times() {
    let folder = Folder::new();
    let file = folder.write("token", format!("Bearer {TOKEN}\n"));
    let mut expected = contents();
    expected["times"] = json!({"exp": "2011-03-22T18:43:00Z"});
    for call in [
        Call::new(&["decode", &file]),
        Call::new(&["decode", "-"]).input(TOKEN),
        Call::new(&["decode"]).input(format!("{TOKEN}\r\n")),
    ] {
        let outcome = call.run();
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        assert_eq!(serde_json::from_str::<Value>(&outcome.stdout).unwrap(), expected);
        assert!(outcome.stdout.lines().count() > 5, "{outcome:?}");
        assert!(outcome.stderr.contains("was not verified"), "{outcome:?}");
    }
}

#[test]
fn what_get_prints_can_be_decoded() {
    let emulator = Emulator::start();
    for options in [&[][..], &["--json"]] {
        let output = Call::with_certificate(&emulator).and(options).succeed();
        let decoded = Call::new(&["decode", "--json"]).input(output).succeed();
        let decoded: Value = serde_json::from_str(&decoded).unwrap();
        assert_eq!(decoded["claims"]["appid"], CONFIDENTIAL);
    }
}

#[test]
fn what_was_pasted_around_a_token_is_skipped() {
    for text in [
        format!("\"{TOKEN}\""),
        format!("  'Bearer {TOKEN}'\r\n"),
        format!("Authorization: Bearer {TOKEN}"),
        format!("\u{feff}{{\"token_type\":\"Bearer\",\n\"access_token\":\"{TOKEN}\"}}\n"),
    ] {
        let line = Call::new(&["decode", "--json"]).input(text.as_str()).succeed();
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), contents(), "{text}");
    }
}

#[test]
fn a_time_with_a_fraction_is_shown() {
    // {"exp":1300819380.25,"iat":1300819379.5}
    let token = "e30.eyJleHAiOjEzMDA4MTkzODAuMjUsImlhdCI6MTMwMDgxOTM3OS41fQ.x";
    let shown: Value = serde_json::from_str(&Call::new(&["decode"]).input(token).succeed()).unwrap();
    assert_eq!(
        shown["times"],
        json!({"iat": "2011-03-22T18:42:59.5Z", "exp": "2011-03-22T18:43:00.25Z"})
    );
}

#[test]
fn json_is_one_line() {
    let line = Call::new(&["decode", "--json"]).input(TOKEN).succeed();
    assert_eq!(line.lines().count(), 1);
    assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), contents());
}

#[test]
fn what_is_no_token_is_exit_code_3_and_not_repeated() {
    for text in ["", "opaque-secret", "eyJ0.eyJ0", "a.b.c.d.e"] {
        let error = Call::new(&["decode"]).input(text).fail(3);
        assert!(error.contains("kind: InvalidArgument"), "{error}");
        assert!(text.is_empty() || !error.contains(text), "{error}");
    }
    let error = Call::new(&["decode"]).input("opaque-secret").fail_json(3);
    assert_eq!(error["error"]["kind"], "InvalidArgument");
}

#[test]
fn a_token_in_place_of_a_file_is_not_repeated() {
    for token in [TOKEN.to_owned(), TOKEN.repeat(4)] {
        let error = Call::new(&["decode", &token]).fail(3);
        assert!(
            !error.contains("eyJ") && error.contains("not the secret itself"),
            "{error}"
        );
    }
}

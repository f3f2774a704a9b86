//! Each fault, as the client meets it.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use test_support::answer::Answer;
use test_support::client::tcp;
use test_support::emulator::{Emulator, TENANT};

use crate::answer::TokenAnswer as _;
use crate::signed_assertion::{SignedAssertion, now};
use crate::token_request::{FORM, TokenEndpoint as _, encoded, with_secret};

/// The first answer with a fault; checks that the next one is as usual.
fn spoilt(spec: &str) -> Answer {
    let emulator = Emulator::start_with(&["--fault", spec]);
    let answer = emulator.post(&with_secret());
    assert_eq!(emulator.post(&with_secret()).status, 200, "{spec} is spent");
    answer
}

/// The connection on which a token request has been sent and nothing read.
fn sent_request(emulator: &Emulator) -> TcpStream {
    let (host, body) = (emulator.host(), encoded(&with_secret()));
    let (name, value) = FORM;
    let length = body.len();
    let mut stream = tcp(host).unwrap();
    write!(
        stream,
        "POST /{TENANT}/oauth2/v2.0/token HTTP/1.1\r\nHost: {host}\r\n{name}: {value}\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    stream
}

#[test]
fn a_status_comes_with_what_the_service_would_say() {
    let answer = spoilt("status=503,retry-after=7");
    answer.assert_refused("503", 503, "temporarily_unavailable", 90033, "transient");
    assert_eq!(answer.header("retry-after"), Some("7"));
    spoilt("status=429").assert_refused("429", 429, "temporarily_unavailable", 90055, "too many");
    let answer = spoilt("status=408");
    assert_eq!((answer.status, answer.body.len()), (408, 0));
}

#[test]
fn retry_after_can_be_a_date() {
    let answer = spoilt("status=429,retry-after=date:60");
    let date = |name| httpdate::parse_http_date(answer.header(name).unwrap()).unwrap();
    assert_eq!(
        date("retry-after").duration_since(date("date")).unwrap(),
        Duration::from_secs(60)
    );
}

#[test]
fn a_reset_is_no_orderly_end() {
    let emulator = Emulator::start_with(&["--fault", "reset"]);
    let mut stream = sent_request(&emulator);
    let error = stream.read_to_end(&mut Vec::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert_eq!(emulator.journal()[0]["answer"], json!({"ending": "reset"}));
    assert_eq!(emulator.post(&with_secret()).status, 200);
}

#[test]
fn a_truncated_answer_declares_its_whole_length() {
    let emulator = Emulator::start_with(&["--fault", "truncate"]);
    let mut stream = sent_request(&emulator);
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let declared = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap();
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    assert_eq!(body.len(), declared.parse::<usize>().unwrap() / 2);
    assert!(!body.is_empty());
    assert_eq!(emulator.journal()[0]["answer"]["ending"], "truncated");
}

#[test]
fn a_delayed_request_is_in_the_journal_before_it_is_answered() {
    let emulator = Emulator::start_with(&["--fault", "delay-ms=600000"]);
    let _stream = sent_request(&emulator);
    let mut journal = emulator.journal();
    while journal.is_empty() {
        journal = emulator.journal();
    }
    assert_eq!(
        (&journal[0]["answer"], &journal[0]["fault"]),
        (&Value::Null, &json!("delay-ms=600000"))
    );
}

#[test]
fn a_delayed_request_is_answered_in_the_end() {
    assert_eq!(spoilt("delay-ms=1").status, 200);
}

#[test]
fn bodies_that_are_no_token_answer() {
    let answer = spoilt("body=empty");
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    let answer = spoilt("status=502,body=html");
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (502, Some("text/html; charset=utf-8"))
    );
    assert!(answer.text().starts_with("<!DOCTYPE html>"));
    let answer = spoilt("body=text");
    assert!(serde_json::from_slice::<Value>(&answer.body).is_err());
    assert_eq!(spoilt("body=array").json(), json!([]));
    let answer = spoilt("body=huge");
    assert!(answer.body.len() > 2 * 1024 * 1024 && answer.json().is_object());
}

#[test]
fn bodies_in_which_one_thing_is_wrong() {
    assert_eq!(spoilt("body=no-token").json()["access_token"], Value::Null);
    assert_eq!(spoilt("body=no-token").json()["token_type"], "Bearer");
    assert_eq!(spoilt("body=token-type-missing").json()["token_type"], Value::Null);
    assert_eq!(spoilt("body=token-type-wrong").json()["token_type"], "mac");
    let json = spoilt("body=string-numbers").json();
    assert_eq!(
        (&json["expires_in"], &json["ext_expires_in"]),
        (&json!("3599"), &json!("3599"))
    );
    assert!(spoilt("body=absurd-expiry").json()["expires_in"].as_f64().unwrap() > 1e20);
    let answer = spoilt("body=bom");
    assert_eq!(answer.body[..3], *b"\xEF\xBB\xBF");
    assert!(serde_json::from_slice::<Value>(&answer.body[3..]).unwrap()["access_token"].is_string());
}

#[test]
fn bodies_that_no_client_may_trust() {
    assert_eq!(spoilt("body=no-expiry").json()["expires_in"], Value::Null);
    let token = spoilt("body=line-break").json()["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(token.contains("\r\nX-Injected"));
    let form = String::from_utf8(spoilt("body=form").body).unwrap();
    assert!(
        form.contains("access_token=eyJ") && form.contains("&token_type=Bearer"),
        "{form}"
    );
    let page = String::from_utf8(spoilt("body=echo").body).unwrap();
    assert!(
        page.contains("<title>Blocked: ") && page.contains("grant_type=client_credentials"),
        "{page}"
    );
}

#[test]
fn errors_in_a_wrong_form() {
    let answer = spoilt("body=error-in-200,error=AADSTS50126");
    answer.assert_refused("in 200", 200, "invalid_grant", 50126, "password");
    assert_eq!(spoilt("body=error-in-200").json()["error"], "invalid_request");
    let answer = spoilt("body=no-description,error=50126");
    assert_eq!((answer.status, &answer.json()["error"]), (400, &json!("invalid_grant")));
    assert_eq!(answer.json()["error_description"], Value::Null);
}

#[test]
fn any_service_code_can_be_answered() {
    let answer = spoilt("error=AADSTS50076,claims=present");
    answer.assert_refused("50076", 400, "invalid_grant", 50076, "multi-factor");
    assert_eq!(answer.json()["suberror"], "basic_action");
    let claims: Value = serde_json::from_str(answer.json()["claims"].as_str().unwrap()).unwrap();
    assert!(claims["access_token"].is_object());
    let answer = spoilt("error=7000222");
    answer.assert_refused("7000222", 401, "invalid_client", 7_000_222, "expired");
    let answer = spoilt("error=AADSTS70043,suberror=client_mismatch");
    assert_eq!(answer.json()["suberror"], "client_mismatch");
    spoilt("error=AADSTS999999").assert_refused("unknown", 400, "invalid_request", 999_999, "");
}

#[test]
fn a_wrong_clock_is_wrong_everywhere() {
    let emulator = Emulator::start_with(&["--fault", "date-skew=86400"]);
    let answer = SignedAssertion::new(&emulator).post(&emulator);
    answer.assert_refused("skew", 401, "invalid_client", 700_024, "Current time: ");
    let date = httpdate::parse_http_date(answer.header("date").unwrap()).unwrap();
    assert!(date > SystemTime::now() + Duration::from_secs(86_000));
    let tomorrow = time::OffsetDateTime::from(date).date().to_string();
    assert!(
        answer.text().contains(&format!("Current time: {tomorrow}T")),
        "{answer:?}"
    );

    emulator.add_fault("date-skew=86400");
    let shifted = SignedAssertion::new(&emulator)
        .with_claim("nbf", now() + 86_340)
        .with_claim("exp", now() + 87_000);
    let claims = shifted.post(&emulator).access_claims();
    assert!(claims["iat"].as_i64().unwrap() > now() + 86_000, "{claims}");
}

#[test]
fn a_redirect_names_its_target() {
    let answer = spoilt("redirect=http://127.0.0.1:9/elsewhere");
    assert_eq!(
        (answer.status, answer.header("location")),
        (302, Some("http://127.0.0.1:9/elsewhere"))
    );
    assert_eq!(spoilt("redirect=/x,status=307").status, 307);
}

#[test]
fn faults_are_added_counted_and_removed_while_it_runs() {
    let emulator = Emulator::start();
    let status = || emulator.post(&with_secret()).status;
    emulator.add_fault("status=500,times=2\nstatus=502,times=all");
    assert_eq!([status(), status(), status(), status()], [500, 500, 502, 502]);
    let answer = emulator.client().send("DELETE", "/_faults", &[], b"").unwrap();
    assert_eq!((answer.status, status()), (204, 200));
    let answer = emulator.client().send("POST", "/_faults", &[], b"stauts=500").unwrap();
    assert_eq!((answer.status, status()), (400, 200));
    assert!(
        answer.text().contains("'stauts=500': unknown; the keys are status"),
        "{answer:?}"
    );
}

#[test]
fn only_token_requests_spend_faults() {
    let emulator = Emulator::start_with(&["--fault", "status=500"]);
    assert_eq!(emulator.client().send("GET", "/", &[], b"").unwrap().status, 404);
    assert_eq!(emulator.journal()[0]["fault"], Value::Null);
    assert_eq!(emulator.post(&with_secret()).status, 500);
}

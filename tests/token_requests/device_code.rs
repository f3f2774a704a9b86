//! Signing in on another device: the code, the polls, and their end (RFC 8628).

use std::sync::Arc;
use std::time::Duration;

use graphtoken::base::cancel::Cancel;
use graphtoken::base::error::{Error, Result, Status};
use graphtoken::client::Client;
use graphtoken::client::options::Options;
use graphtoken::http::CutOff;
use graphtoken::request::Request;
use graphtoken::request::scope::Scopes;
use graphtoken::request::settings::RequestSettings;
use graphtoken::sign_in::device_code::DeviceCode;
use graphtoken::token::{AcquiredToken, TokenSource};
use serde_json::{Value, json};

use crate::service::{Answer, CLIENT, ENDPOINT, Service, client_secret};

const MESSAGE: &str = "To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the \
                       code ABCD-EFGH to authenticate.";

fn codes() -> Value {
    json!({
        "device_code": "the-device-code", "user_code": "ABCD-EFGH",
        "verification_uri": "https://microsoft.com/devicelogin", "expires_in": 900, "interval": 5, "message": MESSAGE,
    })
}

fn ok(body: &Value) -> Answer {
    Answer::new(200, body.to_string())
}

fn oauth_error(error: &str) -> Answer {
    Answer::new(400, json!({"error": error, "error_description": "no"}).to_string())
}

fn token() -> Answer {
    ok(&json!({
        "token_type": "Bearer", "expires_in": 3600, "access_token": "issued-token", "refresh_token": "refreshing",
        "scope": "User.Read",
    }))
}

/// A service that gives a code, and then these answers.
fn polled(answers: impl IntoIterator<Item = Answer>) -> Arc<Service> {
    let all: Vec<_> = [ok(&codes())].into_iter().chain(answers).collect();
    Service::answering_in_turn(all)
}

fn settings(options: &[(&str, &str)]) -> RequestSettings {
    let mut all = Options::default();
    for (key, value) in options {
        all.set(key, value).unwrap();
    }
    all.request
}

fn start(client: &Client, options: &[(&str, &str)]) -> Result<DeviceCode> {
    DeviceCode::new(client, Scopes::parse("User.Read").unwrap(), &settings(options), None)
}

fn code_from(body: &Value) -> Result<DeviceCode> {
    start(&Service::answering_in_turn([ok(body)]).client(None, &[]), &[])
}

fn acquire(service: &Arc<Service>, options: &[(&str, &str)]) -> Result<AcquiredToken> {
    let client = service.client(None, &[]);
    let code = start(&client, &[])?;
    client.acquire(&code.request(settings(options)), None)
}

fn refusal(answers: impl IntoIterator<Item = Answer>) -> Error {
    acquire(&polled(answers), &[]).unwrap_err()
}

/// The seconds between two polls, from the start on.
fn pauses(service: &Service) -> Vec<u64> {
    service
        .slept()
        .iter()
        .map(Duration::as_millis)
        .fold(vec![0], |mut sums, piece| {
            *sums.last_mut().unwrap() += u64::try_from(piece).unwrap();
            sums
        })
}

#[test]
fn a_code_is_asked_for_shown_and_exchanged() {
    let service = polled([oauth_error("authorization_pending"), token()]);
    let client = service.client(None, &[]);
    let code = start(&client, &[("claims", r#"{"a":1}"#)]).unwrap();
    assert_eq!((code.user_code(), code.message()), ("ABCD-EFGH", MESSAGE));
    assert_eq!(code.verification_uri(), "https://microsoft.com/devicelogin");
    assert_eq!(code.link(), Some("https://microsoft.com/devicelogin"));
    assert_eq!(
        (code.interval(), code.verification_uri_complete()),
        (Duration::from_secs(5), None)
    );
    assert!(!format!("{code:?}").contains("the-device-code"));

    let request = code.request(RequestSettings::default());
    let token = client.acquire(&request, None).unwrap();
    assert_eq!(token.access_token.expose(), b"issued-token");
    assert_eq!(token.refresh_token().unwrap().expose(), b"refreshing");
    let sent = service.sent();
    assert_eq!(sent[0].url, ENDPOINT.replace("/token", "/devicecode"));
    assert_eq!(
        sent[0].body,
        format!("client_id={CLIENT}&scope=openid+offline_access+profile+User.Read&claims=%7B%22a%22%3A1%7D")
    );
    assert_eq!((sent[1].url.as_str(), sent.len()), (ENDPOINT, 3));
    assert_eq!(
        sent[1].body,
        format!(
            "client_id={CLIENT}&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code\
             &device_code=the-device-code&client_info=1"
        )
    );
    assert_eq!(pauses(&service), [10_000], "two polls, an interval before each");

    let again = client.acquire(&request, None).unwrap();
    assert_eq!((again.source, service.sent().len()), (TokenSource::Cache, 3));
}

#[test]
fn a_confidential_client_proves_itself_when_it_polls() {
    let service = polled([token()]);
    let client = service.client(client_secret(), &[]);
    let code = start(&client, &[]).unwrap();
    client.acquire(&code.request(RequestSettings::default()), None).unwrap();
    let sent = service.sent();
    assert!(!sent[0].body.contains("client_secret"), "{}", sent[0].body);
    assert!(
        sent[1].body.contains("&client_secret=s3cret+value&"),
        "{}",
        sent[1].body
    );
}

#[test]
fn numbers_may_be_texts_and_the_interval_may_be_missing() {
    for (interval, seconds) in [
        (json!("7"), 7),
        (json!(0), 5),
        (json!(-1), 5),
        (Value::Null, 5),
        (json!("soon"), 5),
        (json!(90), 90),
    ] {
        let mut body = codes();
        body["interval"] = interval.clone();
        body["expires_in"] = json!("900");
        assert_eq!(
            code_from(&body).unwrap().interval(),
            Duration::from_secs(seconds),
            "{interval}"
        );
    }
}

#[test]
fn a_code_is_not_believed_for_longer_than_an_hour() {
    let mut body = codes();
    body["expires_in"] = json!(100_000);
    let left = code_from(&body).unwrap().expires_in();
    assert!(left <= Duration::from_secs(3600), "{left:?}");
}

#[test]
fn what_the_service_wants_to_be_shown_is_made_harmless() {
    let mut body = codes();
    body["message"] = json!(format!("open\u{1b}[2J\u{202e} this\r\npage {}", "x".repeat(2000)));
    body["user_code"] = json!("AB\u{200b}\u{7}CD");
    let code = code_from(&body).unwrap();
    // It says neither the code nor the page.
    let own = "To sign in, open the page https://microsoft.com/devicelogin in a web browser and enter the code ABCD. ";
    let message = code
        .message()
        .strip_prefix(own)
        .unwrap_or_else(|| panic!("{}", code.message()));
    assert!(message.starts_with("open[2J this page xxx"), "{message}");
    assert_eq!(code.message().len(), 1024);
    assert_eq!(code.user_code(), "ABCD");

    body["verification_uri"] = json!("http://evil.example/");
    body["message"] = Value::Null;
    let code = code_from(&body).unwrap();
    assert_eq!(code.link(), None);
    assert!(code.message().contains("http://evil.example/ ") && code.message().contains("ABCD"));

    body["verification_uri_complete"] = json!("https://good.example/?user_code=ABCD");
    assert_eq!(
        code_from(&body).unwrap().link(),
        Some("https://good.example/?user_code=ABCD")
    );
}

#[test]
fn the_first_name_of_the_page_is_understood() {
    let mut body = codes();
    body["verification_url"] = body["verification_uri"].take();
    assert_eq!(
        code_from(&body).unwrap().verification_uri(),
        "https://microsoft.com/devicelogin"
    );
}

#[test]
fn a_start_without_a_usable_code_is_malformed() {
    for (member, value) in [
        ("device_code", Value::Null),
        ("device_code", json!("two words")),
        ("user_code", json!("\u{200b}")),
        ("user_code", json!(7)),
        ("verification_uri", Value::Null),
        ("expires_in", Value::Null),
        ("expires_in", json!(0)),
    ] {
        let mut body = codes();
        body[member] = value;
        let error = code_from(&body).unwrap_err();
        assert_eq!(error.status(), Status::MalformedResponse, "{member}: {error}");
        assert!(error.message().contains(member), "{error}");
        assert!(!error.message().contains("the-device-code"), "{error}");
    }
}

#[test]
fn a_refused_start_is_an_error_even_with_status_200() {
    let body = json!({"error": "invalid_client", "error_description": "AADSTS7000218: no", "error_codes": [7_000_218]});
    let error = code_from(&body).unwrap_err();
    assert_eq!(error.status(), Status::ClientCredentialRejected, "{error}");
}

#[test]
fn a_start_is_retried() {
    let service = Service::answering_in_turn([Answer::new(503, ""), ok(&codes())]);
    start(&service.client(None, &[]), &[]).unwrap();
    assert_eq!(service.sent().len(), 2);
}

#[test]
fn slow_down_lengthens_every_later_pause() {
    let service = polled([
        oauth_error("slow_down"),
        oauth_error("authorization_pending"),
        oauth_error("slow_down"),
        token(),
    ]);
    acquire(&service, &[]).unwrap();
    assert_eq!(pauses(&service), [5000 + 10_000 + 10_000 + 15_000]);
}

#[test]
fn polls_without_an_answer_are_repeated_ever_more_slowly() {
    let throttled = Answer {
        retry_after: Some("33"),
        ..Answer::new(429, "")
    };
    let service = polled([
        Answer::failing(Status::ConnectionFailed),
        Answer::failing(Status::RequestTimeout),
        Answer::new(503, ""),
        oauth_error("authorization_pending"),
        throttled,
        token(),
    ]);
    acquire(&service, &[]).unwrap();
    assert_eq!(pauses(&service), [5000 + 10_000 + 20_000 + 40_000 + 5000 + 33_000]);
    assert_eq!(service.sent().len(), 7);
}

#[test]
fn the_short_name_of_the_grant_is_tried_once() {
    let service = polled([oauth_error("unsupported_grant_type"), token()]);
    acquire(&service, &[]).unwrap();
    let body = &service.sent()[2].body;
    assert!(body.contains("grant_type=device_code&"), "{body}");
    let error = refusal([
        oauth_error("unsupported_grant_type"),
        oauth_error("unsupported_grant_type"),
    ]);
    assert_eq!(error.status(), Status::ServiceRejected);
}

#[test]
fn the_end_of_a_sign_in_has_its_status() {
    for (error, status, says) in [
        ("authorization_declined", Status::ServiceRejected, "accept it"),
        ("access_denied", Status::ServiceRejected, "accept it"),
        ("expired_token", Status::InteractionRequired, "expired"),
        ("code_expired", Status::InteractionRequired, "expired"),
        ("bad_verification_code", Status::ServiceRejected, ""),
        ("invalid_client", Status::ClientCredentialRejected, ""),
    ] {
        let refusal = refusal([oauth_error(error)]);
        assert_eq!(refusal.status(), status, "{error}: {refusal}");
        assert!(refusal.hint().contains(says), "{error}: {}", refusal.hint());
        assert!(!refusal.to_string().contains("the-device-code"), "{refusal}");
    }
}

#[test]
fn a_code_ends_by_this_machine_s_clock() {
    let service = polled([oauth_error("authorization_pending")]);
    let error = acquire(&service, &[]).unwrap_err();
    assert_eq!(error.status(), Status::InteractionRequired, "{error}");
    assert!(error.message().contains("expired before"), "{error}");
    assert_eq!(pauses(&service), [900_000]);
    assert_eq!(service.sent().len(), 1 + 179, "none at the very end");
}

#[test]
fn the_time_limit_bounds_the_wait_for_the_user() {
    let service = polled([oauth_error("authorization_pending")]);
    let error = acquire(&service, &[("timeout_seconds", "12")]).unwrap_err();
    assert_eq!(error.status(), Status::RequestTimeout, "{error}");
    assert!(error.hint().contains("timeout_seconds"), "{}", error.hint());
    assert_eq!((pauses(&service), service.sent().len()), (vec![12_000], 3));
    assert_eq!(service.sent()[2].timeout, Some(Duration::from_secs(2)));
}

#[test]
fn a_poll_has_the_time_of_a_request_and_not_that_of_the_user() {
    let service = polled([token()]);
    acquire(&service, &[]).unwrap();
    assert_eq!(service.sent()[1].timeout, Some(Duration::from_secs(100)));
}

#[test]
fn a_call_goes_on_where_the_one_before_stopped() {
    let service = polled([oauth_error("slow_down"), oauth_error("authorization_pending"), token()]);
    let client = service.client(None, &[]);
    let code = start(&client, &[]).unwrap();
    let short = || code.request(settings(&[("timeout_seconds", "6")]));
    for _ in 0..3 {
        assert_eq!(
            client.acquire(&short(), None).unwrap_err().status(),
            Status::RequestTimeout
        );
    }
    client.acquire(&code.request(RequestSettings::default()), None).unwrap();
    assert_eq!(pauses(&service), [5000 + 10_000 + 10_000]);
}

#[test]
fn a_lost_answer_explains_why_the_code_is_spent() {
    let lost = Answer {
        cut_off: Some(CutOff::Broken("reset".to_owned())),
        ..Answer::new(200, "{\"access")
    };
    for last in ["invalid_grant", "expired_token"] {
        let error = refusal([lost.clone(), oauth_error(last)]);
        assert!(error.message().contains("was lost"), "{last}: {error}");
        assert!(error.hint().contains("Start the sign-in again"), "{}", error.hint());
        let plain = refusal([oauth_error(last)]);
        assert!(!plain.message().contains("was lost"), "{plain}");
    }
    let declined = refusal([lost, oauth_error("access_denied")]);
    assert!(!declined.message().contains("was lost"), "{declined}");
}

/// A call that is cancelled while its first poll is under way, which the service holds.
fn cancel_during_a_poll(service: &Service, client: &Client, request: &Request) {
    service.hold();
    let cancel = Cancel::default();
    std::thread::scope(|scope| {
        let call = scope.spawn(|| client.acquire(request, Some(&cancel)));
        service.await_requests(2);
        cancel.signal();
        assert_eq!(call.join().unwrap().unwrap_err().status(), Status::Cancelled);
    });
}

#[test]
fn a_cancelled_call_stops_polling() {
    let service = polled([oauth_error("authorization_pending")]);
    let client = service.client(None, &[]);
    let request = start(&client, &[]).unwrap().request(RequestSettings::default());
    cancel_during_a_poll(&service, &client, &request);
    drop(client);
    service.release();
    // The thread of the call holds the service until it ends.
    while Arc::strong_count(&service) > 1 {
        std::thread::yield_now();
    }
    assert_eq!(service.sent().len(), 2, "one poll was under way, and no other follows");
}

#[test]
fn a_call_after_a_cancelled_one_gets_the_token() {
    let service = polled([oauth_error("authorization_pending"), token()]);
    let client = service.client(None, &[]);
    let request = start(&client, &[]).unwrap().request(RequestSettings::default());
    cancel_during_a_poll(&service, &client, &request);
    service.release();
    let token = client.acquire(&request, None).unwrap();
    assert_eq!(token.access_token.expose(), b"issued-token");
}

#[test]
fn a_policy_against_device_codes_leads_to_the_browser() {
    let blocked =
        json!({"error": "invalid_grant", "error_description": "AADSTS53003: blocked", "error_codes": [53003]});
    let error = refusal([Answer::new(400, blocked.to_string())]);
    assert!(error.hint().contains("use gt_sign_in_new"), "{}", error.hint());
    let declined = refusal([oauth_error("authorization_declined")]);
    assert!(!declined.hint().contains("gt_sign_in_new"), "{}", declined.hint());
}

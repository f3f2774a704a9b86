//! Retries: after transient failures, after waits that the service asks for, and with a corrected clock.

use std::time::Duration;

use base64::Engine as _;
use graphtoken::base::clock::from_unix_seconds;
use graphtoken::base::error::Status;
use graphtoken::credential::Credential;
use graphtoken::http::CutOff;
use graphtoken::request::grant::ClientCredentials;
use graphtoken::token::jwt::BASE64URL;
use serde_json::Value;

use crate::assertions::credential;
use crate::service::{Answer, NOW, Service, TOKEN, client_secret, plain, request, secret};

const APPLICATION: ClientCredentials = ClientCredentials;

fn unavailable() -> Answer {
    Answer::new(503, "")
}

fn throttled(retry_after: &'static str) -> Answer {
    Answer {
        retry_after: Some(retry_after),
        ..Answer::new(429, r#"{"error":"temporarily_unavailable"}"#)
    }
}

fn issued() -> Answer {
    Answer::new(200, TOKEN)
}

/// Refuses the time of an assertion, and tells the service's time: two hours after [`NOW`].
fn wrong_time() -> Answer {
    refusal_at("10:00")
}

/// Refuses the time of an assertion, and tells `time` as the service's time of day. At [`NOW`] it is 08:00.
fn refusal_at(time: &str) -> Answer {
    let description = format!(
        "AADSTS700024: Client assertion is not within its valid time range. Current time: \
         2027-01-15T{time}:00.1234567Z, assertion valid from 2027-01-15T07:59:00.0000000Z, expiry time of \
         assertion 2027-01-15T08:10:00.0000000Z. Trace ID: x"
    );
    let body = format!(r#"{{"error":"invalid_client","error_description":"{description}","error_codes":[700024]}}"#);
    Answer::new(401, &body)
}

const TWO_HOURS: i64 = 7200;

/// The claims of the assertion in a form body.
fn claims(body: &str) -> Value {
    let assertion = body
        .split('&')
        .find_map(|field| field.strip_prefix("client_assertion="))
        .unwrap();
    let claims = BASE64URL.decode(assertion.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&claims).unwrap()
}

/// Transient failures.
fn transient() -> Vec<Answer> {
    let mut transient = vec![
        Answer::failing(Status::ConnectionFailed),
        Answer::failing(Status::RequestTimeout),
        throttled("1"),
        broken_off(CutOff::Broken("the connection was reset".to_owned())),
    ];
    transient.extend([408, 429, 500, 502, 503, 504].map(|status| Answer::new(status, "<p>later</p>")));
    transient
}

/// Permanent failures.
fn permanent() -> Vec<Answer> {
    vec![
        Answer::failing(Status::TlsFailed),
        Answer::failing(Status::ProxyFailed),
        broken_off(CutOff::TooLarge(1024)),
        Answer::new(200, "<p>Sign in to the proxy</p>"),
        Answer::new(200, "{}"),
        Answer::new(302, ""),
        Answer::new(400, r#"{"error":"invalid_grant"}"#),
        Answer::new(401, r#"{"error":"invalid_client"}"#),
        Answer::new(407, ""),
    ]
}

fn broken_off(cut_off: CutOff) -> Answer {
    Answer {
        cut_off: Some(cut_off),
        ..Answer::new(200, &TOKEN[..20])
    }
}

#[test]
fn a_transient_failure_is_retried_with_the_same_id_and_a_new_assertion() {
    for failure in transient() {
        let service = Service::answering_in_turn([failure, issued()]);
        let client = service.client(credential(), &[]);
        client.acquire(&plain(APPLICATION), None).unwrap();
        let sent = service.sent();
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[0].correlation_id, sent[1].correlation_id);
        assert_ne!(claims(&sent[0].body)["jti"], claims(&sent[1].body)["jti"]);
    }
}

#[test]
fn a_permanent_failure_is_not_retried() {
    for failure in permanent() {
        let service = Service::answering_in_turn([failure, issued()]);
        let client = service.client(credential(), &[]);
        client.acquire(&plain(APPLICATION), None).unwrap_err();
        assert_eq!(service.sent().len(), 1);
        assert!(service.slept().is_empty());
    }
}

#[test]
fn a_call_succeeds_after_transient_failures() {
    let service = Service::answering_in_turn([unavailable(), Answer::new(408, "<p>timeout</p>"), issued()]);
    let token = service
        .client(credential(), &[])
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(token.access_token.expose(), b"issued-token");
    let sent = service.sent();
    assert_eq!(sent.len(), 3);
    assert!(sent.iter().all(|one| one.correlation_id == sent[0].correlation_id));
    let ids: Vec<Value> = sent.iter().map(|one| claims(&one.body)["jti"].clone()).collect();
    assert!(
        ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2],
        "each attempt has a new assertion"
    );
    assert_eq!(service.slept().len(), 2);
}

#[test]
fn a_timeout_during_a_retry_does_not_hide_the_failure_before_it() {
    let slow = Answer {
        takes: Duration::from_secs(2),
        ..Answer::failing(Status::RequestTimeout)
    };
    let service = Service::answering_in_turn([unavailable(), slow]);
    let request = request(APPLICATION, "", &[("timeout_seconds", "2")]);
    let error = service.client(credential(), &[]).acquire(&request, None).unwrap_err();
    assert_eq!(service.sent().len(), 2);
    assert_eq!(error.status(), Status::ServiceUnavailable);
}

#[test]
fn a_call_fails_after_three_retries_or_the_number_that_is_set() {
    for (options, requests) in [
        (vec![], 4),
        (vec![("http.retries", "0")], 1),
        (vec![("http.retries", "1")], 2),
    ] {
        let service = Service::answering_in_turn([unavailable()]);
        let client = service.client(client_secret(), &options);
        let error = client.acquire(&plain(APPLICATION), None).unwrap_err();
        assert_eq!(error.status(), Status::ServiceUnavailable);
        assert_eq!(service.sent().len(), requests);
    }
}

#[test]
fn the_time_limit_covers_all_requests_and_pauses() {
    for _ in 0..20 {
        let service = Service::answering_in_turn([unavailable()]);
        let client = service.client(client_secret(), &[("http.retries", "10")]);
        client
            .acquire(&request(APPLICATION, "", &[("timeout_seconds", "3")]), None)
            .unwrap_err();
        assert!(service.slept().iter().sum::<Duration>() < Duration::from_secs(3));
    }
}

#[test]
fn each_request_has_the_remaining_time() {
    let seconds = Duration::from_secs;
    let slow = Answer {
        takes: seconds(2),
        ..throttled("1")
    };
    let service = Service::answering_in_turn([slow]);
    let client = service.client(client_secret(), &[("http.retries", "10")]);
    let hurried = request(APPLICATION, "", &[("timeout_seconds", "8")]);
    let error = client.acquire(&hurried, None).unwrap_err();
    assert_eq!(error.status(), Status::Throttled);
    let limits: Vec<_> = service.sent().iter().map(|sent| sent.timeout).collect();
    assert_eq!(limits, [8, 5, 2].map(|left| Some(seconds(left))));
    assert_eq!(service.slept(), [seconds(1), seconds(1)]);
}

#[test]
fn an_assertion_that_was_signed_elsewhere_is_sent_once() {
    for failure in transient().into_iter().chain([wrong_time()]) {
        let service = Service::answering_in_turn([failure, issued()]);
        let assertion = Credential::from_assertion(&secret("a.b.c")).unwrap();
        let client = service.client(assertion, &[]);
        client.acquire(&plain(APPLICATION), None).unwrap_err();
        assert_eq!(service.sent().len(), 1);
    }
}

#[test]
fn retry_after_is_obeyed() {
    let service = Service::answering_in_turn([throttled("7"), issued()]);
    service
        .client(client_secret(), &[])
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(service.slept(), [Duration::from_secs(7)]);
}

#[test]
fn retry_after_as_a_date_is_relative_to_the_service_s_time() {
    let until = Answer {
        date: Some("Fri, 15 Jan 2027 09:00:00 GMT"),
        ..throttled("Fri, 15 Jan 2027 09:00:30 GMT")
    };
    let service = Service::answering_in_turn([until, issued()]);
    service
        .client(client_secret(), &[])
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(service.slept(), [Duration::from_secs(30)]);
}

#[test]
fn a_call_without_time_to_wait_fails_at_once_and_the_wait_is_remembered() {
    let service = Service::answering_in_turn([throttled("7"), issued()]);
    let client = service.client(client_secret(), &[]);
    let hurried = request(APPLICATION, "", &[("timeout_seconds", "5")]);
    let first = client.acquire(&hurried, None).unwrap_err();
    assert_eq!(first.service().unwrap().retry_after, Some(Duration::from_secs(7)));

    let second = client.acquire(&hurried, None).unwrap_err();
    assert_eq!(second.status(), Status::Throttled);
    assert_eq!(second.service().unwrap().retry_after, Some(Duration::from_secs(7)));
    assert_eq!(service.sent().len(), 1, "nothing is sent while the wait lasts");
    assert!(service.slept().is_empty());

    client.acquire(&plain(APPLICATION), None).unwrap();
    assert_eq!(service.slept(), [Duration::from_secs(7)]);
}

#[test]
fn another_application_does_not_wait() {
    let service = Service::answering_in_turn([throttled("7"), issued()]);
    let hurried = request(APPLICATION, "", &[("timeout_seconds", "5")]);
    let client = |proof: &str| {
        let credential = Credential::from_secret(secret(proof)).unwrap();
        service.client(credential, &[("cache", "process")])
    };
    client("of one application").acquire(&hurried, None).unwrap_err();
    client("of another application").acquire(&hurried, None).unwrap();
    assert!(service.slept().is_empty());
}

#[test]
fn a_request_refused_for_its_time_is_signed_again_with_the_service_s_time() {
    let service = Service::answering_in_turn([wrong_time(), issued()]);
    let client = service.client(credential(), &[]);
    let token = client.acquire(&plain(APPLICATION), None).unwrap();
    let sent = service.sent();
    assert_eq!(claims(&sent[0].body)["nbf"], NOW - 60);
    assert_eq!(claims(&sent[1].body)["nbf"], NOW + TWO_HOURS - 60);
    assert_eq!(token.expires_on, from_unix_seconds(NOW + TWO_HOURS + 3599));
    assert_eq!(token.lifetime, Some(Duration::from_secs(3599)));
    assert!(service.slept().is_empty(), "the retry is immediate");

    let forced = request(APPLICATION, "", &[("force_refresh", "true")]);
    client.acquire(&forced, None).unwrap();
    assert_eq!(service.sent().len(), 3, "the service's time is remembered");
}

#[test]
fn a_service_that_sets_its_clock_is_followed_a_limited_number_of_times() {
    let settled = [refusal_at("10:00"), refusal_at("08:00"), refusal_at("10:00"), issued()];
    let service = Service::answering_in_turn(settled);
    service
        .client(credential(), &[])
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(service.sent().len(), 4);

    let restless = ["10:00", "08:00", "10:00", "08:00", "10:00"].map(refusal_at);
    let service = Service::answering_in_turn(restless);
    service
        .client(credential(), &[])
        .acquire(&plain(APPLICATION), None)
        .unwrap_err();
    assert_eq!(service.sent().len(), 4);
}

#[test]
fn a_corrected_clock_is_not_corrected_again() {
    let service = Service::answering_in_turn([wrong_time()]);
    let error = service
        .client(credential(), &[])
        .acquire(&plain(APPLICATION), None)
        .unwrap_err();
    assert!(error.service().unwrap().codes.contains(&700_024));
    assert_eq!(service.sent().len(), 2);
}

#[test]
fn the_date_of_a_response_corrects_the_clock_before_any_refusal() {
    let dated = Answer {
        date: Some("Fri, 15 Jan 2027 10:00:00 GMT"),
        ..unavailable()
    };
    let service = Service::answering_in_turn([dated, issued()]);
    service
        .client(credential(), &[])
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(claims(&service.sent()[1].body)["nbf"], NOW + TWO_HOURS - 60);
}

#[test]
fn a_token_expires_by_the_service_s_clock_however_wrong_the_machine_s_is() {
    for (date, hours) in [
        ("Fri, 15 Jan 2027 20:00:00 GMT", 12),
        ("Fri, 15 Jan 2027 10:00:00 GMT", 2),
        ("Fri, 15 Jan 2027 06:00:00 GMT", -2),
        ("Thu, 14 Jan 2027 20:00:00 GMT", -12),
    ] {
        let body = TOKEN.replace("3599", "3599,\"refresh_in\":3599");
        let dated = Answer {
            date: Some(date),
            ..Answer::new(200, &body)
        };
        let service = Service::answering_in_turn([dated]);
        let client = service.client(credential(), &[]);
        let token = client.acquire(&plain(APPLICATION), None).unwrap();
        assert_eq!(token.expires_on, from_unix_seconds(NOW + hours * 3600 + 3599), "{date}");
        assert_eq!(token.lifetime, Some(Duration::from_secs(3599)), "{date}");
        let elapse = |seconds: i64| {
            *service.now.lock().unwrap() += seconds;
            service.elapse(Duration::from_secs(seconds.unsigned_abs()));
        };
        elapse(3299 - 1);
        let cached = client.acquire(&plain(APPLICATION), None).unwrap();
        assert_eq!(service.sent().len(), 1, "{date}");
        assert_eq!(cached.lifetime, Some(Duration::from_secs(301)), "{date}");
        elapse(1);
        client.acquire(&plain(APPLICATION), None).unwrap();
        assert_eq!(service.sent().len(), 2, "{date}");
    }
}

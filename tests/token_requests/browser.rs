//! Signing in in a browser: the address, the answer, and the exchange of the code (RFC 6749 section 4.1).

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use graphtoken::base::cancel::Cancel;
use graphtoken::base::error::{Error, Result, Status};
use graphtoken::client::Client;
use graphtoken::client::options::Options;
use graphtoken::request::scope::Scopes;
use graphtoken::request::settings::RequestSettings;
use graphtoken::sign_in::browser::SignIn;
use graphtoken::token::{AcquiredToken, TokenSource};
use serde_json::{Value, json};
use test_support::browser::parameter;

use crate::service::{Answer, CLIENT, ENDPOINT, NOW, Service, client_secret};

const TENANT_ID: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
/// Longer than the clock of these tests can run while a browser answers.
const PATIENT: (&str, &str) = ("timeout_seconds", "86400");

fn options(pairs: &[(&str, &str)]) -> Options {
    let mut all = Options::default();
    for (key, value) in pairs {
        all.set(key, value).unwrap();
    }
    all
}

fn settings(pairs: &[(&str, &str)]) -> RequestSettings {
    options(pairs).request
}

fn start_with(client: &Client, pairs: &[(&str, &str)]) -> Result<SignIn> {
    let options = options(pairs);
    let scopes = Scopes::parse("User.Read").unwrap();
    SignIn::new(client, scopes, &options.request, &options.sign_in)
}

fn start(client: &Client) -> SignIn {
    start_with(client, &[]).unwrap()
}

fn query(sign_in: &SignIn, name: &str) -> String {
    parameter(sign_in.url(), name).unwrap_or_default()
}

/// What the browser sends. It waits at the listener until the call does.
fn brings(sign_in: &SignIn, body: &str) -> JoinHandle<String> {
    let host = sign_in.redirect_uri().strip_prefix("http://").unwrap().to_owned();
    let request = format!(
        "POST / HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: \
         {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    thread::spawn(move || {
        let mut page = String::new();
        stream.read_to_string(&mut page).unwrap();
        page
    })
}

fn brings_code(sign_in: &SignIn) -> JoinHandle<String> {
    brings(sign_in, &format!("code=the-code&state={}", query(sign_in, "state")))
}

fn claims(sign_in: &SignIn) -> Value {
    json!({
        "iss": format!("https://login.microsoftonline.com/{TENANT_ID}/v2.0"), "tid": TENANT_ID, "aud": CLIENT,
        "nonce": query(sign_in, "nonce"), "exp": NOW + 3600, "iat": NOW, "preferred_username": "alice@contoso.com",
    })
}

fn issued(claims: &Value) -> String {
    let [header, claims] = [&json!({"alg": "RS256"}), claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    json!({
        "token_type": "Bearer", "expires_in": 3600, "access_token": "issued-token", "refresh_token": "refreshing",
        "scope": "User.Read", "id_token": format!("{header}.{claims}.c2ln"),
    })
    .to_string()
}

fn acquire(client: &Client, sign_in: &SignIn) -> Result<AcquiredToken> {
    client.acquire(&sign_in.request(settings(&[PATIENT])), None)
}

/// The error of a sign-in that the browser ends with this answer.
fn refused(answer: &str) -> (Error, Arc<Service>) {
    let service = Service::issuing();
    let client = service.client(None, &[]);
    let sign_in = start(&client);
    let page = brings(&sign_in, &format!("{answer}&state={}", query(&sign_in, "state")));
    let error = acquire(&client, &sign_in).unwrap_err();
    page.join().unwrap();
    (error, service)
}

/// The error of a sign-in whose code is exchanged for this answer.
fn exchanged(answer: impl FnOnce(&SignIn) -> Answer) -> (Error, Arc<Service>) {
    let service = Service::answering_in_turn([Answer::new(500, "")]);
    let client = service.client(None, &[]);
    let sign_in = start(&client);
    service.set_answer(answer(&sign_in));
    let page = brings_code(&sign_in);
    let error = acquire(&client, &sign_in).unwrap_err();
    page.join().unwrap();
    (error, service)
}

#[test]
fn the_address_has_what_the_authority_needs_and_nothing_secret() {
    let service = Service::issuing();
    let client = service.client(None, &[]);
    let sign_in = start_with(&client, &[("claims", r#"{"a":1}"#)]).unwrap();
    let (endpoint, rest) = sign_in.url().split_once('?').unwrap();
    assert_eq!(endpoint, ENDPOINT.replace("/token", "/authorize"));
    let fields: Vec<(&str, &str)> = rest.split('&').filter_map(|field| field.split_once('=')).collect();
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let expected = "client_id response_type redirect_uri scope claims state nonce code_challenge code_challenge_method \
                    response_mode client_info prompt client-request-id";
    assert_eq!(names.join(" "), expected);
    let values: HashMap<&str, &str> = fields.into_iter().collect();
    for (name, value) in [
        ("client_id", CLIENT),
        ("response_type", "code"),
        ("scope", "openid+offline_access+profile+User.Read"),
        ("claims", "%7B%22a%22%3A1%7D"),
        ("code_challenge_method", "S256"),
        ("response_mode", "form_post"),
        ("client_info", "1"),
        ("prompt", "select_account"),
    ] {
        assert_eq!(values[name], value, "{name}");
    }
    for name in ["state", "nonce", "code_challenge"] {
        assert_eq!(values[name].len(), 43, "{name}");
    }
    let redirect_uri = sign_in.redirect_uri();
    assert!(redirect_uri.starts_with("http://localhost:") && !redirect_uri.ends_with('/'));
    assert_eq!(query(&sign_in, "redirect_uri"), redirect_uri);
    assert!(service.sent().is_empty());
    let other = start(&client);
    for name in ["state", "nonce", "code_challenge", "client-request-id"] {
        assert_ne!(query(&sign_in, name), query(&other, name), "{name}");
    }
}

#[test]
fn hint_and_prompt_decide_what_the_user_is_shown() {
    let client = Service::issuing().client(None, &[]);
    for (options, prompt, hint) in [
        (&[][..], "select_account", ""),
        (&[("login_hint", "alice@contoso.com")], "", "alice@contoso.com"),
        (&[("prompt", "Login")], "login", ""),
        (&[("prompt", "none"), ("login_hint", "a&b")], "none", "a&b"),
    ] {
        let sign_in = start_with(&client, options).unwrap();
        assert_eq!(query(&sign_in, "prompt"), prompt);
        assert_eq!(query(&sign_in, "login_hint"), hint);
    }
    let numbered = start_with(&client, &[("redirect.host", "127.0.0.1")]).unwrap();
    assert!(numbered.redirect_uri().starts_with("http://127.0.0.1:"));
}

#[test]
fn the_code_is_exchanged_once_with_its_verifier() {
    let service = Service::issuing();
    let client = service.client(None, &[]);
    let sign_in = start(&client);
    service.answer(200, &issued(&claims(&sign_in)));
    let page = brings_code(&sign_in);
    let request = sign_in.request(settings(&[PATIENT]));
    let token = client.acquire(&request, None).unwrap();
    assert_eq!(token.access_token.expose(), b"issued-token");
    assert_eq!(token.refresh_token().unwrap().expose(), b"refreshing");
    assert!(page.join().unwrap().contains("You are signed in"));

    let sent = service.sent();
    assert_eq!((sent.len(), sent[0].url.as_str()), (1, ENDPOINT));
    let (body, verifier) = sent[0].body.split_once("&code_verifier=").unwrap();
    let redirect_uri = sign_in.redirect_uri().replace(':', "%3A").replace('/', "%2F");
    assert_eq!(
        body,
        format!(
            "client_id={CLIENT}&scope=openid+offline_access+profile+User.Read&grant_type=authorization_code\
             &code=the-code&redirect_uri={redirect_uri}"
        )
    );
    let verifier = verifier.strip_suffix("&client_info=1").unwrap();
    assert_eq!(verifier.len(), 43);
    assert_eq!(sent[0].correlation_id, query(&sign_in, "client-request-id"));
    assert!(!sign_in.url().contains(verifier));
    assert!(!format!("{sign_in:?} {request:?}").contains(verifier));

    let again = client.acquire(&request, None).unwrap();
    assert_eq!((again.source, service.sent().len()), (TokenSource::Cache, 1));
}

#[test]
fn a_confidential_client_proves_itself_with_the_code() {
    let service = Service::issuing();
    let client = service.client(client_secret(), &[]);
    let sign_in = start(&client);
    service.answer(200, &issued(&claims(&sign_in)));
    brings_code(&sign_in);
    acquire(&client, &sign_in).unwrap();
    assert!(!sign_in.url().contains("s3cret"));
    assert!(service.sent()[0].body.contains("&client_secret=s3cret+value&"));
}

#[test]
fn what_the_authority_answers_in_place_of_a_code_is_told() {
    for (answer, status, part) in [
        ("error=access_denied", Status::ServiceRejected, "access_denied"),
        (
            "error=access_denied&error_description=AADSTS65004%3A+User+declined.%0d%0aTrace+ID%3A+x",
            Status::ServiceRejected,
            "AADSTS65004: User declined. (access_denied)",
        ),
        ("error=login_required", Status::InteractionRequired, "login_required"),
        (
            "error=interaction_required",
            Status::InteractionRequired,
            "interaction_required",
        ),
        (
            "error=consent_required",
            Status::InteractionRequired,
            "consent_required",
        ),
        (
            "error=invalid_request&error_description=%1b%5B31mred",
            Status::ServiceRejected,
            "red",
        ),
        ("error=server_error", Status::ServiceRejected, "server_error"),
    ] {
        let (error, service) = refused(answer);
        assert_eq!(error.status(), status, "{answer}: {error}");
        assert!(error.message().contains(part), "{answer}: {error}");
        assert!(
            !error.message().contains('\u{1b}') && !error.hint().is_empty(),
            "{error}"
        );
        assert!(service.sent().is_empty(), "{answer}");
    }
    let (error, _) = refused("error=access_denied&error_description=AADSTS65004%3A+no");
    assert_eq!(error.service().unwrap().codes, [65004]);
}

#[test]
fn an_answer_of_another_issuer_ends_it_before_the_code_is_sent() {
    let (error, service) = refused("code=the-code&iss=https%3A%2F%2Fevil.example");
    assert_eq!(error.status(), Status::MalformedResponse);
    assert!(service.sent().is_empty());
    let own = format!("code=the-code&iss=https%3A%2F%2Flogin.microsoftonline.com%2F{TENANT_ID}%2Fv2.0");
    let (error, service) = refused(&own);
    assert!(error.message().contains("id token"), "{error}");
    assert_eq!(service.sent().len(), 1);
}

#[test]
fn an_id_token_of_another_sign_in_is_not_believed() {
    for (name, value, part) in [
        ("nonce", json!("another"), "nonce"),
        ("aud", json!("another"), "another application"),
        ("iss", json!("https://evil.example"), "another issuer"),
        ("exp", json!(NOW - 3600), "expired"),
    ] {
        let (error, service) = exchanged(|sign_in| {
            let mut claims = claims(sign_in);
            claims[name] = value;
            Answer::new(200, issued(&claims))
        });
        assert_eq!(error.status(), Status::MalformedResponse, "{name}");
        assert!(error.message().contains(part), "{name}: {error}");
        assert_eq!(service.sent().len(), 1);
    }
    let (error, _) = exchanged(|_| Answer::new(200, crate::service::TOKEN));
    assert_eq!(error.status(), Status::MalformedResponse);
    assert!(error.message().contains("is missing"), "{error}");
}

#[test]
fn a_code_is_never_sent_twice() {
    for (answer, status) in [
        (Answer::failing(Status::ConnectionFailed), Status::ConnectionFailed),
        (Answer::failing(Status::RequestTimeout), Status::RequestTimeout),
        (Answer::new(503, "{}"), Status::ServiceUnavailable),
        (Answer::new(429, "{}"), Status::Throttled),
    ] {
        let (error, service) = exchanged(|_| answer);
        assert_eq!((error.status(), service.sent().len()), (status, 1), "{error}");
        assert!(error.hint().contains("Start the sign-in again"), "{error}");
    }
    let spent = json!({"error": "invalid_grant", "error_description": "AADSTS54005: already redeemed"});
    let (error, service) = exchanged(|_| Answer::new(400, spent.to_string()));
    assert_eq!(
        (error.status(), service.sent().len()),
        (Status::UserCredentialRejected, 1)
    );
}

#[test]
fn a_service_that_repeats_the_code_or_the_verifier_is_not_quoted() {
    let service = Service::issuing();
    let client = service.client(None, &[]);
    let sign_in = start(&client);
    service.hold();
    let code = "an-authorization-code-that-is-secret";
    brings(&sign_in, &format!("code={code}&state={}", query(&sign_in, "state")));
    let call = thread::spawn(move || acquire(&client, &sign_in));
    service.await_requests(1);
    let body = service.sent()[0].body.clone();
    let verifier = body.split("code_verifier=").nth(1).unwrap().split('&').next().unwrap();
    let said = json!({"error": "invalid_grant", "error_description": format!("No: {code} and {verifier}, in {body}")});
    service.answer(400, &said.to_string());
    service.release();
    let error = call.join().unwrap().unwrap_err();
    for secret in [code, verifier] {
        let shown = format!("{error} {} {error:?}", error.hint());
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn the_wait_has_an_end() {
    for (options, seconds) in [(&[][..], 300), (&[("timeout_seconds", "7")], 7)] {
        let service = Service::issuing();
        let client = service.client(None, &[]);
        let sign_in = start(&client);
        let request = sign_in.request(settings(options));
        let error = client.acquire(&request, None).unwrap_err();
        assert_eq!(error.status(), Status::RequestTimeout);
        let waited: Duration = service.slept().iter().sum();
        assert_eq!(waited, Duration::from_secs(seconds));
        assert!(service.sent().is_empty());

        let again = client.acquire(&request, None).unwrap_err();
        assert_eq!(again.status(), Status::InvalidArgument);
        assert!(again.message().contains("has ended"), "{again}");
    }
}

#[test]
fn a_cancelled_call_ends_at_once_and_closes_the_port() {
    let service = Service::issuing();
    let client = service.client(None, &[]);
    let sign_in = start(&client);
    let host = sign_in.redirect_uri().strip_prefix("http://").unwrap();
    let cancel = Arc::new(Cancel::default());
    let request = sign_in.request(settings(&[PATIENT]));
    let call = {
        let (client, cancel) = (client.clone(), Arc::clone(&cancel));
        thread::spawn(move || client.acquire(&request, Some(&cancel)))
    };
    cancel.signal();
    assert_eq!(call.join().unwrap().unwrap_err().status(), Status::Cancelled);
    drop(TcpStream::connect(host));
    // Whether the call began to wait or not: nothing listens once the sign-in is gone.
    let host = host.to_owned();
    drop(sign_in);
    while TcpStream::connect(&host).is_ok() {
        thread::yield_now();
    }
}

#[test]
fn a_port_that_is_in_use_is_refused_before_anything_is_sent() {
    let client = Service::issuing().client(None, &[]);
    let first = start(&client);
    let port = first.redirect_uri().rsplit(':').next().unwrap().to_owned();
    let error = start_with(&client, &[("redirect.port", &port)]).unwrap_err();
    assert_eq!(error.status(), Status::InvalidArgument);
    assert!(error.message().contains(&port), "{error}");
    drop(first);
    let second = start_with(&client, &[("redirect.port", &port)]).unwrap();
    assert!(second.redirect_uri().ends_with(&port));
}

#[test]
fn a_managed_identity_has_no_users() {
    let client = Client::for_managed_identity(&options(&[]).client).unwrap();
    let error = start_with(&client, &[]).unwrap_err();
    assert_eq!(error.status(), Status::InvalidArgument);
}

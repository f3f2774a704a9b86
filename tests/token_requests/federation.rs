//! Assertions of other issuers: files and callbacks, and how often they are asked.

use std::collections::VecDeque;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use graphtoken::AssertionCallback;
use graphtoken::base::error::{Error, Result, Status};
use graphtoken::base::parameter::FEDERATED_TOKEN_FILE;
use graphtoken::base::secret::Secret;
use graphtoken::credential::Credential;
use graphtoken::credential::assertion_callback::CalledAssertion;
use graphtoken::request::grant::ClientCredentials;
use graphtoken::token::TokenSource;
use graphtoken::token::jwt::BASE64URL;

use crate::service::{Answer, CLIENT, ENDPOINT, Service, TENANT, TOKEN, plain, request, secret};

const APPLICATION: ClientCredentials = ClientCredentials;

fn file(path: &Path) -> Credential {
    Credential::from_assertion_file(path, &FEDERATED_TOKEN_FILE).unwrap()
}

/// The assertions that were sent, in order.
fn assertions(service: &Service) -> Vec<String> {
    let assertion = |body: String| {
        body.split("client_assertion=")
            .nth(1)
            .unwrap()
            .split('&')
            .next()
            .unwrap()
            .to_owned()
    };
    service.sent().into_iter().map(|sent| assertion(sent.body)).collect()
}

fn refused(code: u32) -> Answer {
    let body =
        format!(r#"{{"error":"invalid_client","error_description":"AADSTS{code}: No.","error_codes":[{code}]}}"#);
    Answer::new(401, body)
}

fn error(content: &str) -> Error {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    fs::write(&path, content).unwrap();
    error_of(&path)
}

/// The error for what is at `path`; nothing is sent.
fn error_of(path: &Path) -> Error {
    let service = Service::issuing();
    let error = service
        .client(file(path), &[])
        .acquire(&plain(APPLICATION), None)
        .unwrap_err();
    assert!(service.sent().is_empty(), "{error}");
    error
}

#[test]
fn a_file_is_read_for_each_request_and_sent_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    fs::write(&path, "\u{feff} a.b.c\r\n").unwrap();
    let service = Service::issuing();
    let client = service.client(file(&path), &[]);
    let forced = request(APPLICATION, "", &[("force_refresh", "true")]);
    client.acquire(&forced, None).unwrap();
    fs::write(&path, "d.e.f").unwrap();
    client.acquire(&forced, None).unwrap();
    assert_eq!(assertions(&service), ["a.b.c", "d.e.f"]);
    let body = &service.sent()[0].body;
    let kind = "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
    assert!(body.contains(kind) && body.contains(CLIENT), "{body}");
}

#[test]
fn a_file_that_has_changed_keeps_its_tokens_in_the_cache_and_another_file_has_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let [one, other] = ["one", "other"].map(|name| folder.path().join(name));
    fs::write(&one, "a.b.c").unwrap();
    fs::write(&other, "a.b.c").unwrap();
    let service = Service::issuing();
    let source = |path| {
        let client = service.client(file(path), &[("cache", "process"), ("assertion.audience", "x")]);
        client
            .acquire(&request(APPLICATION, "api://federation/.default", &[]), None)
            .unwrap()
            .source
    };
    assert_eq!(source(&one), TokenSource::Network);
    fs::write(&one, "d.e.f").unwrap();
    assert_eq!(source(&one), TokenSource::Cache);
    assert_eq!(source(&other), TokenSource::Network);
}

#[test]
fn transient_failures_are_retried_with_what_the_file_holds_then() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    fs::write(&path, "a.b.c").unwrap();
    let service = Service::answering_in_turn([Answer::new(503, ""), Answer::new(200, TOKEN)]);
    service
        .client(file(&path), &[])
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(assertions(&service).len(), 2);
}

#[test]
fn an_assertion_outside_its_time_is_fetched_anew_once() {
    let callback = Arc::new(Counting::of(["a.b.c", "d.e.f", "g.h.i", "j.k.l"]));
    let service = Service::answering_in_turn([refused(700_024), Answer::new(200, TOKEN)]);
    service
        .client(of(&callback), &[])
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(assertions(&service), ["a.b.c", "d.e.f"]);
    assert!(service.slept().is_empty());

    let service = Service::answering_in_turn([refused(700_024)]);
    let error = service
        .client(of(&callback), &[])
        .acquire(&plain(APPLICATION), None)
        .unwrap_err();
    assert_eq!(error.status(), Status::ClientCredentialRejected);
    assert_eq!(service.sent().len(), 2);
}

#[test]
fn what_is_wrong_with_the_registration_is_not_retried() {
    for code in [70_021, 700_211, 700_212, 700_213, 7_000_222] {
        let service = Service::answering_in_turn([refused(code)]);
        let callback = Arc::new(Counting::of(["a.b.c"]));
        service
            .client(of(&callback), &[])
            .acquire(&plain(APPLICATION), None)
            .unwrap_err();
        assert_eq!(service.sent().len(), 1, "{code}");
    }
}

#[test]
fn the_hint_for_a_wrong_subject_shows_the_claims_and_never_the_assertion() {
    let claims =
        r#"{"iss":"https://issuer.example","sub":"repo:a/b:ref:refs/heads/main","aud":"api://AzureADTokenExchange"}"#;
    let signature = "c2lnbmF0dXJl".repeat(6);
    let assertion = format!("e30.{}.{signature}", BASE64URL.encode(claims));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    fs::write(&path, &assertion).unwrap();
    for code in [70_021, 700_213] {
        let description = format!("AADSTS{code}: No matching federated identity record found for {assertion}.");
        let body =
            format!(r#"{{"error":"invalid_client","error_description":"{description}","error_codes":[{code}]}}"#);
        let service = Service::answering(401, &body);
        let error = service
            .client(file(&path), &[])
            .acquire(&plain(APPLICATION), None)
            .unwrap_err();
        for part in [
            "https://issuer.example",
            "repo:a/b:ref:refs/heads/main",
            "api://AzureADTokenExchange",
        ] {
            assert!(error.hint().contains(part), "{part}: {}", error.hint());
        }
        let all = format!("{error:?} {} {}", error.message(), error.hint());
        assert!(
            !all.contains(&signature) && !all.contains(&BASE64URL.encode(claims)),
            "{all}"
        );
    }
}

#[test]
fn what_is_no_token_is_refused_before_anything_is_sent() {
    for (content, says) in [
        ("a.b.c\nd.e.f", "contains white space"),
        ("a.b\u{7}.c", "control characters"),
        ("a.\u{e4}.c", "non-ASCII"),
    ] {
        let error = error(content);
        assert_eq!(error.status(), Status::InvalidArgument, "{content:?}");
        assert!(
            error.message().contains(says) && !error.message().contains("a.b"),
            "{error}"
        );
    }
    assert!(
        error(&"x".repeat(64 * 1024 + 1))
            .message()
            .contains("larger than 64 KiB")
    );
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("latin"), b"a.\xe4.c").unwrap();
    let latin = error_of(&folder.path().join("latin"));
    assert!(latin.message().contains("not UTF-8"), "{latin}");
    let directory = error_of(folder.path());
    assert_eq!(directory.status(), Status::InvalidArgument, "{directory}");
    let missing = error_of(&folder.path().join("missing"));
    assert_eq!(missing.status(), Status::CredentialMissing, "{missing}");
    let empty = Credential::from_assertion_file(Path::new(""), &FEDERATED_TOKEN_FILE).unwrap_err();
    assert_eq!(empty.status(), Status::CredentialMissing);
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_and_a_pipe_or_device_is_refused_without_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let [target, link, pipe] = ["target", "link", "pipe"].map(|name| folder.path().join(name));
    fs::write(&target, "a.b.c").unwrap();
    std::os::unix::fs::symlink(&target, &link).unwrap();
    let service = Service::issuing();
    service
        .client(file(&link), &[])
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(assertions(&service), ["a.b.c"]);
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    for path in [pipe.as_path(), Path::new("/dev/zero")] {
        let error = error_of(path);
        assert_eq!(error.status(), Status::InvalidArgument);
        assert!(error.message().contains("not a regular file"), "{error}");
    }
}

#[test]
fn an_empty_file_is_read_again_once_after_a_pause_of_the_clock() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    fs::write(&path, " \n").unwrap();
    let service = Service::issuing();
    let error = service
        .client(file(&path), &[])
        .acquire(&plain(APPLICATION), None)
        .unwrap_err();
    assert_eq!(error.status(), Status::CredentialMissing, "{error}");
    assert!(
        error.message().contains("is empty") && service.sent().is_empty(),
        "{error}"
    );
    assert_eq!(service.slept(), [Duration::from_millis(100)]);
}

#[test]
fn a_callback_is_called_once_for_each_request_and_told_what_for() {
    let callback = Arc::new(Counting::of(["a.b.c", "d.e.f"]));
    let service = Service::answering_in_turn([Answer::new(503, ""), Answer::new(200, TOKEN)]);
    service
        .client(of(&callback), &[])
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(assertions(&service), ["a.b.c", "d.e.f"]);
    let asked = (TENANT.to_owned(), CLIENT.to_owned(), ENDPOINT.to_owned());
    assert_eq!(*callback.asked.lock().unwrap(), [asked.clone(), asked]);
}

#[test]
fn what_a_callback_returns_is_checked_like_a_file() {
    for (text, status) in [
        ("", Status::CredentialMissing),
        ("two words", Status::InvalidArgument),
        ("a.b.c\r\nX: 1", Status::InvalidArgument),
    ] {
        let service = Service::issuing();
        let callback = Arc::new(Counting::of([text]));
        let error = service
            .client(of(&callback), &[])
            .acquire(&plain(APPLICATION), None)
            .unwrap_err();
        assert_eq!(error.status(), status, "{text:?}: {error}");
        assert!(service.sent().is_empty());
    }
    let service = Service::issuing();
    let error = service
        .client(of(&Arc::new(Counting::of([]))), &[])
        .acquire(&plain(APPLICATION), None)
        .unwrap_err();
    assert_eq!(
        (error.status(), error.message()),
        (Status::SigningFailed, "No assertion is left.")
    );
}

#[test]
fn each_callback_has_tokens_of_its_own() {
    let service = Service::issuing();
    for _ in 0..2 {
        let client = service.client(of(&Arc::new(Counting::of(["a.b.c"]))), &[("cache", "process")]);
        let scopes = request(APPLICATION, "api://callbacks/.default", &[]);
        assert_eq!(client.acquire(&scopes, None).unwrap().source, TokenSource::Network);
        assert_eq!(client.acquire(&scopes, None).unwrap().source, TokenSource::Cache);
    }
}

fn of(callback: &Arc<Counting>) -> Credential {
    Credential::from_source(CalledAssertion::new(Arc::clone(callback) as _).unwrap())
}

/// Gives its assertions in turn, and remembers what it was asked for.
struct Counting {
    left: Mutex<VecDeque<&'static str>>,
    asked: Mutex<Vec<(String, String, String)>>,
}

impl Counting {
    fn of<const COUNT: usize>(assertions: [&'static str; COUNT]) -> Self {
        Self {
            left: Mutex::new(assertions.into()),
            asked: Mutex::default(),
        }
    }
}

impl AssertionCallback for Counting {
    fn assertion(&self, tenant: &str, client_id: &str, token_endpoint: &str) -> Result<Secret> {
        let asked = [tenant, client_id, token_endpoint].map(str::to_owned);
        self.asked.lock().unwrap().push(asked.into());
        let next = self.left.lock().unwrap().pop_front();
        next.map(secret)
            .ok_or_else(|| Error::new(Status::SigningFailed, "No assertion is left.", ""))
    }
}

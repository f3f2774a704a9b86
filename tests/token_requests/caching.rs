//! Which calls are served from memory.

use std::time::Duration;

use graphtoken::credential::Credential;
use graphtoken::request::grant::{ClientCredentials, Password};
use graphtoken::token::{TokenSource, UNKNOWN_END};

use crate::service::{NOW, Service, client_secret, plain, request, secret};

const APPLICATION: ClientCredentials = ClientCredentials;

#[test]
fn a_token_is_kept_until_five_minutes_before_its_end() {
    // No early renewal, which would be another request.
    let body = r#"{"token_type":"Bearer","expires_in":3599,"refresh_in":3599,"access_token":"t"}"#;
    let service = Service::answering(200, body);
    let client = service.client(client_secret(), &[]);
    assert_eq!(
        client.acquire(&plain(APPLICATION), None).unwrap().source,
        TokenSource::Network
    );
    *service.now.lock().unwrap() = NOW + 3599 - 301;
    assert_eq!(
        client.acquire(&plain(APPLICATION), None).unwrap().source,
        TokenSource::Cache
    );
    *service.now.lock().unwrap() = NOW + 3599 - 300;
    assert_eq!(
        client.acquire(&plain(APPLICATION), None).unwrap().source,
        TokenSource::Network
    );
    assert_eq!(service.sent().len(), 2);
}

#[test]
fn a_token_of_unknown_lifetime_is_not_kept() {
    for body in [
        r#"{"token_type":"Bearer","access_token":"t"}"#,
        r#"{"token_type":"Bearer","access_token":"t","expires_in":null}"#,
    ] {
        let service = Service::answering(200, body);
        let client = service.client(client_secret(), &[]);
        for requests in 1..3 {
            let token = client.acquire(&plain(APPLICATION), None).unwrap();
            assert_eq!((token.source, token.expires_on), (TokenSource::Network, UNKNOWN_END));
            assert_eq!(service.sent().len(), requests);
        }
    }
}

#[test]
fn a_caller_can_ask_for_a_longer_lifetime_or_a_new_token() {
    let service = Service::issuing();
    let client = service.client(client_secret(), &[]);
    client.acquire(&plain(APPLICATION), None).unwrap();
    client
        .acquire(&request(APPLICATION, "", &[("minimum_lifetime_seconds", "3598")]), None)
        .unwrap();
    assert_eq!(service.sent().len(), 1);
    client
        .acquire(&request(APPLICATION, "", &[("minimum_lifetime_seconds", "3600")]), None)
        .unwrap();
    client
        .acquire(&request(APPLICATION, "", &[("force_refresh", "true")]), None)
        .unwrap();
    assert_eq!(service.sent().len(), 3);
}

#[test]
fn scopes_are_the_same_in_any_order_and_case() {
    let service = Service::issuing();
    let client = service.client(client_secret(), &[]);
    client.acquire(&request(APPLICATION, "a/x a/y", &[]), None).unwrap();
    client.acquire(&request(APPLICATION, "A/Y a/X a/x", &[]), None).unwrap();
    assert_eq!(service.sent().len(), 1);
    client.acquire(&request(APPLICATION, "a/x", &[]), None).unwrap();
    client
        .acquire(&request(APPLICATION, "a/x a/y", &[("claims", "{}")]), None)
        .unwrap();
    assert_eq!(service.sent().len(), 3);
}

#[test]
fn a_cached_token_is_served_only_with_the_same_credential() {
    let service = Service::issuing();
    let shared = [("cache", "process")];
    let right = service.client(client_secret(), &shared);
    right.acquire(&plain(APPLICATION), None).unwrap();
    service
        .client(client_secret(), &shared)
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(service.sent().len(), 1, "the same credential shares the token");
    let other = Credential::from_secret(secret("another")).unwrap();
    service
        .client(Some(other), &shared)
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(service.sent().len(), 2, "another credential needs its own request");

    let user = |password: &str| plain(Password::new("alice", secret(password)).unwrap());
    right.acquire(&user("one"), None).unwrap();
    right.acquire(&user("two"), None).unwrap();
    assert_eq!(service.sent().len(), 4, "another password needs its own request");
}

#[test]
fn clients_keep_their_tokens_to_themselves_unless_told_otherwise() {
    let service = Service::issuing();
    service
        .client(client_secret(), &[])
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    service
        .client(client_secret(), &[])
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(service.sent().len(), 2);
    let forgetful = service.client(client_secret(), &[("cache", "none")]);
    forgetful.acquire(&plain(APPLICATION), None).unwrap();
    forgetful.acquire(&plain(APPLICATION), None).unwrap();
    assert_eq!(service.sent().len(), 4);
}

#[test]
fn a_failure_is_not_kept() {
    let service = Service::answering(400, r#"{"error":"invalid_grant"}"#);
    let client = service.client(client_secret(), &[]);
    assert!(client.acquire(&plain(APPLICATION), None).is_err());
    assert!(client.acquire(&plain(APPLICATION), None).is_err());
    assert_eq!(service.sent().len(), 2);
}

#[test]
fn a_lookup_in_the_cache_sends_no_request() {
    let service = Service::issuing();
    let client = service.client(client_secret(), &[]);
    assert!(client.cached(&plain(APPLICATION)).is_none());
    client.acquire(&plain(APPLICATION), None).unwrap();
    let token = client.cached(&plain(APPLICATION)).unwrap();
    assert_eq!(token.source, TokenSource::Cache);
    assert!(
        client
            .cached(&request(APPLICATION, "", &[("force_refresh", "true")]))
            .is_none()
    );
    *service.now.lock().unwrap() = NOW + 3599;
    assert!(client.cached(&plain(APPLICATION)).is_none());
    assert_eq!(service.sent().len(), 1);
}

#[test]
fn a_clock_that_is_set_back_revives_no_token() {
    let service = Service::issuing();
    let client = service.client(client_secret(), &[]);
    client.acquire(&plain(APPLICATION), None).unwrap();
    *service.now.lock().unwrap() -= 3600;
    service.elapse(Duration::from_secs(3000));
    client.acquire(&plain(APPLICATION), None).unwrap();
    assert_eq!(service.sent().len(), 1, "the token has not expired");
    service.elapse(Duration::from_secs(599));
    client.acquire(&plain(APPLICATION), None).unwrap();
    assert_eq!(service.sent().len(), 2);
}

#[test]
fn a_token_that_expired_while_the_machine_slept_is_not_served() {
    let service = Service::issuing();
    let client = service.client(client_secret(), &[]);
    client.acquire(&plain(APPLICATION), None).unwrap();
    *service.now.lock().unwrap() += 3599;
    client.acquire(&plain(APPLICATION), None).unwrap();
    assert_eq!(service.sent().len(), 2);
}

//! Concurrent callers: they share one request, and do not block each other.

use std::sync::Arc;
use std::thread;

use graphtoken::base::cancel::Cancel;
use graphtoken::base::error::Status;
use graphtoken::request::grant::ClientCredentials;
use graphtoken::token::TokenSource;

use crate::service::{NOW, Service, client_secret, plain, request};

const APPLICATION: ClientCredentials = ClientCredentials;
const CALLERS: usize = 200;

/// A token whose renewal is due in the second half of its lifetime.
const RENEWABLE: &str = r#"{"token_type":"Bearer","expires_in":3600,"refresh_in":1800,"access_token":"first"}"#;
const RENEWED: &str = r#"{"token_type":"Bearer","expires_in":3600,"refresh_in":1800,"access_token":"second"}"#;

/// The time after `refresh_in` and the longest delay that is added to it.
const RENEWAL: i64 = NOW + 1800 + 180 + 1;

#[test]
fn concurrent_callers_for_the_same_token_share_one_request() {
    let service = Service::issuing();
    service.hold();
    let client = service.client(client_secret(), &[]);
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let client = client.clone();
            thread::spawn(move || client.acquire(&plain(APPLICATION), None).unwrap().source)
        })
        .collect();
    service.await_requests(1);
    service.release();
    let sources: Vec<_> = callers.into_iter().map(|caller| caller.join().unwrap()).collect();
    assert_eq!(service.sent().len(), 1);
    let from_network = sources.iter().filter(|source| **source == TokenSource::Network).count();
    assert_eq!(from_network, 1);
}

#[test]
fn clients_with_the_process_s_cache_share_requests_too() {
    let service = Service::issuing();
    service.hold();
    let callers = [0; 2].map(|_| {
        let client = service.client(client_secret(), &[("cache", "process")]);
        thread::spawn(move || {
            client
                .acquire(&request(APPLICATION, "https://sharing/.default", &[]), None)
                .unwrap()
        })
    });
    service.await_requests(1);
    service.release();
    for caller in callers {
        caller.join().unwrap();
    }
    assert_eq!(service.sent().len(), 1);
}

#[test]
fn a_caller_for_another_token_does_not_wait() {
    let service = Service::issuing();
    let client = service.client(client_secret(), &[]);
    service.hold();
    let first = {
        let client = client.clone();
        thread::spawn(move || client.acquire(&plain(APPLICATION), None))
    };
    service.await_requests(1);
    let second = {
        let client = client.clone();
        thread::spawn(move || client.acquire(&request(APPLICATION, "https://other/.default", &[]), None))
    };
    service.await_requests(2);
    service.release();
    assert!(first.join().unwrap().is_ok());
    assert!(second.join().unwrap().is_ok());
}

#[test]
fn a_cancelled_call_does_not_cancel_the_shared_request() {
    let service = Service::issuing();
    let client = service.client(client_secret(), &[]);
    service.hold();
    let cancel = Arc::new(Cancel::default());
    let first = {
        let (client, cancel) = (client.clone(), Arc::clone(&cancel));
        thread::spawn(move || client.acquire(&plain(APPLICATION), Some(&cancel)))
    };
    service.await_requests(1);
    cancel.signal();
    assert_eq!(first.join().unwrap().unwrap_err().status(), Status::Cancelled);
    let second = thread::spawn(move || client.acquire(&plain(APPLICATION), None));
    service.release();
    assert_eq!(second.join().unwrap().unwrap().source, TokenSource::Cache);
    assert_eq!(service.sent().len(), 1);
}

#[test]
fn a_call_succeeds_after_another_one_panicked() {
    let service = Service::issuing();
    let client = service.client(client_secret(), &[]);
    service.break_down();
    let broken = {
        let client = client.clone();
        thread::spawn(move || client.acquire(&plain(APPLICATION), None))
    };
    assert!(broken.join().is_err());
    service.release();
    assert_eq!(
        client.acquire(&plain(APPLICATION), None).unwrap().source,
        TokenSource::Network
    );
}

#[test]
fn a_forced_request_is_not_shared_and_its_token_is_cached() {
    let service = Service::answering(200, RENEWABLE);
    let client = service.client(client_secret(), &[]);
    client.acquire(&plain(APPLICATION), None).unwrap();
    service.answer(200, RENEWED);
    let forced = request(APPLICATION, "", &[("force_refresh", "true")]);
    assert_eq!(client.acquire(&forced, None).unwrap().source, TokenSource::Network);
    assert_eq!(
        client.acquire(&plain(APPLICATION), None).unwrap().access_token.expose(),
        b"second"
    );
    assert_eq!(service.sent().len(), 2);
}

#[test]
fn a_token_due_for_renewal_is_returned_at_once_and_renewed_once() {
    let service = Service::answering(200, RENEWABLE);
    let client = service.client(client_secret(), &[]);
    client.acquire(&plain(APPLICATION), None).unwrap();
    *service.now.lock().unwrap() = NOW + 1799;
    client.acquire(&plain(APPLICATION), None).unwrap();
    assert_eq!(service.sent().len(), 1);

    service.answer(200, RENEWED);
    service.hold();
    *service.now.lock().unwrap() = RENEWAL;
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let client = client.clone();
            thread::spawn(move || client.acquire(&plain(APPLICATION), None).unwrap())
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.join().unwrap().access_token.expose(), b"first");
    }
    service.await_requests(2);
    service.release();
    while client.acquire(&plain(APPLICATION), None).unwrap().access_token.expose() == b"first" {
        thread::yield_now();
    }
    assert_eq!(service.sent().len(), 2);
}

#[test]
fn a_failed_renewal_does_not_fail_calls_and_is_retried_later() {
    let service = Service::answering(200, RENEWABLE);
    let client = service.client(client_secret(), &[]);
    client.acquire(&plain(APPLICATION), None).unwrap();
    service.answer(503, "");
    service.hold();
    *service.now.lock().unwrap() = RENEWAL;
    assert_eq!(
        client.acquire(&plain(APPLICATION), None).unwrap().access_token.expose(),
        b"first"
    );
    service.await_requests(2);
    assert_eq!(
        client.acquire(&plain(APPLICATION), None).unwrap().access_token.expose(),
        b"first"
    );

    // A caller that cannot use the old token gets the failure, which shows that the renewal has ended.
    let demanding = request(APPLICATION, "", &[("minimum_lifetime_seconds", "3599")]);
    let waiting = {
        let client = client.clone();
        thread::spawn(move || client.acquire(&demanding, None).unwrap_err().status())
    };
    service.release();
    assert_eq!(waiting.join().unwrap(), Status::ServiceUnavailable);

    let so_far = service.sent().len();
    assert_eq!(
        client.acquire(&plain(APPLICATION), None).unwrap().access_token.expose(),
        b"first"
    );
    assert_eq!(service.sent().len(), so_far, "no immediate retry");
    *service.now.lock().unwrap() += 61;
    assert_eq!(
        client.acquire(&plain(APPLICATION), None).unwrap().access_token.expose(),
        b"first"
    );
    service.await_requests(so_far + 1);
}

#[test]
fn a_token_without_refresh_in_is_renewed_in_the_last_tenth_of_its_lifetime() {
    let service = Service::answering(
        200,
        r#"{"token_type":"Bearer","expires_in":36000,"access_token":"first"}"#,
    );
    let client = service.client(client_secret(), &[]);
    client.acquire(&plain(APPLICATION), None).unwrap();
    *service.now.lock().unwrap() = NOW + 32_399;
    client.acquire(&plain(APPLICATION), None).unwrap();
    assert_eq!(service.sent().len(), 1);
    *service.now.lock().unwrap() = NOW + 32_400 + 360 + 1;
    client.acquire(&plain(APPLICATION), None).unwrap();
    service.await_requests(2);
}

//! Tokens in a store outside the process.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use graphtoken::base::error::{Error, Result, Status};
use graphtoken::base::secret::Secret;
use graphtoken::client::Client;
use graphtoken::client::settings::ClientSettings;
use graphtoken::request::grant::{ClientCredentials, RefreshToken};
use graphtoken::store::{Found, TokenStore, Turn, Wanted};
use graphtoken::token::{Holder, Token, TokenSource, UserTokens};

use crate::service::{NOW, Service, client_secret, plain, request, secret};
use graphtoken::base::clock::from_unix_seconds;

const APPLICATION: ClientCredentials = ClientCredentials;

/// A store for one token, which logs what is done with it.
#[derive(Debug, Default)]
struct Shelf {
    token: Mutex<Option<(Vec<u8>, SystemTime)>>,
    refresh_token: Mutex<Option<Secret>>,
    log: Mutex<Vec<&'static str>>,
    is_broken: AtomicBool,
    others_are_first: AtomicBool,
}

impl Shelf {
    fn client(self: &Arc<Self>, service: &Arc<Service>) -> Client {
        let settings = ClientSettings {
            store: Some(Arc::clone(self) as Arc<dyn TokenStore>),
            ..ClientSettings::default()
        };
        service.client_with(client_secret(), settings)
    }

    fn put(&self, token: &str, ends: i64) {
        *self.token.lock().unwrap() = Some((token.as_bytes().to_vec(), from_unix_seconds(ends)));
    }

    fn log(&self, what: &'static str) -> Result<()> {
        self.log.lock().unwrap().push(what);
        if self.is_broken.load(Ordering::Relaxed) {
            return Err(Error::new(Status::ConnectionFailed, "The shelf fell down.", ""));
        }
        Ok(())
    }

    fn has_done(&self) -> Vec<&'static str> {
        std::mem::take(&mut *self.log.lock().unwrap())
    }
}

impl TokenStore for Shelf {
    fn find(&self, _: &Wanted<'_>) -> Result<Found> {
        self.log("find")?;
        let token = self.token.lock().unwrap().clone();
        Ok(Found {
            token: token.map(|(text, expires_on)| Token {
                access_token: Secret::new(text),
                scopes: "".into(),
                holder: Arc::new(Holder {
                    tenant_id: String::new(),
                    client_id: String::new(),
                }),
                user: None::<Box<UserTokens>>,
                expires_on,
                refresh_on: None,
                correlation_id: None,
            }),
            refresh_token: self.refresh_token.lock().unwrap().clone(),
        })
    }

    fn keep(&self, _: &Wanted<'_>, token: &Token, _: SystemTime) -> Result<()> {
        self.log("keep")?;
        *self.token.lock().unwrap() = Some((token.access_token.expose().to_vec(), token.expires_on));
        *self.refresh_token.lock().unwrap() = token.refresh_token().cloned();
        Ok(())
    }

    fn forget_refresh_token(&self, _: &Wanted<'_>) -> Result<()> {
        self.log("forget")?;
        *self.refresh_token.lock().unwrap() = None;
        Ok(())
    }

    fn take_turn(&self, _: &Wanted<'_>, _: Duration) -> Result<Turn> {
        self.log("turn")?;
        let others_were_first = self.others_are_first.load(Ordering::Relaxed);
        if others_were_first {
            self.put("of another process", NOW + 3600);
        }
        Ok(Turn {
            hold: None,
            others_were_first,
        })
    }
}

#[test]
fn the_next_process_finds_the_token() {
    let (service, shelf) = (Service::issuing(), Arc::new(Shelf::default()));
    let first = shelf.client(&service).acquire(&plain(APPLICATION), None).unwrap();
    assert_eq!(first.source, TokenSource::Network);
    assert_eq!(shelf.has_done(), ["find", "turn", "keep"]);
    let second = shelf.client(&service);
    for _ in 0..2 {
        let token = second.acquire(&plain(APPLICATION), None).unwrap();
        assert_eq!(token.source, TokenSource::Cache);
        assert_eq!(token.access_token.expose(), b"issued-token");
    }
    assert_eq!(shelf.has_done(), ["find"], "the second time it is in memory");
    assert_eq!(service.sent().len(), 1);
}

#[test]
fn neither_a_token_that_expires_too_soon_nor_a_forced_request_is_served_from_the_store() {
    let (service, shelf) = (Service::issuing(), Arc::new(Shelf::default()));
    shelf.put("old", NOW + 300);
    let client = shelf.client(&service);
    assert_eq!(
        client.acquire(&plain(APPLICATION), None).unwrap().source,
        TokenSource::Network
    );
    shelf.put("good", NOW + 3600);
    let forced = request(APPLICATION, "", &[("force_refresh", "true")]);
    assert_eq!(client.acquire(&forced, None).unwrap().source, TokenSource::Network);
    assert_eq!(service.sent().len(), 2);
}

#[test]
fn a_process_that_waited_uses_the_token_of_another() {
    let (service, shelf) = (Service::issuing(), Arc::new(Shelf::default()));
    shelf.others_are_first.store(true, Ordering::Relaxed);
    let token = shelf.client(&service).acquire(&plain(APPLICATION), None).unwrap();
    assert_eq!(token.access_token.expose(), b"of another process");
    assert_eq!(shelf.has_done(), ["find", "turn", "find"]);
    assert!(service.sent().is_empty());
}

#[test]
fn a_failing_store_does_not_fail_the_call() {
    let (service, shelf) = (Service::issuing(), Arc::new(Shelf::default()));
    shelf.is_broken.store(true, Ordering::Relaxed);
    let client = shelf.client(&service);
    client.acquire(&plain(APPLICATION), None).unwrap();
    assert_eq!(shelf.has_done(), ["find", "turn", "keep"]);
    client.acquire(&plain(APPLICATION), None).unwrap();
    assert_eq!(service.sent().len(), 1, "the second token is from memory");
}

#[test]
fn an_early_renewal_uses_the_token_that_another_process_renewed() {
    let body = r#"{"token_type":"Bearer","expires_in":3600,"refresh_in":1800,"access_token":"first"}"#;
    let (service, shelf) = (Service::answering(200, body), Arc::new(Shelf::default()));
    let client = shelf.client(&service);
    client.acquire(&plain(APPLICATION), None).unwrap();
    shelf.put("renewed elsewhere", NOW + 5400);
    *service.now.lock().unwrap() = NOW + 1800 + 181;
    client.acquire(&plain(APPLICATION), None).unwrap();
    while client.acquire(&plain(APPLICATION), None).unwrap().access_token.expose() == b"first" {
        std::thread::yield_now();
    }
    assert_eq!(service.sent().len(), 1);
}

#[test]
fn a_refresh_token_that_another_process_replaced_is_used_and_a_rejected_one_forgotten() {
    let body = r#"{"token_type":"Bearer","expires_in":3600,"access_token":"t","refresh_token":"newest"}"#;
    let (service, shelf) = (Service::answering(200, body), Arc::new(Shelf::default()));
    *shelf.refresh_token.lock().unwrap() = Some(secret("replaced-elsewhere"));
    let user = plain(RefreshToken::new(secret("given")).unwrap());
    shelf.client(&service).acquire(&user, None).unwrap();
    assert!(service.sent()[0].body.contains("refresh_token=replaced-elsewhere"));
    assert_eq!(*shelf.refresh_token.lock().unwrap(), Some(secret("newest")));

    *shelf.token.lock().unwrap() = None;
    service.answer(400, r#"{"error":"invalid_grant"}"#);
    shelf.client(&service).acquire(&user, None).unwrap_err();
    assert!(service.sent()[1].body.contains("refresh_token=newest"));
    assert_eq!(*shelf.refresh_token.lock().unwrap(), None);
}

//! Tokens that processes share in a place that need not be trusted.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use graphtoken::base::clock::Clock;
use graphtoken::base::error::{Error, Result, Status};
use graphtoken::client::Client;
use graphtoken::client::settings::ClientSettings;
use graphtoken::credential::Credential;
use graphtoken::request::grant::{ClientCredentials, Password, RefreshToken};
use graphtoken::store::key::StoreKey;
use graphtoken::store::shared::SharedStore;
use graphtoken::store::shared::circuit_breaker::CircuitBreaker;
use graphtoken::store::shared::records::RecordStore;
use graphtoken::token::TokenSource;

use crate::service::{NOW, Service, client_secret, plain, request, secret};

const APPLICATION: ClientCredentials = ClientCredentials;
const HOUR: Duration = Duration::from_secs(3600);

/// A place for records, with the clock of a service.
struct Board {
    service: Arc<Service>,
    entries: Mutex<HashMap<String, Entry>>,
    log: Mutex<Vec<&'static str>>,
    is_broken: AtomicBool,
    /// A record that another process writes before it ends its turn, after the third attempt to get the turn.
    arrival: Mutex<Option<(String, Vec<u8>)>>,
    breaker: CircuitBreaker,
}

#[derive(Clone)]
struct Entry {
    content: Vec<u8>,
    lifetime: Duration,
    ends: Instant,
}

impl Board {
    fn new(service: &Arc<Service>) -> Arc<Self> {
        Arc::new(Self {
            service: Arc::clone(service),
            entries: Mutex::default(),
            log: Mutex::default(),
            is_broken: AtomicBool::new(false),
            arrival: Mutex::default(),
            breaker: CircuitBreaker::default(),
        })
    }

    /// A client as in another process: it shares only the records.
    fn client(self: &Arc<Self>, credential: impl Into<Option<Credential>>, key: u8) -> Client {
        let key = StoreKey::from_bytes(&[key; 32]).unwrap();
        let records = Arc::clone(self) as Arc<dyn RecordStore>;
        let store = SharedStore::new(records, &key, self.service.clone());
        let settings = ClientSettings {
            store: Some(Arc::new(store)),
            ..ClientSettings::default()
        };
        self.service.client_with(credential, settings)
    }

    fn log(&self, what: &'static str) -> Result<()> {
        self.log.lock().unwrap().push(what);
        if self.is_broken.load(Ordering::Relaxed) {
            return Err(Error::new(Status::ConnectionFailed, "The board fell down.", ""));
        }
        Ok(())
    }

    fn has_done(&self) -> Vec<&'static str> {
        std::mem::take(&mut *self.log.lock().unwrap())
    }

    fn get(&self, name: &str) -> Option<Entry> {
        let entry = self.entries.lock().unwrap().get(name).cloned();
        entry.filter(|entry| entry.ends > self.service.monotonic())
    }

    fn put(&self, name: &str, content: &[u8], lifetime: Duration) {
        let entry = Entry {
            content: content.to_vec(),
            lifetime,
            ends: self.service.monotonic() + lifetime,
        };
        self.entries.lock().unwrap().insert(name.to_owned(), entry);
    }

    /// The only record, with its name.
    fn record(&self) -> (String, Entry) {
        let entries = self.entries.lock().unwrap();
        let mut records = entries.iter().filter(|(name, _)| !name.ends_with(":turn"));
        let (name, entry) = records.next().expect("there is a record");
        assert!(records.next().is_none(), "there is one record");
        (name.clone(), entry.clone())
    }
}

impl std::fmt::Debug for Board {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Board")
    }
}

impl RecordStore for Board {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.log("read")?;
        Ok(self.get(name).map(|entry| entry.content))
    }

    fn write(&self, name: &str, record: &[u8], lifetime: Duration) -> Result<()> {
        self.log("write")?;
        self.put(name, record, lifetime);
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<()> {
        self.log("remove")?;
        self.entries.lock().unwrap().remove(name);
        Ok(())
    }

    fn lock(&self, name: &str, owner: &str, lifetime: Duration) -> Result<bool> {
        self.log("lock")?;
        let is_free = self.get(name).is_none();
        if is_free {
            self.put(name, owner.as_bytes(), lifetime);
        } else if self.log.lock().unwrap().iter().filter(|done| **done == "lock").count() == 3 {
            if let Some((record, content)) = self.arrival.lock().unwrap().take() {
                self.put(&record, &content, HOUR);
                self.entries.lock().unwrap().remove(name);
            }
        }
        Ok(is_free)
    }

    fn unlock(&self, name: &str, owner: &str) -> Result<()> {
        self.log("unlock")?;
        if self.get(name).is_some_and(|entry| entry.content == owner.as_bytes()) {
            self.entries.lock().unwrap().remove(name);
        }
        Ok(())
    }

    fn breaker(&self) -> &CircuitBreaker {
        &self.breaker
    }
}

#[test]
fn a_refused_token_does_not_come_back() {
    let answer = |token: &str, end: &str| format!(r#"{{"token_type":"Bearer",{end}"access_token":"{token}"}}"#);
    for (end, requests) in [(r#""expires_in":3599,"#, 2), ("", 3)] {
        let service = Service::answering(200, &answer("refused", r#""expires_in":3599,"#));
        let board = Board::new(&service);
        let client = || board.client(client_secret(), 1);
        client().acquire(&plain(APPLICATION), None).unwrap();
        service.answer(200, &answer("new", end));
        client()
            .acquire(&request(APPLICATION, "", &[("claims", "{}")]), None)
            .unwrap();
        let token = client().acquire(&plain(APPLICATION), None).unwrap();
        assert_eq!(token.access_token.expose(), b"new");
        assert_eq!(service.sent().len(), requests);
    }
}

#[test]
fn callers_with_the_same_credential_and_key_share_the_token() {
    let service = Service::issuing();
    let board = Board::new(&service);
    let first = board
        .client(client_secret(), 1)
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(first.source, TokenSource::Network);
    assert_eq!(board.has_done(), ["read", "lock", "write", "unlock"]);

    let second = board
        .client(client_secret(), 1)
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(second.source, TokenSource::Cache);
    assert_eq!(second.access_token, first.access_token);
    assert_eq!(second.expires_on, first.expires_on);
    assert_eq!(second.holder, first.holder);
    assert_eq!(service.sent().len(), 1);

    let other = Credential::from_secret(secret("other secret")).unwrap();
    for (credential, key) in [(other, 1), (client_secret(), 2)] {
        let stranger = board
            .client(credential, key)
            .acquire(&plain(APPLICATION), None)
            .unwrap();
        assert_eq!(stranger.source, TokenSource::Network);
    }
}

#[test]
fn a_record_is_kept_for_as_long_as_its_tokens_live() {
    let body = r#"{"token_type":"Bearer","expires_in":3600,"access_token":"t","refresh_token":"newest"}"#;
    for (request, lifetime) in [
        (plain(APPLICATION), HOUR),
        (plain(Password::new("alice", secret("p")).unwrap()), HOUR),
        (plain(RefreshToken::new(secret("given")).unwrap()), 90 * 24 * HOUR),
    ] {
        let service = Service::answering(200, body);
        let board = Board::new(&service);
        board.client(client_secret(), 1).acquire(&request, None).unwrap();
        assert_eq!(board.record().1.lifetime, lifetime);
    }
}

#[test]
fn a_record_that_does_not_open_is_replaced() {
    let service = Service::issuing();
    let board = Board::new(&service);
    board
        .client(client_secret(), 1)
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    let (name, sound) = board.record();
    let mut damaged = sound.content.clone();
    *damaged.last_mut().unwrap() ^= 1;
    for content in [&damaged, &Vec::new(), &b"GraphToken 2".to_vec()] {
        board.put(&name, content, HOUR);
        let token = board
            .client(client_secret(), 1)
            .acquire(&plain(APPLICATION), None)
            .unwrap();
        assert_eq!(token.source, TokenSource::Network);
        let token = board
            .client(client_secret(), 1)
            .acquire(&plain(APPLICATION), None)
            .unwrap();
        assert_eq!(token.source, TokenSource::Cache);
    }
}

#[test]
fn a_replaced_refresh_token_reaches_the_others_and_a_rejected_one_is_forgotten() {
    let body = r#"{"token_type":"Bearer","expires_in":3600,"access_token":"t","refresh_token":"newest"}"#;
    let service = Service::answering(200, body);
    let board = Board::new(&service);
    let user = plain(RefreshToken::new(secret("given")).unwrap());
    board.client(client_secret(), 1).acquire(&user, None).unwrap();
    *service.now.lock().unwrap() = NOW + 3600;

    board.client(client_secret(), 1).acquire(&user, None).unwrap();
    assert!(service.sent()[1].body.contains("refresh_token=newest"));

    *service.now.lock().unwrap() = NOW + 7200;
    service.answer(400, r#"{"error":"invalid_grant"}"#);
    board.client(client_secret(), 1).acquire(&user, None).unwrap_err();
    assert!(service.sent()[2].body.contains("refresh_token=newest"));
    board.client(client_secret(), 1).acquire(&user, None).unwrap_err();
    assert!(service.sent()[3].body.contains("refresh_token=given"));
}

#[test]
fn a_password_is_not_replaced_by_the_refresh_token_that_came_with_its_token() {
    let body = r#"{"token_type":"Bearer","expires_in":3600,"access_token":"t","refresh_token":"r"}"#;
    let service = Service::answering(200, body);
    let board = Board::new(&service);
    let user = plain(Password::new("alice", secret("p")).unwrap());
    board.client(client_secret(), 1).acquire(&user, None).unwrap();
    let found = board.client(client_secret(), 1).acquire(&user, None).unwrap();
    assert_eq!(found.refresh_token(), Some(&secret("r")));
    assert_eq!(found.username(), "alice");
    *service.now.lock().unwrap() = NOW + 3600;
    board.client(client_secret(), 1).acquire(&user, None).unwrap();
    assert!(service.sent()[1].body.contains("grant_type=password"));
}

#[test]
fn a_place_that_fails_is_not_used_for_a_while() {
    let service = Service::issuing();
    let board = Board::new(&service);
    board.is_broken.store(true, Ordering::Relaxed);
    for _ in 0..3 {
        board
            .client(client_secret(), 1)
            .acquire(&plain(APPLICATION), None)
            .unwrap();
    }
    assert_eq!(board.has_done(), ["read"], "no other call tries");
    board.is_broken.store(false, Ordering::Relaxed);
    service.sleep(Duration::from_secs(2));
    board
        .client(client_secret(), 1)
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(board.has_done(), ["read", "lock", "write", "unlock"]);
}

#[test]
fn a_process_that_waits_for_another_uses_its_token() {
    let service = Service::issuing();
    let board = Board::new(&service);
    board
        .client(client_secret(), 1)
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    // As if another process was still asking: its lock is there, but not its record.
    let (name, record) = board.record();
    board.entries.lock().unwrap().clear();
    board.put(&format!("{name}:turn"), b"the other process", HOUR);
    *board.arrival.lock().unwrap() = Some((name, record.content));
    board.has_done();

    let token = board
        .client(client_secret(), 1)
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(token.source, TokenSource::Cache);
    assert_eq!(
        board.has_done(),
        ["read", "lock", "lock", "lock", "lock", "read", "unlock"]
    );
    assert_eq!(service.sent().len(), 1);
}

#[test]
fn the_turn_of_a_process_that_died_ends_with_its_lock() {
    let service = Service::issuing();
    let board = Board::new(&service);
    board
        .client(client_secret(), 1)
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    let (name, _) = board.record();
    board.entries.lock().unwrap().clear();
    let lock = format!("{name}:turn");
    board.put(&lock, b"a process that died", Duration::from_secs(10));

    let token = board
        .client(client_secret(), 1)
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(token.source, TokenSource::Network);
    let waited: Duration = service.slept().iter().sum();
    assert!(
        waited >= Duration::from_secs(10) && waited < Duration::from_millis(10_200),
        "{waited:?}"
    );
    assert!(board.get(&lock).is_none(), "the turn was ended");
}

#[test]
fn a_lock_that_does_not_end_is_neither_waited_for_for_ever_nor_taken_away() {
    let service = Service::issuing();
    let board = Board::new(&service);
    board
        .client(client_secret(), 1)
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    let (name, _) = board.record();
    board.entries.lock().unwrap().clear();
    let lock = format!("{name}:turn");
    board.put(&lock, b"another process", HOUR);

    let token = board
        .client(client_secret(), 1)
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(token.source, TokenSource::Network);
    assert_eq!(service.slept().iter().sum::<Duration>(), Duration::from_secs(20));
    assert_eq!(board.get(&lock).unwrap().content, b"another process");
}

#[test]
fn a_process_that_outlives_its_turn_does_not_end_the_next_one() {
    let service = Service::issuing();
    let board = Board::new(&service);
    service.hold();
    let client = board.client(client_secret(), 1);
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| client.acquire(&plain(APPLICATION), None).unwrap());
        service.await_requests(1);
        let lock = board.entries.lock().unwrap().keys().next().unwrap().clone();
        service.sleep(Duration::from_secs(11));
        board.put(&lock, b"the next process", Duration::from_secs(10));
        service.release();
        slow.join().unwrap();
        assert_eq!(board.get(&lock).unwrap().content, b"the next process");
    });
}

//! A token service inside the process that responds at once, and clients that use it.

#![allow(dead_code, reason = "each program uses a part of this file")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use graphtoken::authority::Authority;
use graphtoken::base::clock::{Clock, SystemClock};
use graphtoken::base::error::{Error, Result, Status};
use graphtoken::base::secret::Secret;
use graphtoken::client::Client;
use graphtoken::client::settings::{CachePlace, ClientSettings};
use graphtoken::credential::Credential;
use graphtoken::http::transport::Transport;
use graphtoken::http::{HttpAnswer, HttpRequest};
use graphtoken::request::Request;
use graphtoken::request::grant::ClientCredentials;
use graphtoken::request::scope::Scopes;
use graphtoken::request::settings::RequestSettings;

/// The length of a token, typical of Entra.
pub const TOKEN_LENGTH: usize = 1500;

/// No server listens on port 9 of this machine: a call that misses the cache fails at once.
pub const AUTHORITY: &str = "http://127.0.0.1:9/contoso.onmicrosoft.com";
pub const CLIENT_ID: &str = "11111111-2222-3333-4444-555555555555";
pub const CLIENT_SECRET: &str = "s3cret~of.the-application";

/// A service that issues a token for every request until it is closed.
pub struct CannedTransport {
    body: Vec<u8>,
    posts: AtomicUsize,
    is_closed: AtomicBool,
}

impl CannedTransport {
    pub fn new() -> Arc<Self> {
        let token = "t".repeat(TOKEN_LENGTH);
        let body =
            format!(r#"{{"token_type":"Bearer","expires_in":86399,"refresh_in":43200,"access_token":"{token}"}}"#);
        Arc::new(Self {
            body: body.into_bytes(),
            posts: AtomicUsize::new(0),
            is_closed: AtomicBool::new(false),
        })
    }

    /// The number of requests.
    pub fn posts(&self) -> usize {
        self.posts.load(Ordering::Relaxed)
    }

    /// Refuses requests from now on.
    pub fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
    }

    /// Answers requests again.
    pub fn open(&self) {
        self.is_closed.store(false, Ordering::Relaxed);
    }

    /// A client of this service with the given clock.
    pub fn client(self: &Arc<Self>, cache: CachePlace, clock: Arc<dyn Clock>) -> Client {
        let authority = Authority::new(AUTHORITY, None, None).expect("the authority is valid");
        let secret =
            Credential::from_secret(Secret::copy_of(CLIENT_SECRET.as_bytes())).expect("the secret is not empty");
        let settings = ClientSettings {
            cache,
            retries: 0,
            ..ClientSettings::default()
        };
        let transport: Arc<dyn Transport> = Arc::clone(self) as _;
        Client::with_parts(authority, CLIENT_ID, Some(secret), settings, transport, clock)
            .expect("the settings are valid")
    }

    /// A client of this service with the machine's clock.
    pub fn client_of_today(self: &Arc<Self>, cache: CachePlace) -> Client {
        self.client(cache, Arc::new(SystemClock))
    }
}

impl Transport for CannedTransport {
    fn post(&self, _: &HttpRequest) -> Result<HttpAnswer> {
        self.posts.fetch_add(1, Ordering::Relaxed);
        if self.is_closed.load(Ordering::Relaxed) {
            return Err(Error::new(Status::ConnectionFailed, "The service is closed.", ""));
        }
        Ok(HttpAnswer {
            status: 200,
            body: Secret::copy_of(&self.body),
            ..HttpAnswer::default()
        })
    }
}

/// The scope for the cache key with this number.
pub fn scope(number: usize) -> String {
    format!("https://resource-{number}.contoso.example/.default")
}

/// A prepared request for the cache key with this number.
pub fn request(number: usize) -> Request {
    let scopes = Scopes::parse(&scope(number)).expect("the scope is valid");
    let grant = Arc::new(ClientCredentials);
    Request::new(grant, scopes, RequestSettings::default())
}

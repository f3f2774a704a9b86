//! oidc-provider, a certified OpenID Connect server that nobody here wrote, gives tokens to our clients.
//!
//! In the lane `openid connect`, `GRAPHTOKEN_TEST_NODE_MODULES` names a folder of packages of Node.js that has it.

use std::collections::BTreeMap;
use std::env;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use graphtoken::SigningCertificate;
use graphtoken::base::clock::Clock;
use graphtoken::base::error::Status;
use graphtoken::base::secret::Secret;
use graphtoken::client::Client;
use graphtoken::client::options::Options;
use graphtoken::credential::Credential;
use graphtoken::http::https::HttpsTransport;
use graphtoken::request::Request;
use graphtoken::request::grant::{ClientCredentials, Grant, RefreshToken};
use graphtoken::request::scope::Scopes;
use graphtoken::request::settings::RequestSettings;
use graphtoken::sign_in::browser::SignIn;
use graphtoken::sign_in::device_code::DeviceCode;
use graphtoken::token::AcquiredToken;
use serde_json::json;
use test_support::browser;
use test_support::client::Client as HttpClient;
use test_support::key_pair::REGISTERED;
use test_support::service::Service;

use crate::beside_this;

const WITH_SECRET: &str = "with:secret+%";
/// With everything that has to be encoded in a header.
const SECRET: &str = "s3cr&t+v=lue: 100%~";
const WITH_KEY: &str = "with-key";
const PUBLIC: &str = "public";

/// A running issuer.
struct Issuer {
    service: Service,
}

impl Issuer {
    fn start() -> Self {
        let modules = env::var("GRAPHTOKEN_TEST_NODE_MODULES").expect("the variable names a folder");
        let script = beside_this("oidc_provider.mjs").display().to_string();
        let arguments = [script, modules, REGISTERED.certificate(), SECRET.to_owned()];
        let service = Service::start("node".as_ref(), &arguments).expect("the issuer starts");
        Self { service }
    }

    fn client(&self, client_id: &str, credential: Option<Credential>) -> Client {
        let address = self.service.address();
        let mut options = Options::default();
        options.set("authority", address).unwrap();
        options.set("authority.type", "oidc").unwrap();
        options.set("cache", "none").unwrap();
        let settings = options.client;
        let transport = HttpsTransport::shared(&settings.transport, address).unwrap();
        let authority = settings.authority("").unwrap();
        Client::with_parts(
            authority,
            client_id,
            credential,
            settings,
            transport,
            Arc::new(Hasty::default()),
        )
        .unwrap()
    }

    fn decide(&self, decision: &str, code: &DeviceCode) {
        let path = format!("/_{decision}?user_code={}", code.user_code());
        assert_eq!(self.send("POST", &path).0, 200);
    }

    fn requests(&self) -> serde_json::Value {
        serde_json::from_str(&self.send("GET", "/_requests").1).unwrap()
    }

    /// What a browser brings that follows the redirects from this address, with the issuer's cookies.
    fn visited(&self, url: &str) -> browser::Response {
        let mut path = url
            .strip_prefix(self.service.address())
            .expect("it is the issuer's")
            .to_owned();
        let host = self.service.address().split_once("://").unwrap().1;
        let mut cookies = BTreeMap::new();
        loop {
            let jar: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let headers = [("Cookie", &*jar.join("; ")), ("Accept", "text/html")];
            let answer = HttpClient::connect(host)
                .unwrap()
                .send("GET", &path, &headers, b"")
                .unwrap();
            for (_, cookie) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
                let pair = cookie.split(';').next().unwrap_or_default();
                let (name, value) = pair.split_once('=').expect("a cookie has a name and a value");
                cookies.insert(name.to_owned(), value.to_owned());
            }
            match answer.header("location") {
                Some(location) => {
                    let own = location.strip_prefix(self.service.address());
                    own.unwrap_or(location).clone_into(&mut path);
                }
                None => return browser::Response::of(&answer),
            }
        }
    }

    fn send(&self, method: &str, path: &str) -> (u16, String) {
        let host = self.service.address().split_once("://").unwrap().1;
        let answer = HttpClient::connect(host).unwrap().send(method, path, &[], b"").unwrap();
        (answer.status, answer.text())
    }
}

/// A clock on which nobody waits.
#[derive(Default)]
struct Hasty {
    slept: Mutex<Duration>,
}

impl Clock for Hasty {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn monotonic(&self) -> Instant {
        Instant::now() + *self.slept.lock().unwrap()
    }

    fn sleep(&self, time: Duration) {
        *self.slept.lock().unwrap() += time;
    }
}

fn client_secret() -> Credential {
    Credential::from_secret(Secret::copy_of(SECRET.as_bytes())).unwrap()
}

fn acquire(client: &Client, grant: impl Grant + 'static, scopes: &str) -> graphtoken::Result<AcquiredToken> {
    let request = Request::new(
        Arc::new(grant),
        Scopes::parse(scopes).unwrap(),
        RequestSettings::default(),
    );
    client.acquire(&request, None)
}

#[test]
#[ignore = "needs oidc-provider; the lane openid connect runs it"]
fn oidc_provider_knows_an_application_by_its_secret_and_by_its_key() {
    let issuer = Issuer::start();
    let client = issuer.client(WITH_SECRET, Some(client_secret()));
    for scopes in ["read", ""] {
        let token = acquire(&client, ClientCredentials, scopes).unwrap();
        assert!(!token.access_token.is_empty(), "{scopes}");
    }
    let metadata = "GET /.well-known/openid-configuration";
    assert_eq!(issuer.requests(), json!([metadata, "POST /token", "POST /token"]));
    let pem = std::fs::read(REGISTERED.both()).unwrap();
    let certificate = SigningCertificate::from_bytes(&pem, None, None).unwrap();
    let client = issuer.client(WITH_KEY, Some(Credential::from_certificate(Arc::new(certificate))));
    for _ in 0..2 {
        acquire(&client, ClientCredentials, "read").unwrap();
    }
    let wrong = Credential::from_secret(Secret::copy_of(b"wrong")).unwrap();
    let error = acquire(&issuer.client(WITH_SECRET, Some(wrong)), ClientCredentials, "").unwrap_err();
    assert_eq!(error.status(), Status::ClientCredentialRejected, "{error}");
}

#[test]
#[ignore = "needs oidc-provider; the lane openid connect runs it"]
fn oidc_provider_signs_a_user_in_on_another_device_and_renews_the_token() {
    let issuer = Issuer::start();
    for (client_id, credential) in [(PUBLIC, None), (WITH_SECRET, Some(client_secret()))] {
        let client = issuer.client(client_id, credential);
        let settings = RequestSettings::default();
        let code = || DeviceCode::new(&client, Scopes::parse("read").unwrap(), &settings, None).unwrap();
        let accepted = code();
        assert!(
            accepted.link().is_some_and(|link| link.contains("/device")),
            "{accepted:?}"
        );
        issuer.decide("approve", &accepted);
        let token = client.acquire(&accepted.request(settings.clone()), None).unwrap();
        assert_eq!(token.username(), "alice@contoso.com");

        // Each use replaces the refresh token.
        let mut refresh_token = token.refresh_token().expect("offline_access was asked for").clone();
        for _ in 0..2 {
            let grant = RefreshToken::new(refresh_token.clone()).unwrap();
            let renewed = acquire(&client, grant, "read").unwrap();
            let next = renewed.refresh_token().unwrap().clone();
            assert_ne!(next.expose(), refresh_token.expose());
            refresh_token = next;
        }
        let spent = RefreshToken::new(token.refresh_token().unwrap().clone()).unwrap();
        let error = acquire(&client, spent, "read").unwrap_err();
        assert_eq!(error.status(), Status::InteractionRequired, "{error}");

        let declined = code();
        issuer.decide("decline", &declined);
        let error = client.acquire(&declined.request(settings.clone()), None).unwrap_err();
        assert_eq!(error.status(), Status::ServiceRejected, "{error}");
    }
}

#[test]
#[ignore = "needs oidc-provider; the lane openid connect runs it"]
fn oidc_provider_signs_a_user_in_in_a_browser() {
    let issuer = Issuer::start();
    let client = issuer.client(PUBLIC, None);
    let scopes = || Scopes::parse("read").unwrap();
    let mut options = Options::default();
    // It gives refresh tokens after a consent alone (OpenID Connect Core 1.0 section 11).
    options.set("prompt", "consent").unwrap();
    let begin = || SignIn::new(&client, scopes(), &options.request, &options.sign_in).unwrap();
    let sign_in = begin();
    assert!(sign_in.redirect_uri().starts_with("http://127.0.0.1:"), "{sign_in:?}");
    let response = issuer.visited(sign_in.url());
    assert_eq!(response.method, "POST");
    assert_eq!(response.field("iss"), Some(issuer.service.address()));
    let page = thread::spawn(move || response.bring());
    let token = client.acquire(&sign_in.request(options.request.clone()), None).unwrap();
    assert_eq!(
        (page.join().unwrap().status, token.username()),
        (200, "alice@contoso.com")
    );
    let refresh_token = RefreshToken::new(token.refresh_token().unwrap().clone()).unwrap();
    acquire(&client, refresh_token, "read").unwrap();

    // Every answer of this issuer names it (RFC 9207).
    let sign_in = begin();
    let response = issuer.visited(sign_in.url()).with("iss", "");
    let page = thread::spawn(move || response.bring());
    let error = client
        .acquire(&sign_in.request(options.request.clone()), None)
        .unwrap_err();
    assert_eq!(error.status(), Status::MalformedResponse, "{error}");
    page.join().unwrap();
}

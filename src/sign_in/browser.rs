//! Signing in in a web browser on this machine: the authorization code flow with PKCE (RFC 6749 section 4.1, RFC 7636,
//! RFC 8252; OpenID Connect Core 1.0 section 3.1).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::base::clock::Clock;
use crate::base::correlation_id::CorrelationId;
use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;
use crate::client::Client;
use crate::request::Request;
use crate::request::grant;
use crate::request::grant::authorization_code::{Authorization, AuthorizationCode};
use crate::request::grant::callers::Callers;
use crate::request::scope::Scopes;
use crate::request::settings::RequestSettings;
use crate::request::sign_in::{RedirectHost, SignInSettings};
use crate::service::application::AuthorizationRequest;
use crate::service::response::{Asked, of_sign_in};
use crate::sign_in::loopback::{Listener, Receiver};
use crate::sign_in::opener::{self, BrowserOpener, SystemBrowser};
use crate::sign_in::pkce::{Pkce, random_secret};
use crate::sign_in::response::{Answer, Expected};

/// A sign-in in a browser: the address that the browser opens, and the listener that it brings the answer to.
///
/// It is for one user and one token. The listener is open from the start, and closes when the request has ended or when
/// this and its requests are dropped. Many threads may use one at the same time.
#[derive(Debug)]
pub struct SignIn {
    url: String,
    scopes: Scopes,
    correlation_id: CorrelationId,
    pending: Arc<Pending>,
}

/// What the answer and the code are checked with.
#[derive(Debug)]
struct Pending {
    /// `None` once a request has waited at it.
    listener: Mutex<Option<Listener>>,
    receiver: Arc<Receiver>,
    callers: Callers,
    verifier: Secret,
    nonce: String,
    redirect_uri: String,
    /// Where the user signs in.
    endpoint: String,
    correlation_id: CorrelationId,
}

impl SignIn {
    /// Prepares a sign-in for `scopes`, with the claims and the correlation id of `settings`. Empty scopes stand for
    /// every permission granted on Microsoft Graph in the client's cloud. Nothing is sent, unless only the authority's
    /// metadata tell where its users sign in.
    ///
    /// # Errors
    /// `InvalidArgument` if the port is in use, and for the client of a managed identity, which has no users.
    pub fn new(client: &Client, scopes: Scopes, settings: &RequestSettings, sign_in: &SignInSettings) -> Result<Self> {
        let application = client.application()?;
        let authority = application.authority();
        let correlation_id = settings.correlation_id_or_random()?;
        let endpoint = application.authorization_endpoint(settings)?;
        let pkce = Pkce::random()?;
        let [state, nonce] = [random_secret()?, random_secret()?];
        let listener = Listener::bind(sign_in.redirect_port)?;
        let own = if authority.knows_localhost() {
            RedirectHost::Localhost
        } else {
            RedirectHost::Ipv4
        };
        let host = sign_in.redirect_host.unwrap_or(own).name();
        // Without a slash at its end: Entra has http://localhost registered.
        let redirect_uri = format!("http://{host}:{}", listener.port());
        let [state_text, nonce_text] = [&state, &nonce].map(|text| text.expose_text().unwrap_or_default().to_owned());
        let asked = AuthorizationRequest {
            redirect_uri: &redirect_uri,
            state: &state_text,
            nonce: &nonce_text,
            challenge: &pkce.challenge,
            correlation_id,
        };
        let url = application.authorization_url(&endpoint, &asked, &scopes, settings, sign_in);
        let expected = Expected {
            state,
            authority: authority.clone(),
            requires_issuer: endpoint.always_names_issuer,
        };
        Ok(Self {
            url,
            scopes,
            correlation_id,
            pending: Arc::new(Pending {
                receiver: Arc::new(Receiver::new(listener.port(), endpoint.response_mode, expected)),
                listener: Mutex::new(Some(listener)),
                callers: Callers::default(),
                verifier: pkce.verifier,
                nonce: nonce_text,
                redirect_uri,
                endpoint: endpoint.url,
                correlation_id,
            }),
        })
    }

    /// The address that the user's browser has to open.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where the browser brings the answer. It has to be registered for the application.
    pub fn redirect_uri(&self) -> &str {
        &self.pending.redirect_uri
    }

    /// Opens the address in the user's browser.
    ///
    /// # Errors
    /// `InteractionRequired` if there is no browser: show the address to the user then.
    pub fn open_browser(&self) -> Result<()> {
        self.open_browser_with(&SystemBrowser)
    }

    /// Opens the address with `opener`.
    pub fn open_browser_with(&self, opener: &dyn BrowserOpener) -> Result<()> {
        opener::open(&self.url, opener)
    }

    /// The request that waits for the user and is answered with the token.
    ///
    /// Its time limit bounds the wait; without one it is five minutes. When it has ended, in whatever way, so has the
    /// sign-in.
    pub fn request(&self, mut settings: RequestSettings) -> Request {
        settings.correlation_id.get_or_insert(self.correlation_id);
        let grant = grant::SignIn::new(Arc::clone(&self.pending) as _);
        Request::new(Arc::new(grant), self.scopes.clone(), settings)
    }
}

impl Authorization for Pending {
    fn secret(&self) -> &Secret {
        &self.verifier
    }

    fn callers(&self) -> &Callers {
        &self.callers
    }

    fn wait(&self, clock: &dyn Clock, deadline: Instant) -> Result<AuthorizationCode> {
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner).take();
        let listener = listener.ok_or_else(|| {
            Error::new(
                Status::InvalidArgument,
                "This sign-in has ended: it is for one user and one token.",
                "Start a new sign-in.",
            )
        })?;
        match listener.wait(&self.receiver, clock, deadline, &self.callers)? {
            Answer::Code(code) => Ok(AuthorizationCode {
                code,
                verifier: self.verifier.clone(),
                redirect_uri: self.redirect_uri.clone(),
                nonce: self.nonce.clone(),
            }),
            Answer::Refusal { error, description } => Err(self.refused(clock, &error, &description)),
            Answer::OtherIssuer => Err(Error::new(
                Status::MalformedResponse,
                format!(
                    "The answer to the sign-in is not from {}: it names another issuer, or none.",
                    self.endpoint
                ),
                "Check the authority's address, and start the sign-in again. Nothing was sent to the service.",
            )),
        }
    }
}

impl Pending {
    fn refused(&self, clock: &dyn Clock, error: &str, description: &str) -> Error {
        let asked = Asked {
            endpoint: &self.endpoint,
            correlation_id: self.correlation_id.as_str(),
            secrets: &[&self.verifier],
            sent_refresh_token: false,
            now: clock.now(),
        };
        of_sign_in(error, description, &asked)
    }
}

//! Signing in on another device (RFC 8628).

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::base::cancel::Cancel;
use crate::base::error::Result;
use crate::client::Client;
use crate::request::Request;
use crate::request::grant;
use crate::request::grant::polling::Polling;
use crate::request::scope::Scopes;
use crate::request::settings::RequestSettings;
use crate::service::application::DeviceAuthorization;
use crate::sign_in::link::is_link;

/// A code with which a user signs in on another device, and the page on which the user enters it.
///
/// The caller shows them, and acquires a token with [`DeviceCode::request`]. Many threads may use one at the same time.
#[derive(Debug)]
pub struct DeviceCode {
    authorization: DeviceAuthorization,
    scopes: Scopes,
    polling: Arc<Polling>,
}

impl DeviceCode {
    /// Requests a code for `scopes`, with the claims, correlation id and time limit of `settings`. Empty scopes stand
    /// for every permission granted on Microsoft Graph in the client's cloud.
    ///
    /// # Errors
    /// What the service answers: for example, that the tenant does not allow this way to sign in.
    pub fn new(client: &Client, scopes: Scopes, settings: &RequestSettings, cancel: Option<&Cancel>) -> Result<Self> {
        let authorization = client.authorize_device(&scopes, settings, cancel)?;
        let DeviceAuthorization {
            issued, interval, end, ..
        } = authorization;
        Ok(Self {
            polling: Arc::new(Polling::new(issued, interval, end)),
            authorization,
            scopes,
        })
    }

    /// The request that waits for the user and is answered with the token.
    ///
    /// Its time limit bounds the wait; without one the wait ends with the code. A cancelled call can be repeated for as
    /// long as the code is valid.
    pub fn request(&self, settings: RequestSettings) -> Request {
        let code = self.authorization.device_code.clone();
        let grant = grant::DeviceCode::new(code, Arc::clone(&self.polling));
        Request::new(Arc::new(grant), self.scopes.clone(), settings)
    }

    /// What the user enters.
    pub fn user_code(&self) -> &str {
        &self.authorization.user_code
    }

    /// The page on which the user enters the code.
    pub fn verification_uri(&self) -> &str {
        &self.authorization.verification_uri
    }

    /// The page with the code filled in. Entra has none.
    pub fn verification_uri_complete(&self) -> Option<&str> {
        self.authorization.verification_uri_complete.as_deref()
    }

    /// The address that may be shown as a link or a QR code: the page, with the code filled in if there is such a page.
    /// `None` if it is neither an https address nor one of this machine.
    pub fn link(&self) -> Option<&str> {
        let complete = self.verification_uri_complete().filter(|uri| is_link(uri));
        complete.or_else(|| Some(self.verification_uri()).filter(|uri| is_link(uri)))
    }

    /// What to tell the user, in the words of the service.
    pub fn message(&self) -> &str {
        &self.authorization.message
    }

    /// How long the code is still valid.
    pub fn expires_in(&self) -> Duration {
        self.polling.end().saturating_duration_since(Instant::now())
    }

    /// The shortest pause between two polls.
    pub fn interval(&self) -> Duration {
        self.authorization.interval
    }
}

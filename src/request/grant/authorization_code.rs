//! The authorization code grant: the user signs in in a browser, which brings a code (RFC 6749 section 4.1; RFC 7636;
//! "Microsoft identity platform and OAuth 2.0 authorization code flow").

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Instant;

use crate::base::clock::Clock;
use crate::base::error::Result;
use crate::base::secret::Secret;
use crate::http::form::Form;
use crate::request::grant::Grant;
use crate::request::grant::callers::Callers;
use crate::request::scope::RESERVED;

/// A user who is signing in in a browser.
pub trait Authorization: Debug + Send + Sync {
    /// Identifies it: the verifier of PKCE.
    fn secret(&self) -> &Secret;

    /// The calls that wait for the user.
    fn callers(&self) -> &Callers;

    /// Waits until the browser brings the code, `deadline` has come, or nobody waits any longer.
    ///
    /// # Errors
    /// `RequestTimeout` after the deadline, and what the service answers in place of a code.
    fn wait(&self, clock: &dyn Clock, deadline: Instant) -> Result<AuthorizationCode>;
}

/// The grant of a user who signs in during the call.
#[derive(Clone, Debug)]
pub struct SignIn(Arc<dyn Authorization>);

impl SignIn {
    /// The grant of the code that `authorization` waits for.
    pub fn new(authorization: Arc<dyn Authorization>) -> Self {
        Self(authorization)
    }
}

/// Part of record names.
const KIND: &str = "authorization_code";

impl Grant for SignIn {
    fn kind(&self) -> &'static str {
        KIND
    }

    /// There is nothing to send before the code is there.
    fn add_to(&self, _: &mut Form) {}

    fn reserved_scopes(&self) -> &'static [&'static str] {
        &RESERVED
    }

    fn secret(&self) -> Option<&Secret> {
        Some(self.0.secret())
    }

    fn waits_for_user(&self) -> bool {
        true
    }

    fn callers(&self) -> Option<&Callers> {
        Some(self.0.callers())
    }

    fn authorization(&self) -> Option<&dyn Authorization> {
        Some(&*self.0)
    }
}

/// A code, which is exchanged for a token once.
#[derive(Clone, Debug)]
pub struct AuthorizationCode {
    /// The code.
    pub code: Secret,
    /// What proves that it was asked for here (RFC 7636 section 4.1).
    pub verifier: Secret,
    /// Where the browser brought it, byte for byte as it was asked for (RFC 6749 section 4.1.3).
    pub redirect_uri: String,
    /// What the id token must repeat (OpenID Connect Core 1.0 section 3.1.2.1).
    pub nonce: String,
}

impl Grant for AuthorizationCode {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn add_to(&self, form: &mut Form) {
        form.add("grant_type", "authorization_code");
        form.add_secret("code", &self.code);
        form.add("redirect_uri", &self.redirect_uri);
        form.add_secret("code_verifier", &self.verifier);
    }

    fn reserved_scopes(&self) -> &'static [&'static str] {
        &RESERVED
    }

    fn secret(&self) -> Option<&Secret> {
        Some(&self.code)
    }

    fn verifier(&self) -> Option<&Secret> {
        Some(&self.verifier)
    }
}

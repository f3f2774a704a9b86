//! The subject of a token.

use uuid::Uuid;

use crate::directory::User;
use crate::request::scope::Scope;

/// Whom a token is for and what it allows.
#[derive(Clone)]
pub(crate) struct Subject {
    /// `None`: the application itself.
    pub(crate) user: Option<User>,
    pub(crate) scope: Scope,
    /// The sign-in in a browser that the token comes from, directly or through a refresh token.
    pub(crate) sign_in: Option<SignIn>,
}

/// A user's sign-in in a browser.
#[derive(Clone)]
pub(crate) struct SignIn {
    /// Its tokens have it in the claim `sid`, and are revoked together.
    pub(crate) session: Uuid,
    /// What the id token repeats to the application that asked (OpenID Connect Core 1.0 section 3.1.3.7); gone after
    /// a refresh (section 12.2).
    pub(crate) nonce: Option<String>,
}

impl Subject {
    pub(crate) fn new(user: Option<User>, scope: Scope) -> Self {
        Self {
            user,
            scope,
            sign_in: None,
        }
    }

    /// The same for a later refresh.
    pub(crate) fn refreshed(&self) -> Self {
        let mut later = self.clone();
        if let Some(sign_in) = &mut later.sign_in {
            sign_in.nonce = None;
        }
        later
    }
}

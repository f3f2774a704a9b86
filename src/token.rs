//! An access token and what came with it.

use std::ops::Deref;
use std::sync::Arc;
use std::time::SystemTime;

use crate::secret::Secret;

/// Where a token came from.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(name = "GtTokenSource"))]
pub enum TokenSource {
    /// The token service issued it for this call.
    Network = 0,
    /// It was issued for another call: an earlier one, or one at the same time.
    Cache = 1,
}

/// An access token with its lifetime and, for users, what renews it.
#[derive(Debug)]
pub struct Token {
    /// The token itself. Opaque to clients ("Access tokens in the Microsoft identity platform").
    pub access_token: Secret,
    /// Renews the token without asking the user again; only for users, and only when `offline_access` was granted.
    pub refresh_token: Option<Secret>,
    /// Says who the user is (OpenID Connect Core section 2).
    pub id_token: Option<Secret>,
    /// `Bearer`.
    pub token_type: String,
    /// The scopes that were granted; the ones asked for when the answer names none (RFC 6749 section 5.1).
    pub scopes: Vec<String>,
    /// When the token stops being valid.
    pub expires_on: SystemTime,
    /// From when on the service wishes the token to be renewed.
    pub refresh_on: Option<SystemTime>,
    /// The user's sign-in name; empty for applications.
    pub username: String,
    /// The tenant as the authority has it.
    pub tenant_id: String,
    /// The application.
    pub client_id: String,
    /// The correlation id of the request that obtained the token.
    pub correlation_id: String,
}

/// A token as one call got it. All calls that get the same token share it.
#[derive(Clone, Debug)]
pub struct AcquiredToken {
    /// The token.
    pub token: Arc<Token>,
    /// Where this call got it from.
    pub source: TokenSource,
}

impl Deref for AcquiredToken {
    type Target = Token;

    fn deref(&self) -> &Token {
        &self.token
    }
}

//! An access token and what came with it.

pub mod jwt;

use std::ops::Deref;
use std::sync::Arc;
use std::time::SystemTime;

use crate::base::correlation_id::CorrelationId;
use crate::base::secret::Secret;

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

/// The only type of token that is asked for and accepted (RFC 6750), spelled as the `Authorization` header has it.
pub const TOKEN_TYPE: &str = "Bearer";

/// An access token with its lifetime and, for users, what renews it.
///
/// A cache may hold a million of them, so what tokens have in common is shared and what few have is apart.
#[derive(Debug)]
pub struct Token {
    /// The token itself. Opaque to clients ("Access tokens in the Microsoft identity platform").
    pub access_token: Secret,
    /// The scopes that were granted, separated by spaces; the ones asked for when the answer names none (RFC 6749
    /// section 5.1).
    pub scopes: Arc<str>,
    /// The application that asked, and where.
    pub holder: Arc<Holder>,
    /// What came for the user; `None` for applications.
    pub user: Option<Box<UserTokens>>,
    /// When the token stops being valid.
    pub expires_on: SystemTime,
    /// From when on the service wishes the token to be renewed.
    pub refresh_on: Option<SystemTime>,
    /// The id of the request that obtained the token; `None` when another process sent it.
    pub correlation_id: Option<CorrelationId>,
}

/// The application that holds a token.
#[derive(Debug, PartialEq, Eq)]
pub struct Holder {
    /// The tenant as the authority has it.
    pub tenant_id: String,
    /// The application.
    pub client_id: String,
}

/// What comes with an access token when it is for a user.
#[derive(Debug, Default)]
pub struct UserTokens {
    /// Renews the token without asking the user again; only when `offline_access` was granted.
    pub refresh_token: Option<Secret>,
    /// Says who the user is (OpenID Connect Core section 2).
    pub id_token: Option<Secret>,
    /// The user's sign-in name, as far as it is known.
    pub username: String,
    /// Which account of which tenant the user is, in Base64url JSON (`uid` and `utid`), when the answer says so.
    pub client_info: Option<String>,
}

impl Token {
    /// The refresh token, when there is one.
    pub fn refresh_token(&self) -> Option<&Secret> {
        self.user.as_ref()?.refresh_token.as_ref()
    }

    /// The id token, when there is one.
    pub fn id_token(&self) -> Option<&Secret> {
        self.user.as_ref()?.id_token.as_ref()
    }

    /// The user's sign-in name; empty for applications.
    pub fn username(&self) -> &str {
        self.user.as_ref().map_or("", |user| &user.username)
    }

    /// The id of the request that obtained the token; empty when another process sent it.
    pub fn correlation_id(&self) -> &str {
        self.correlation_id.as_ref().map_or("", CorrelationId::as_str)
    }
}

/// A token that many calls have at the same time.
#[derive(Clone, Debug)]
pub enum SharedToken {
    /// Counted together with all others.
    Counted(Arc<Token>),
    /// Counted for one thread, as a rule.
    Replica(Arc<Replica>),
}

/// Stands for a token with a count of its own, so that threads that use the same token all the time do not pass one
/// counter to and fro between their processors. On a line of the processor's cache of its own for the same reason.
#[derive(Debug)]
#[repr(align(64))]
pub struct Replica(pub Arc<Token>);

impl SharedToken {
    /// The token, counted together with all others.
    pub fn into_counted(self) -> Arc<Token> {
        match self {
            Self::Counted(token) => token,
            Self::Replica(replica) => Arc::clone(&replica.0),
        }
    }
}

impl Deref for SharedToken {
    type Target = Token;

    fn deref(&self) -> &Token {
        match self {
            Self::Counted(token) => token,
            Self::Replica(replica) => &replica.0,
        }
    }
}

/// A token as one call got it. All calls that get the same token share it.
#[derive(Clone, Debug)]
pub struct AcquiredToken {
    /// The token.
    pub token: SharedToken,
    /// Where this call got it from.
    pub source: TokenSource,
}

impl AcquiredToken {
    /// One that was issued for this call.
    pub fn from_network(token: Arc<Token>) -> Self {
        Self {
            token: SharedToken::Counted(token),
            source: TokenSource::Network,
        }
    }

    /// One that was issued for another call.
    pub fn from_cache(token: Arc<Token>) -> Self {
        Self {
            token: SharedToken::Counted(token),
            source: TokenSource::Cache,
        }
    }
}

impl Deref for AcquiredToken {
    type Target = Token;

    fn deref(&self) -> &Token {
        &self.token
    }
}

//! Access tokens and what is issued with them.

pub mod claims;
pub mod jwt;

use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::base::correlation_id::CorrelationId;
use crate::base::secret::Secret;

/// The source of a token.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(name = "GtTokenSource"))]
pub enum TokenSource {
    /// The token service issued it for this call.
    Network = 0,
    /// It was issued for another call: an earlier or a concurrent one.
    Cache = 1,
}

/// The only token type that is accepted (RFC 6750), spelled as in the `Authorization` header.
pub const TOKEN_TYPE: &str = "Bearer";

/// The first byte of `token` that a token must not contain. A token is made of visible ASCII characters: anything else
/// would end the `Authorization` header or move the cursor of a terminal (RFC 6750 section 2.1; stricter than RFC 6749
/// appendix A, which allows spaces).
pub fn bad_character(token: &Secret) -> Option<u8> {
    token.expose().iter().copied().find(|byte| !byte.is_ascii_graphic())
}

/// The end of a token whose lifetime the service did not tell. It is in the past, so the token is used by the call that
/// asked for it, and not kept for others.
pub const UNKNOWN_END: SystemTime = SystemTime::UNIX_EPOCH;

/// An access token with its lifetime and, for users, the refresh token that renews it.
///
/// A cache may hold a million of them. To save memory, tokens share what they have in common, and rare fields are
/// boxed.
#[derive(Debug)]
pub struct Token {
    /// The token itself. Opaque to clients ("Access tokens in the Microsoft identity platform").
    pub access_token: Secret,
    /// The granted scopes, separated by spaces; the requested ones if the response names none (RFC 6749 section 5.1).
    pub scopes: Arc<str>,
    /// The application and the tenant that the token was requested for.
    pub holder: Arc<Holder>,
    /// What was issued for the user; `None` for applications.
    pub user: Option<Box<UserTokens>>,
    /// The time at which the token expires, or [`UNKNOWN_END`].
    pub expires_on: SystemTime,
    /// The time from which the service recommends renewing the token.
    pub refresh_on: Option<SystemTime>,
    /// The correlation id of the request that obtained the token; `None` if another process sent it.
    pub correlation_id: Option<CorrelationId>,
}

/// The application that holds a token.
#[derive(Debug, PartialEq, Eq)]
pub struct Holder {
    /// The tenant, as in the authority.
    pub tenant_id: String,
    /// The application's id.
    pub client_id: String,
}

/// What is issued with an access token for a user.
#[derive(Debug, Default)]
pub struct UserTokens {
    /// Renews the token without another sign-in; issued only with the scope `offline_access`.
    pub refresh_token: Option<Secret>,
    /// Identifies the user (OpenID Connect Core section 2).
    pub id_token: Option<Secret>,
    /// The user's sign-in name; empty if it is not known.
    pub username: String,
    /// The user's account and tenant, in Base64url JSON (`uid` and `utid`), if the response has them.
    pub client_info: Option<String>,
    /// The family of applications that the refresh token is for too (`foci`), if the response names one.
    pub family: Option<String>,
}

impl Token {
    /// The refresh token, if there is one.
    pub fn refresh_token(&self) -> Option<&Secret> {
        self.user.as_ref()?.refresh_token.as_ref()
    }

    /// The id token, if there is one.
    pub fn id_token(&self) -> Option<&Secret> {
        self.user.as_ref()?.id_token.as_ref()
    }

    /// The user's sign-in name; empty for applications.
    pub fn username(&self) -> &str {
        self.user.as_ref().map_or("", |user| &user.username)
    }

    /// The correlation id of the request that obtained the token; empty if another process sent it.
    pub fn correlation_id(&self) -> &str {
        self.correlation_id.as_ref().map_or("", CorrelationId::as_str)
    }
}

/// A token that many calls share.
#[derive(Clone, Debug)]
pub enum SharedToken {
    /// Shares one reference count with all other copies.
    Counted(Arc<Token>),
    /// Has a reference count of its own, usually for one thread.
    Replica(Arc<Replica>),
}

/// A token behind a reference count of its own.
///
/// Threads that constantly use the same token would otherwise contend for one counter. The alignment puts each count on
/// a cache line of its own.
#[derive(Debug)]
#[repr(align(64))]
pub struct Replica(pub Arc<Token>);

impl SharedToken {
    /// The token with the shared reference count.
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

/// A token as returned by one call. All calls that get the same token share it.
#[derive(Clone, Debug)]
pub struct AcquiredToken {
    /// The token.
    pub token: SharedToken,
    /// Where this call got it.
    pub source: TokenSource,
    /// How long the token was still valid when the call returned it, whatever this machine's clock says; `None` if the
    /// service did not tell.
    pub lifetime: Option<Duration>,
}

impl AcquiredToken {
    /// A token that was issued for this call. `now` is the service's time.
    pub fn from_network(token: Arc<Token>, now: SystemTime) -> Self {
        Self::new(token, TokenSource::Network, now)
    }

    /// A token that was issued for another call. `now` is the service's time.
    pub fn from_cache(token: Arc<Token>, now: SystemTime) -> Self {
        Self::new(token, TokenSource::Cache, now)
    }

    /// When the token expires, by the service's clock; `None` if the service did not tell.
    pub fn end(&self) -> Option<SystemTime> {
        Some(self.expires_on).filter(|end| *end != UNKNOWN_END)
    }

    fn new(token: Arc<Token>, source: TokenSource, now: SystemTime) -> Self {
        let mut acquired = Self {
            token: SharedToken::Counted(token),
            source,
            lifetime: None,
        };
        acquired.lifetime = acquired.end().map(|end| end.duration_since(now).unwrap_or_default());
        acquired
    }
}

impl Deref for AcquiredToken {
    type Target = Token;

    fn deref(&self) -> &Token {
        &self.token
    }
}

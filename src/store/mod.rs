//! Stores outside this process, which share tokens with later processes and with those that run at the same time.

#[cfg(feature = "flows")]
pub mod accounts;
pub mod file;
pub mod key;
pub mod redis;
pub mod shared;

use std::any::Any;
use std::fmt;
use std::time::{Duration, SystemTime};

use crate::authority::Authority;
use crate::base::error::Result;
use crate::base::secret::Secret;
use crate::credential::Credential;
use crate::request::grant::Grant;
use crate::request::scope::Scopes;
#[cfg(feature = "flows")]
use crate::store::accounts::AccountStore;
use crate::token::Token;

/// The token that a caller wants, described in a way that is the same in every process.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// The authority that issues the token, with the tenant.
    pub authority: &'a Authority,
    /// The application.
    pub client_id: &'a str,
    /// The application's credential; `None` for a public client. A token is returned only to callers that present the
    /// same credential.
    pub credential: Option<&'a Credential>,
    /// The grant as the caller gave it. For users it is a credential too.
    pub grant: &'a dyn Grant,
    /// The scopes; an empty set stands for the authority's default scope.
    pub scopes: &'a Scopes,
    /// What the client tells the service that it can do ([`Capabilities::text`]). Tokens are issued differently for it.
    ///
    /// [`Capabilities::text`]: crate::request::claims::Capabilities::text
    pub capabilities: &'a str,
    /// Whether the caller rejects every token that was issued before: what is kept replaces all that `find` could return.
    pub refuses_older: bool,
    /// How many seconds the issuer's clock, by which tokens expire, is ahead of this machine's, as far as this process
    /// knows. A store that only this machine reads keeps times of this machine, which every process of it shares.
    pub clock_skew: i64,
}

/// Keeps tokens outside this process. Several threads use it at once.
///
/// A failing store does not fail a call: the client logs the error and asks the service. No operation may take long or
/// wait without a limit.
pub trait TokenStore: fmt::Debug + Send + Sync {
    /// Returns what is kept for `wanted`. The token may have expired: the caller decides whether it lives long enough.
    fn find(&self, wanted: &Wanted<'_>) -> Result<Found>;

    /// Keeps `token`, issued at `now`, in place of an older one, together with its refresh token. On failure it keeps
    /// neither.
    fn keep(&self, wanted: &Wanted<'_>, token: &Token, now: SystemTime) -> Result<()>;

    /// Forgets the refresh token that replaced the one in `wanted`: the service rejected it.
    fn forget_refresh_token(&self, wanted: &Wanted<'_>) -> Result<()>;

    /// The accounts of users whose tokens it keeps; `None` if a caller who names an account may not have its tokens, or
    /// if the store cannot tell whose tokens it keeps.
    #[cfg(feature = "flows")]
    fn account_store(&self) -> Option<&dyn AccountStore> {
        None
    }

    /// Waits up to `patience` until no other process is asking the service for `wanted`. Other processes then wait
    /// until the turn is dropped, or until it ends because this process died.
    fn take_turn(&self, wanted: &Wanted<'_>, patience: Duration) -> Result<Turn>;
}

/// What a store has for a caller.
#[derive(Debug, Default)]
pub struct Found {
    /// The token.
    pub token: Option<Token>,
    /// The refresh token that replaced the one that the caller gave.
    pub refresh_token: Option<Secret>,
}

/// The right to ask the service. Other processes respect it, but nothing enforces it.
#[derive(Default)]
pub struct Turn {
    /// Ends the turn when it is dropped. `None` if the wait timed out: the caller asks the service nevertheless.
    pub hold: Option<Box<dyn Any + Send>>,
    /// Whether another process had the turn before, and may have stored the token.
    pub others_were_first: bool,
}

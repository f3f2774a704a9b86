//! Places outside of this process where tokens are kept: for the next process, or for others at the same time.

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
use crate::token::Token;

/// What a token is for, in words that every process understands.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// Where it is asked for, and for which tenant.
    pub authority: &'a Authority,
    /// The application.
    pub client_id: &'a str,
    /// What proves who the application is. A store gives a token only to who has the same.
    pub credential: Option<&'a Credential>,
    /// The grant as the caller gave it, which for users is a proof too.
    pub grant: &'a dyn Grant,
    /// What the token is for; none stands for the authority's default scope.
    pub scopes: &'a Scopes,
    /// A claims request or challenge.
    pub claims: Option<&'a str>,
}

/// Keeps tokens outside of this process. Used from many threads at once.
///
/// A store that fails costs nobody a token: the client logs the error and asks the service. So no operation may take
/// long, and none may wait without a limit.
pub trait TokenStore: fmt::Debug + Send + Sync {
    /// What is kept for `wanted`. The token may have expired: whether it lives long enough, the caller decides.
    fn find(&self, wanted: &Wanted<'_>) -> Result<Found>;

    /// Keeps `token`, which was issued by `now`, in place of an older one, together with its refresh token: both, or
    /// in case of a failure neither.
    fn keep(&self, wanted: &Wanted<'_>, token: &Token, now: SystemTime) -> Result<()>;

    /// Forgets the refresh token that has taken the place of the one in `wanted`: the service refused it.
    fn forget_refresh_token(&self, wanted: &Wanted<'_>) -> Result<()>;

    /// Waits for up to `patience` until nobody else is asking the service for `wanted`, and lets nobody else ask until
    /// the turn is dropped, or has ended by itself because its holder died.
    fn take_turn(&self, wanted: &Wanted<'_>, patience: Duration) -> Result<Turn>;
}

/// What a store has for a caller.
#[derive(Debug, Default)]
pub struct Found {
    /// The token.
    pub token: Option<Token>,
    /// The refresh token that has taken the place of the one that the caller gave.
    pub refresh_token: Option<Secret>,
}

/// The right to ask the service, as far as others respect it.
#[derive(Default)]
pub struct Turn {
    /// Gives the turn back when it is dropped. `None` when there was no waiting for it in time: ask nevertheless.
    pub hold: Option<Box<dyn Any + Send>>,
    /// Somebody else had it before, and may have brought what is wanted.
    pub others_were_first: bool,
}

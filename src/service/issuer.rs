//! What can issue a token for a request.

use std::time::{Duration, Instant};

use crate::base::clock::Moment;
use crate::base::digest::Digest;
use crate::base::error::Result;
use crate::request::Request;
use crate::request::grant::Grant;
use crate::token::Token;

/// An issuer of tokens: an application that asks the token service with its credential, for example.
///
/// An issuer knows nothing of tokens that were issued before. Cache, single flight, early renewal and stores work the same
/// for every issuer. Any thread may use it, many at once.
pub trait Issuer: Send + Sync {
    /// Identifies the issuer and the application's proof: the issuer's share of a cache key.
    fn identity(&self) -> Digest;

    /// Now, by the issuer's clock as far as that is known.
    fn now(&self) -> Moment;

    /// How long a call for `request` may take in all, repetitions and pauses included.
    fn time_limit(&self, request: &Request) -> Duration;

    /// Whether a token for `request` may be renewed although no caller waits for it. A user's password or refresh token
    /// may not be used then, and an assertion that was signed elsewhere is used once.
    fn renews_by_itself(&self, request: &Request) -> bool;

    /// Issues a token, and repeats the request when the failure may pass and the time allows it. The caller's time runs
    /// since `began`.
    ///
    /// `grant` is the grant of `request`, or one that has taken its place: a refresh token may have been replaced.
    fn issue(&self, request: &Request, grant: &dyn Grant, began: Instant) -> Result<Token>;
}

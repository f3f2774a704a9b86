//! Issuers of tokens.

use std::time::{Duration, Instant};

use crate::base::clock::Moment;
use crate::base::digest::Digest;
use crate::base::error::Result;
use crate::base::secret::Secret;
use crate::request::Request;
use crate::request::grant::Grant;
use crate::token::Token;

/// An issuer of tokens: for example, an application that requests them from the token service with its credential.
///
/// An issuer does not know which tokens it has issued. Cache, single flight, early renewal and stores work the same for
/// every issuer. Many threads may use one at the same time.
pub trait Issuer: Send + Sync {
    /// Identifies the issuer and the application's credential: the issuer's part of a cache key.
    fn identity(&self) -> Digest;

    /// The current time by the issuer's clock, if that is known.
    fn now(&self) -> Moment;

    /// How many seconds the issuer's clock is ahead of this machine's, if that is known.
    fn clock_skew(&self) -> i64;

    /// The time limit of a call for `request`, including retries and pauses.
    fn time_limit(&self, request: &Request) -> Duration;

    /// Whether a token for `request` may be renewed in the background. This must not use a user's password or refresh
    /// token, nor an assertion that was signed elsewhere, which can be used only once.
    fn renews_by_itself(&self, request: &Request) -> bool;

    /// Issues a token. Retries after transient failures, within the time limit, which is counted from `began`.
    ///
    /// `grant` is the grant of `request`, or a replacement: a newer refresh token, for example.
    fn issue(&self, request: &Request, grant: &dyn Grant, began: Instant) -> Result<Token>;

    /// Issues a token in place of `refused`, which an API has refused for want of claims. Only an issuer that keeps tokens
    /// itself has to know which one it is.
    fn reissue(&self, request: &Request, grant: &dyn Grant, began: Instant, _refused: &Secret) -> Result<Token> {
        self.issue(request, grant, began)
    }
}

//! A token request and its answer as HTTP sees them.

pub mod failure;
pub mod form;
pub mod https;
pub mod resolver;
pub mod tls;
pub mod transport;

use std::fmt;
use std::time::Duration;

use crate::base::secret::Secret;
use crate::http::form::Form;

/// One POST to a token endpoint.
pub struct HttpRequest<'a> {
    /// The token endpoint.
    pub url: &'a str,
    /// The body.
    pub form: &'a Form,
    /// Sent as `client-request-id`, which the service repeats and logs.
    pub correlation_id: &'a str,
    /// Sent as `x-anchormailbox: upn:...`, by which the service routes to the user's region.
    pub username: &'a str,
    /// How long all of it may take; what the transport is set to when `None`.
    pub timeout: Option<Duration>,
}

/// What came back. Every HTTP status is an answer; only its absence is an error.
#[derive(Debug, Default)]
pub struct HttpAnswer {
    /// HTTP status.
    pub status: u16,
    /// The `Retry-After` header.
    pub retry_after: Option<String>,
    /// The `Date` header.
    pub date: Option<String>,
    /// The `Location` header.
    pub location: Option<String>,
    /// The body; it may hold a token.
    pub body: Secret,
    /// Why the body ended before its end, when it did.
    pub cut_off: Option<CutOff>,
}

/// Why there is only a part of a body.
#[derive(Clone, Debug)]
pub enum CutOff {
    /// The connection broke, for this reason.
    Broken(String),
    /// It has more bytes than this, and was not read on.
    TooLarge(u64),
}

impl fmt::Display for CutOff {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(reason) => formatter.write_str(reason),
            Self::TooLarge(limit) => write!(formatter, "it is larger than {} KiB", limit / 1024),
        }
    }
}

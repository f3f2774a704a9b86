//! Requests and answers in HTTP.

#[cfg(feature = "flows")]
pub mod bare;
pub mod cause;
pub mod failure;
pub mod form;
pub mod https;
#[cfg(feature = "flows")]
pub mod metadata;
pub mod no_proxy;
#[cfg(feature = "flows")]
mod pinned;
pub mod proxy;
pub mod proxy_failure;
pub mod resolver;
pub mod route;
pub mod tls;
pub mod tls_failure;
pub mod transport;
pub mod tunnel;
pub mod wiped;

use std::fmt;
use std::time::Duration;

use crate::base::secret::Secret;
use crate::http::form::Form;

/// One POST to a token endpoint.
#[derive(Clone, Copy)]
pub struct HttpRequest<'a> {
    /// The token endpoint.
    pub url: &'a str,
    /// The body.
    pub form: &'a Form,
    /// Sent as `client-request-id`, which the service logs and returns.
    pub correlation_id: &'a str,
    /// Sent as `x-anchormailbox: upn:...`, by which the service routes to the user's region.
    pub username: &'a str,
    /// The credentials of `Authorization: Basic`, by which the client authenticates in place of a field of the body.
    pub basic: Option<&'a Secret>,
    /// The time limit of the whole request; `None` stands for that of the transport.
    pub timeout: Option<Duration>,
}

/// An answer. Every HTTP status is one; only a missing answer is an error.
#[derive(Debug, Default)]
pub struct HttpAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The `Retry-After` header.
    pub retry_after: Option<String>,
    /// The `Date` header.
    pub date: Option<String>,
    /// The `Location` header.
    pub location: Option<String>,
    /// The `Cache-Control` header.
    #[cfg(feature = "flows")]
    pub cache_control: Option<String>,
    /// The `WWW-Authenticate` header.
    #[cfg(feature = "flows")]
    pub challenge: Option<String>,
    /// The authentication schemes that a proxy offers (`Proxy-Authenticate`).
    pub proxy_schemes: Vec<String>,
    /// The body, which may contain a token.
    pub body: Secret,
    /// Why the body is incomplete, if it is.
    pub cut_off: Option<CutOff>,
}

/// Why a body is incomplete.
#[derive(Clone, Debug)]
pub enum CutOff {
    /// The connection broke, for this reason.
    Broken(String),
    /// It is larger than this many bytes; the rest was not read.
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

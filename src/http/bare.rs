//! Requests that are not token requests: headers of their own, and no body.

use std::time::Duration;

use crate::base::error::Result;
use crate::base::secret::Secret;
use crate::http::HttpAnswer;

/// A request without a body.
pub struct BareRequest<'a> {
    /// Its method.
    pub method: BareMethod,
    /// Where it is sent.
    pub url: &'a str,
    /// Its headers, beside those that every request has.
    pub headers: &'a [(&'static str, &'a str)],
    /// The value of `Authorization: Bearer`.
    pub bearer: &'a Secret,
    /// The time limit of the whole request.
    pub timeout: Duration,
}

/// The method of a request without a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BareMethod {
    /// GET.
    Get,
    /// POST, with `Content-Length: 0`.
    Post,
}

/// Sends requests without a body. Redirects are answers, and not followed.
pub trait BareTransport: Send + Sync {
    /// Sends one request and waits for its answer.
    fn send(&self, request: &BareRequest<'_>) -> Result<HttpAnswer>;

    /// What it sends along with requests, and no message may quote: the user name and password of a proxy.
    fn proxy_login(&self) -> Option<&Secret>;
}

//! What a request is built with, besides its grant and its scopes.

use std::time::Duration;

use crate::base::correlation_id::CorrelationId;

/// Settings of a request.
#[derive(Clone, Debug)]
pub struct RequestSettings {
    /// A claims request or challenge to pass on (OpenID Connect Core section 5.5): a JSON object.
    pub claims: Option<String>,
    /// The id to find the request by in the service's logs; a random one when `None`.
    pub correlation_id: Option<CorrelationId>,
    /// Whether the service is asked even when the cache has a token.
    pub force_refresh: bool,
    /// A cached token is only used when it lives at least this long.
    pub minimum_lifetime: Duration,
    /// How long the call may take; the client's limit when `None`.
    pub timeout: Option<Duration>,
}

impl Default for RequestSettings {
    fn default() -> Self {
        Self {
            claims: None,
            correlation_id: None,
            force_refresh: false,
            minimum_lifetime: Duration::from_secs(300),
            timeout: None,
        }
    }
}

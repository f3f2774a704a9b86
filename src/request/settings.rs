//! The settings of a request, besides its grant and scopes.

use std::time::Duration;

use crate::base::correlation_id::CorrelationId;
use crate::base::error::Result;

/// Settings of a request.
#[derive(Clone, Debug)]
pub struct RequestSettings {
    /// A claims request or claims challenge for the service (OpenID Connect Core section 5.5): a JSON object.
    pub claims: Option<String>,
    /// The id by which the request can be found in the service's logs; random if `None`.
    pub correlation_id: Option<CorrelationId>,
    /// Whether to request a new token even if the cache has one.
    pub force_refresh: bool,
    /// How long a cached token must still be valid to be returned.
    pub minimum_lifetime: Duration,
    /// The time limit of the call; the client's if `None`.
    pub timeout: Option<Duration>,
}

impl RequestSettings {
    /// The correlation id, or a random one.
    pub fn correlation_id_or_random(&self) -> Result<CorrelationId> {
        self.correlation_id.map_or_else(CorrelationId::random, Ok)
    }
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

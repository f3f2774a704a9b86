//! The settings of a request, besides its grant and scopes.

use std::time::Duration;

use crate::base::correlation_id::CorrelationId;
use crate::base::error::Result;
use crate::request::claims::{self, Capabilities, ClaimsChallenge};

/// Settings of a request.
#[derive(Clone, Debug)]
pub struct RequestSettings {
    /// A claims request for the service (OpenID Connect Core section 5.5): a JSON object.
    pub claims: Option<String>,
    /// A claims challenge of an API. It takes precedence over `claims`.
    pub challenge: Option<ClaimsChallenge>,
    /// The id by which the request can be found in the service's logs; random if `None`.
    pub correlation_id: Option<CorrelationId>,
    /// Whether to request a new token even if the cache has one.
    pub force_refresh: bool,
    /// How long a cached token must still be valid to be returned.
    pub minimum_lifetime: Duration,
    /// The time limit of the call; the client's if `None`.
    pub timeout: Option<Duration>,
}

impl Default for RequestSettings {
    fn default() -> Self {
        Self {
            claims: None,
            challenge: None,
            correlation_id: None,
            force_refresh: false,
            minimum_lifetime: Duration::from_secs(300),
            timeout: None,
        }
    }
}

impl RequestSettings {
    /// Whether no token will do that was issued before. One that is issued for claims replaces the token that an API has
    /// refused, so that it is never returned again.
    pub fn demands_new_token(&self) -> bool {
        self.force_refresh || self.claims.is_some() || self.challenge.is_some()
    }

    /// The correlation id, or a random one.
    pub fn correlation_id_or_random(&self) -> Result<CorrelationId> {
        self.correlation_id.map_or_else(CorrelationId::random, Ok)
    }

    /// The claims parameter of the request of a client with these capabilities.
    pub fn claims_parameter(&self, capabilities: &Capabilities) -> Option<String> {
        let demanded = self.challenge.as_ref().map(|challenge| challenge.claims.as_str());
        claims::parameter(capabilities, self.claims.as_deref(), demanded)
    }
}

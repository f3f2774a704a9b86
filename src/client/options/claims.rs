//! The options about what a token must say.

use crate::base::parameter;
use crate::client::options::row::{Documentation, OptionRow, Scope};
use crate::client::options::value;
use crate::request::claims::Capabilities;
#[cfg(feature = "flows")]
use crate::service::challenge;

/// What the client tells the service that it can do.
pub(super) const CAPABILITIES: OptionRow = OptionRow::new(
    &parameter::CAPABILITIES,
    Documentation {
        scope: Scope::Client,
        meaning: "What the client tells the service that it can do. `cp1`: it answers claims challenges, so that tokens live longer and APIs refuse them as soon as a critical event occurs (continuous access evaluation).",
        values: "names with spaces between them",
        default: "none",
        since: "0.1.0",
    },
    |options, text| {
        options.client.capabilities = Capabilities::parse(text)?;
        Ok(())
    },
);

/// A claims request.
pub(super) const CLAIMS: OptionRow = OptionRow::new(
    &parameter::CLAIMS,
    Documentation {
        scope: Scope::Request,
        meaning: "A claims request to send to the service (OpenID Connect Core section 5.5). A new token is issued, and replaces the cached one.",
        values: "a JSON object, or empty",
        default: "none",
        since: "0.1.0",
    },
    |options, text| {
        options.request.claims = value::claims(text)?;
        Ok(())
    },
);

/// A claims challenge of an API.
#[cfg(feature = "flows")]
pub(super) const CHALLENGE: OptionRow = OptionRow::new(
    &parameter::CHALLENGE,
    Documentation {
        scope: Scope::Request,
        meaning: "The header `WWW-Authenticate` of an API that refuses a token for want of claims. They are sent to the service, and a new token is issued, which replaces the cached one. They take precedence over those of `claims`.",
        values: "the header's value, up to 16 KiB",
        default: "none",
        since: "0.1.0",
    },
    |options, text| {
        options.request.challenge = Some(challenge::read(text)?);
        Ok(())
    },
)
.verbatim();

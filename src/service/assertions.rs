//! The assertions that an application sends and has not signed itself, in one call.

use std::time::Instant;

use crate::authority::Authority;
use crate::base::clock::Clock;
use crate::base::error::{Error, Result};
use crate::base::secret::Secret;
use crate::credential::Credential;
use crate::credential::assertion_source::{AssertionSource, Wanted};

/// What provides the assertions; `None` if the application authenticates in another way.
pub fn source(credential: Option<&Credential>) -> Option<&dyn AssertionSource> {
    match credential {
        Some(Credential::Assertion(source)) => Some(&**source),
        _ => None,
    }
}

/// Whether a request may be sent more than once.
pub fn may_repeat(credential: Option<&Credential>) -> bool {
    source(credential).is_none_or(AssertionSource::is_renewable)
}

/// How often one call may send its request again at once after a refusal for its time: with another time, or with
/// another assertion.
pub fn corrections(credential: Option<&Credential>) -> u32 {
    match source(credential) {
        None => CLOCK_CORRECTIONS,
        Some(source) => u32::from(source.is_renewable()),
    }
}

/// Once is enough for a service with one clock. While a service sets its clock, refusals from before and after the
/// change arrive in any order.
const CLOCK_CORRECTIONS: u32 = 3;

/// Whether the assertion was refused for its time. Its source may have renewed it meanwhile.
pub fn is_late(refusal: &Error) -> bool {
    let codes = refusal.service().map(|report| report.codes.as_slice());
    let is_late = codes.is_some_and(|codes| codes.contains(&OUTSIDE_ITS_TIME));
    if is_late {
        log::warn!("the client assertion is outside of its time; asking its source for another");
    }
    is_late
}

/// "Client assertion is not within its valid time range" ("Microsoft Entra authentication and authorization error
/// codes").
const OUTSIDE_ITS_TIME: u32 = 700_024;

/// The assertion for the next request of `client_id` to `authority`; `None` without a source. The source itself retries,
/// so its failure ends the call.
pub fn fetched(
    credential: Option<&Credential>,
    authority: &Authority,
    token_endpoint: &str,
    client_id: &str,
    clock: &dyn Clock,
    deadline: Instant,
) -> Result<Option<Secret>> {
    let wanted = Wanted {
        tenant: authority.tenant(),
        client_id,
        token_endpoint,
        audience: authority.federation_audience(),
        clock,
        deadline,
    };
    source(credential).map(|source| source.assertion(&wanted)).transpose()
}

//! One attempt of a call: a request with a new assertion, and what its answer says about the next attempt.

use std::time::{Duration, SystemTime};

use super::{Application, Call};
use crate::base::error::{Error, Result};
use crate::service::assertions;
use crate::service::issuer::Issuer;
use crate::token::Token;

/// What came of sending a request once.
pub(super) enum Attempt {
    Issued(Token),
    /// It was refused for its time, and the next one differs: it may be sent at once.
    Corrected,
    Refused(Error),
}

impl Application {
    /// Sends the request once, with a new assertion.
    ///
    /// # Errors
    /// The failure of the assertion's source, which ends the call: the source itself retries.
    pub(super) fn attempt(&self, call: &Call, mut limit: Option<Duration>, corrections: &mut u32) -> Result<Attempt> {
        let began = self.clock.monotonic();
        let fetched = assertions::fetched(
            self.credential.as_ref(),
            &self.authority,
            call.description.token_endpoint(self),
            self.client_id(),
            &*self.clock,
            call.deadline,
        )?;
        if self.clock.monotonic().saturating_duration_since(began) > Self::UNNOTICED {
            limit = Some(self.left(call.deadline));
        }
        let signed = self.now().wall;
        let error = match self.ask(call, limit, fetched) {
            Ok(token) => return Ok(Attempt::Issued(token)),
            Err(error) => error,
        };
        self.throttles.note(self.identity, &error, self.clock.monotonic());
        if *corrections > 0 && self.is_corrected_after(&error, signed) {
            *corrections -= 1;
            return Ok(Attempt::Corrected);
        }
        Ok(Attempt::Refused(error))
    }

    /// Whether the next request will differ after `refusal`: in the time that it is signed with, or in the assertion that
    /// its source has renewed meanwhile.
    fn is_corrected_after(&self, refusal: &Error, signed: SystemTime) -> bool {
        if assertions::source(self.credential.as_ref()).is_some() {
            return assertions::is_late(refusal);
        }
        let is_corrected = self.service_clock.is_corrected_by(refusal, signed, self.clock.now());
        if is_corrected {
            log::warn!("this machine's clock is wrong; signing the request again with the service's time");
        }
        is_corrected
    }
}

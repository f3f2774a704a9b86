//! Polls the token endpoint until the user has signed in on another device (RFC 8628 section 3.5).

use std::time::Duration;

use super::attempt::Attempt;
use super::{Application, Call};
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::REQUEST_TIMEOUT;
use crate::request::grant::polling::Polling;
use crate::service::assertions;
use crate::service::retry::is_transient;
use crate::token::Token;

impl Application {
    /// Polls until the user has decided, the code ends, the call's time ends, or nobody waits any longer. A poll spends
    /// the code only if it succeeds, so that one without an answer is repeated.
    pub(super) fn poll(&self, call: &Call, polling: &Polling) -> Result<Token> {
        let mut corrections = assertions::corrections(self.credential.as_ref());
        let mut is_answer_lost = false;
        loop {
            self.wait_for_poll(call, polling)?;
            let limit = self.left(call.deadline).min(self.settings.timeout);
            let error = match self.attempt(call, Some(limit), &mut corrections)? {
                Attempt::Issued(token) => return Ok(token),
                Attempt::Corrected => continue,
                Attempt::Refused(error) => error,
            };
            let now = self.clock.monotonic();
            let report = error.service();
            let asked = report.and_then(|report| report.retry_after);
            match report.map_or("", |report| &report.oauth_error) {
                "authorization_pending" => polling.go_on(now, asked),
                "slow_down" => polling.slow_down(now, asked),
                "unsupported_grant_type" if polling.use_short_name() => polling.go_on(now, asked),
                _ if is_transient(&error) => {
                    is_answer_lost |= may_have_arrived(&error);
                    log::info!("polling again after: {error}");
                    polling.back_off(now, asked);
                }
                _ if is_answer_lost && error.status() != Status::ServiceRejected => return Err(spent(&error)),
                _ => return Err(error),
            }
        }
    }

    /// Sleeps until the next poll is due, in short pieces: a cancelled call must not keep its thread, nor poll again.
    fn wait_for_poll(&self, call: &Call, polling: &Polling) -> Result<()> {
        loop {
            if polling.callers().are_gone() {
                return Err(Error::cancelled());
            }
            let now = self.clock.monotonic();
            if now >= polling.end() {
                return Err(expired());
            }
            if now >= call.deadline {
                return Err(out_of_time(polling.end() - now));
            }
            let due = polling.next().saturating_duration_since(now);
            if due.is_zero() {
                return Ok(());
            }
            let rest = polling.end().min(call.deadline) - now;
            self.clock.sleep(due.min(rest).min(PIECE));
        }
    }
}

/// How long a thread sleeps before it looks whether its call was cancelled.
const PIECE: Duration = Duration::from_millis(200);

/// Whether the service may have answered with a token that never came.
fn may_have_arrived(error: &Error) -> bool {
    let is_broken_off = error.service().is_some_and(|report| report.is_broken_off);
    is_broken_off || matches!(error.status(), Status::ConnectionFailed | Status::RequestTimeout)
}

fn expired() -> Error {
    Error::new(
        Status::InteractionRequired,
        "The device code expired before the user had signed in.",
        "Start the sign-in again, and have the user enter the new code.",
    )
}

fn out_of_time(left: Duration) -> Error {
    let seconds = left.as_secs();
    Error::new(
        Status::RequestTimeout,
        "The user has not signed in within the time limit of the call.",
        format!("Use {REQUEST_TIMEOUT} to allow more time: the device code is valid for {seconds} s more."),
    )
}

fn spent(error: &Error) -> Error {
    let message = format!(
        "An answer of the service was lost, and it may have had the token: the device code is spent. The service \
         answered last: {}",
        error.cause()
    );
    let lost = Error::new(error.status(), message, "Start the sign-in again.");
    match error.service() {
        Some(report) => lost.with_service(report.clone()),
        None => lost,
    }
}

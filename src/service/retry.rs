//! Which failures are transient, and how long to wait before a retry.

use std::time::Duration;

use crate::base::error::{Error, Status};
use crate::base::jitter;

/// The longest pause before the first retry. It doubles for each retry after that.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause, unless the service asks for a longer one.
const LONGEST_PAUSE: Duration = Duration::from_secs(16);

/// What a call does after a failure.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Sends the request again after this pause.
    Again(Duration),
    /// Fails: the failure is transient, but not enough time is left to retry.
    NoTime,
    /// Fails: the failure is permanent, or there are no retries left.
    Never,
}

/// The retries of one call.
pub struct Retries {
    allowed: u32,
    made: u32,
}

impl Retries {
    /// A call with up to `allowed` retries.
    pub fn new(allowed: u32) -> Self {
        Self { allowed, made: 0 }
    }

    /// Decides whether and when to retry after `error`. `left` is the time that the caller has left.
    ///
    /// The service's `Retry-After` (RFC 9110 section 10.2.3) decides if there is one. Otherwise the pause is random,
    /// with an upper bound that grows exponentially ("full jitter"), to keep callers that failed together from retrying
    /// together. A random pause ends within the caller's time.
    pub fn next(&mut self, error: &Error, left: Duration) -> Next {
        if !is_transient(error) {
            return Next::Never;
        }
        if left.is_zero() {
            return Next::NoTime;
        }
        if self.made == self.allowed {
            return Next::Never;
        }
        let bound = FIRST_PAUSE
            .saturating_mul(2_u32.saturating_pow(self.made))
            .min(LONGEST_PAUSE);
        self.made += 1;
        let asked = error.service().and_then(|report| report.retry_after);
        let pause = asked.unwrap_or_else(|| jitter::up_to(bound.min(left)));
        if pause < left { Next::Again(pause) } else { Next::NoTime }
    }
}

/// Whether the same request may succeed later: the connection failed or broke, or the response was late, 408, 429 or
/// 5xx (RFC 9110 section 15).
pub fn is_transient(error: &Error) -> bool {
    match error.status() {
        Status::ConnectionFailed | Status::RequestTimeout | Status::Throttled | Status::ServiceUnavailable => true,
        _ => error
            .service()
            .is_some_and(|report| report.http_status == 408 || report.is_broken_off),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::error::ServiceReport;

    const HOUR: Duration = Duration::from_secs(3600);

    fn error(status: Status, http_status: u16, retry_after: Option<u64>) -> Error {
        Error::new(status, "no", "").with_service(ServiceReport {
            http_status,
            retry_after: retry_after.map(Duration::from_secs),
            ..ServiceReport::default()
        })
    }

    #[test]
    fn only_transient_failures_are_retried() {
        for (status, http_status, again) in [
            (Status::ConnectionFailed, 0, true),
            (Status::RequestTimeout, 0, true),
            (Status::Throttled, 429, true),
            (Status::ServiceUnavailable, 503, true),
            (Status::ServiceRejected, 408, true),
            (Status::MalformedResponse, 408, true),
            (Status::ServiceRejected, 400, false),
            (Status::ClientCredentialRejected, 401, false),
            (Status::UserCredentialRejected, 400, false),
            (Status::InteractionRequired, 400, false),
            (Status::MalformedResponse, 200, false),
            (Status::TlsFailed, 0, false),
            (Status::ProxyFailed, 407, false),
            (Status::SigningFailed, 0, false),
        ] {
            let next = Retries::new(1).next(&error(status, http_status, None), HOUR);
            assert_eq!(next != Next::Never, again, "{status:?} {http_status}");
        }
        let broken_off = Error::new(Status::MalformedResponse, "half", "").with_service(ServiceReport {
            is_broken_off: true,
            ..ServiceReport::default()
        });
        assert_ne!(Retries::new(1).next(&broken_off, HOUR), Next::Never);
    }

    #[test]
    fn pauses_grow_to_a_bound_and_retries_end() {
        let mut retries = Retries::new(10);
        for most in [1, 2, 4, 8, 16, 16, 16, 16, 16, 16] {
            let next = retries.next(&error(Status::ServiceUnavailable, 503, None), HOUR);
            assert!(
                matches!(next, Next::Again(pause) if pause <= Duration::from_secs(most)),
                "{next:?} of {most} s"
            );
        }
        let next = retries.next(&error(Status::ServiceUnavailable, 503, None), HOUR);
        assert_eq!(next, Next::Never);
    }

    #[test]
    fn a_random_pause_leaves_time_for_the_request() {
        for _ in 0..100 {
            let mut retries = Retries::new(1);
            let next = retries.next(&error(Status::ServiceUnavailable, 503, None), Duration::from_millis(1));
            assert!(matches!(next, Next::Again(_)), "{next:?}");
        }
    }

    #[test]
    fn retry_after_is_obeyed_if_there_is_time() {
        let throttled = error(Status::Throttled, 429, Some(7));
        let seven = Duration::from_secs(7);
        assert_eq!(Retries::new(1).next(&throttled, HOUR), Next::Again(seven));
        assert_eq!(Retries::new(1).next(&throttled, seven), Next::NoTime);
        assert_eq!(Retries::new(0).next(&throttled, seven), Next::Never);
        let unavailable = error(Status::ServiceUnavailable, 503, None);
        assert_eq!(Retries::new(0).next(&unavailable, Duration::ZERO), Next::NoTime);
    }
}

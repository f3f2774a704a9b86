//! Which failures may pass by themselves, and how long to wait before trying again.

use std::time::Duration;

use crate::base::error::{Error, Status};
use crate::base::jitter;

/// The pause before the first repetition is up to this, and up to twice as long before each one after.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause, unless the service asks for a longer one.
const LONGEST_PAUSE: Duration = Duration::from_secs(16);

/// What becomes of a call after a failure.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// The request is sent again after this pause.
    Again(Duration),
    /// The failure may pass, but not within what is left of the caller's time.
    NoTime,
    /// The failure stays, or all repetitions are spent.
    Never,
}

/// The repetitions that one call may still make.
pub struct Retries {
    allowed: u32,
    made: u32,
}

impl Retries {
    /// Up to `allowed` repetitions.
    pub fn new(allowed: u32) -> Self {
        Self { allowed, made: 0 }
    }

    /// Whether and when the request that ended with `error` is sent again, `left` being what is left of the caller's time.
    ///
    /// The service's own wish (`Retry-After`, RFC 9110 section 10.2.3) decides where it is known; otherwise the pause
    /// grows exponentially and is random between nothing and its bound ("full jitter"), so that callers who failed
    /// together do not come back together. A random pause ends within the caller's time; one that is asked for may not.
    pub fn next(&mut self, error: &Error, left: Duration) -> Next {
        if !may_pass(error) {
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

/// No connection, one that broke, no answer in time, 408, 429 and 5xx (RFC 9110 section 15): the same request may succeed
/// later.
fn may_pass(error: &Error) -> bool {
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
    fn only_what_may_pass_is_tried_again() {
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
    fn pauses_grow_to_a_bound_and_end() {
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
    fn the_service_s_wish_is_kept_if_there_is_time() {
        let throttled = error(Status::Throttled, 429, Some(7));
        let seven = Duration::from_secs(7);
        assert_eq!(Retries::new(1).next(&throttled, HOUR), Next::Again(seven));
        assert_eq!(Retries::new(1).next(&throttled, seven), Next::NoTime);
        assert_eq!(Retries::new(0).next(&throttled, seven), Next::Never);
        let unavailable = error(Status::ServiceUnavailable, 503, None);
        assert_eq!(Retries::new(0).next(&unavailable, Duration::ZERO), Next::NoTime);
    }
}

//! Throttling: which applications the service has asked to wait, and until when.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::base::digest::Digest;
use crate::base::error::{Error, ServiceReport};
use crate::base::parameter::REQUEST_TIMEOUT;

/// The waits that services have asked for (`Retry-After`). Each applies to one application at one authority and does
/// not delay others.
#[derive(Default)]
pub struct Throttles {
    waits: Mutex<HashMap<Digest, Wait>>,
}

struct Wait {
    until: Instant,
    asked_by: Error,
}

/// The longest wait that is obeyed. A longer one is more likely an error of the service.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

impl Throttles {
    /// The waits of all clients that share the process's cache.
    pub fn of_process() -> Arc<Self> {
        static THROTTLES: OnceLock<Arc<Throttles>> = OnceLock::new();
        Arc::clone(THROTTLES.get_or_init(Arc::default))
    }

    /// Records the wait that `error`, the response to a request of `client`, asks for, if any.
    pub fn note(&self, client: Digest, error: &Error, now: Instant) {
        let asked = error.service().and_then(|report| report.retry_after);
        if let Some(asked) = asked.filter(|wait| !wait.is_zero()) {
            let mut waits = self.lock();
            waits.retain(|_, wait| wait.until > now);
            let until = now + asked.min(LONGEST_WAIT);
            let asked_by = error.clone();
            waits.insert(client, Wait { until, asked_by });
        }
    }

    /// How much longer `client` has to wait, and the error for a caller that does not have that much time.
    pub fn wait(&self, client: Digest, now: Instant) -> Option<(Duration, Error)> {
        let waits = self.lock();
        let wait = waits.get(&client).filter(|wait| wait.until > now)?;
        let left = wait.until - now;
        Some((left, still_throttled(&wait.asked_by, left)))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Digest, Wait>> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn still_throttled(error: &Error, left: Duration) -> Error {
    let seconds = left.as_secs_f64().ceil();
    let message = format!(
        "The service asked this application to wait {seconds} s more, so no request was sent. It answered: {}",
        error.cause()
    );
    let hint = format!("Try again in {seconds} s, or use {REQUEST_TIMEOUT} to allow more time.");
    Error::new(error.status(), message, hint).with_service(ServiceReport {
        retry_after: Some(left),
        ..error.service().cloned().unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::error::Status;

    fn throttled(seconds: u64) -> Error {
        Error::new(Status::Throttled, "slow down", "").with_service(ServiceReport {
            retry_after: Some(Duration::from_secs(seconds)),
            ..ServiceReport::default()
        })
    }

    #[test]
    fn a_wait_ends_and_concerns_one_application() {
        let (throttles, now) = (Throttles::default(), Instant::now());
        let [client, other] = [Digest::of(&[b"client"]), Digest::of(&[b"other"])];
        throttles.note(client, &throttled(7), now);
        let (left, error) = throttles.wait(client, now + Duration::from_secs(3)).unwrap();
        assert_eq!(left, Duration::from_secs(4));
        assert_eq!(error.status(), Status::Throttled);
        assert_eq!(error.service().unwrap().retry_after, Some(left));
        assert!(error.message().contains("4 s more"), "{error}");
        assert!(throttles.wait(other, now).is_none());
        assert!(throttles.wait(client, now + Duration::from_secs(7)).is_none());
    }

    #[test]
    fn an_absurd_wait_is_limited_and_no_wait_is_none() {
        let (throttles, now) = (Throttles::default(), Instant::now());
        let client = Digest::of(&[b"client"]);
        throttles.note(client, &Error::new(Status::ServiceUnavailable, "down", ""), now);
        assert!(throttles.wait(client, now).is_none());
        throttles.note(client, &throttled(u64::MAX), now);
        assert_eq!(throttles.wait(client, now).unwrap().0, LONGEST_WAIT);
    }
}

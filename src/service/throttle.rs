//! Which applications the service has asked to wait, and until when.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::base::digest::Digest;
use crate::base::error::{Error, ServiceReport};

/// The waits that services have asked for (`Retry-After`), each for one application at one authority: who asks for
/// another application is not held up.
#[derive(Default)]
pub struct Throttles {
    waits: Mutex<HashMap<Digest, Wait>>,
}

struct Wait {
    until: Instant,
    asked_by: Error,
}

/// A service that asks for more is not believed.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

impl Throttles {
    /// Those of the clients that share the process's cache.
    pub fn of_process() -> Arc<Self> {
        static THROTTLES: OnceLock<Arc<Throttles>> = OnceLock::new();
        Arc::clone(THROTTLES.get_or_init(Arc::default))
    }

    /// Remembers the wait that `error`, the answer to a request of `client`, asks for, if any.
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

    /// How long `client` is still to wait, and the error for a caller who has not that much time.
    pub fn wait(&self, client: Digest, now: Instant) -> Option<(Duration, Error)> {
        let waits = self.lock();
        let wait = waits.get(&client).filter(|wait| wait.until > now)?;
        let left = wait.until - now;
        Some((left, told_again(&wait.asked_by, left)))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Digest, Wait>> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn told_again(error: &Error, left: Duration) -> Error {
    let seconds = left.as_secs_f64().ceil();
    let message = format!(
        "The service has asked this application to wait {seconds} s more; nothing was sent. Its answer was: {}",
        error.message()
    );
    let hint = format!("Ask again in {seconds} s, or allow the call that much time (the timeout option).");
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
    fn a_wait_ends_and_is_one_application_s() {
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
    fn an_absurd_wish_is_cut_and_none_is_none() {
        let (throttles, now) = (Throttles::default(), Instant::now());
        let client = Digest::of(&[b"client"]);
        throttles.note(client, &Error::new(Status::ServiceUnavailable, "down", ""), now);
        assert!(throttles.wait(client, now).is_none());
        throttles.note(client, &throttled(u64::MAX), now);
        assert_eq!(throttles.wait(client, now).unwrap().0, LONGEST_WAIT);
    }
}

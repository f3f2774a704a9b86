//! Calls of code that may take longer than anybody wants to wait, or for ever.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::base::error::{Error, Result, Status};
use crate::base::handoff::Handoff;

/// Runs each call on a thread of its own and waits for it with a limit. While a call is overdue no other one is begun,
/// so that code which hangs does not collect threads.
#[derive(Debug, Default)]
pub struct TimeLimited {
    overdue: Mutex<Vec<JoinHandle<()>>>,
}

impl TimeLimited {
    /// What `call` returns, if it does so within `limit`. Otherwise `RequestTimeout`, and the call ends on its own.
    pub fn run<T: Send + 'static>(&self, limit: Duration, call: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let mut overdue = self.overdue.lock().unwrap_or_else(PoisonError::into_inner);
        overdue.retain(|thread| !thread.is_finished());
        if !overdue.is_empty() {
            return Err(too_slow("has not returned from an earlier call yet"));
        }
        drop(overdue);

        let outcome = Arc::new(Handoff::default());
        let done = Arc::clone(&outcome);
        let work = move || done.put(catch_unwind(AssertUnwindSafe(call)));
        let thread = thread::Builder::new()
            .name("graphtoken-store".to_owned())
            .spawn(work)
            .map_err(|error| {
                too_slow(&format!(
                    "could not be called, because no thread could be started: {error}"
                ))
            })?;
        match outcome.take_within(limit) {
            Some(Ok(result)) => Ok(result),
            Some(Err(_)) => Err(too_slow("was called and panicked")),
            None => {
                let mut overdue = self.overdue.lock().unwrap_or_else(PoisonError::into_inner);
                overdue.push(thread);
                Err(too_slow(&format!("did not answer within {} ms", limit.as_millis())))
            }
        }
    }
}

fn too_slow(what: &str) -> Error {
    Error::new(
        Status::RequestTimeout,
        format!("The store of tokens {what}."),
        "Look at the store: tokens are kept in memory until it answers again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    const SOON: Duration = Duration::from_millis(10);
    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn a_call_that_returns_has_its_result() {
        assert_eq!(TimeLimited::default().run(LONG, || 5).unwrap(), 5);
    }

    #[test]
    fn nothing_is_called_while_a_call_is_overdue() {
        let watched = TimeLimited::default();
        let (release, released) = mpsc::channel::<()>();
        let (ended, has_ended) = mpsc::channel();
        let hangs = move || {
            let _ = released.recv();
            ended.send(()).unwrap();
        };
        assert_eq!(watched.run(SOON, hangs).unwrap_err().status(), Status::RequestTimeout);
        let second = watched.run(LONG, || unreachable!("this must not be called"));
        assert!(second.unwrap_err().message().contains("earlier call"));
        drop(release);
        has_ended.recv().unwrap();
        while watched.run(LONG, || ()).is_err() {
            thread::yield_now();
        }
    }

    #[test]
    fn a_panic_is_an_error() {
        let result = TimeLimited::default().run(LONG, || panic!("a defect that a test asked for"));
        assert!(result.unwrap_err().message().contains("panicked"));
    }
}

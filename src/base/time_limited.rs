//! Limits the time that callers wait for code that may hang.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use crate::base::error::{Error, Result, Status};
use crate::base::handoff::Handoff;

/// Runs each call on its own thread, and waits for it with a limit. While a call is overdue, no other one is started:
/// code that hangs would collect threads.
#[derive(Debug)]
pub struct TimeLimited {
    callee: Callee,
    overdue: Mutex<Vec<JoinHandle<()>>>,
}

/// What is called, for the names of threads and the words of errors.
#[derive(Clone, Copy, Debug)]
pub struct Callee {
    /// The name of its threads.
    pub thread: &'static str,
    /// What it is, with its article.
    pub name: &'static str,
    /// The hint of an error.
    pub hint: &'static str,
}

impl TimeLimited {
    /// No call is overdue.
    pub fn new(callee: Callee) -> Self {
        Self {
            callee,
            overdue: Mutex::default(),
        }
    }

    /// Returns what `call` returns within `limit`.
    ///
    /// # Errors
    /// `RequestTimeout` if the call or an earlier one is overdue: it then ends by itself. `InternalError` if the call
    /// panics, or if no thread can be started for it.
    pub fn run<T: Send + 'static>(&self, limit: Duration, call: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        self.run_on(Builder::new().name(self.callee.thread.to_owned()), limit, call)
    }

    fn run_on<T: Send + 'static>(
        &self,
        thread: Builder,
        limit: Duration,
        call: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        if self.is_overdue() {
            return Err(self.too_slow("an earlier call has not returned yet"));
        }
        let outcome = Arc::new(Handoff::default());
        let done = Arc::clone(&outcome);
        let work = move || done.put(catch_unwind(AssertUnwindSafe(call)));
        let thread = thread.spawn(work).map_err(|error| {
            Error::new(
                Status::InternalError,
                format!("Cannot start a thread to call {}: {error}.", self.callee.name),
                "Check the limits on memory and threads of this process.",
            )
        })?;
        match outcome.take_within(limit) {
            Some(Ok(result)) => Ok(result),
            Some(Err(panic)) => Err(Error::from_panic(&*panic)),
            None => {
                self.overdue().push(thread);
                Err(self.too_slow(&format!("no answer within {} ms", limit.as_millis())))
            }
        }
    }

    fn too_slow(&self, reason: &str) -> Error {
        Error::new(
            Status::RequestTimeout,
            format!("Timed out waiting for {}: {reason}.", self.callee.name),
            self.callee.hint,
        )
    }

    fn is_overdue(&self) -> bool {
        let mut overdue = self.overdue();
        overdue.retain(|thread| !thread.is_finished());
        !overdue.is_empty()
    }

    fn overdue(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.overdue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::thread;

    const SOON: Duration = Duration::from_millis(10);
    const LONG: Duration = Duration::from_secs(60);
    const CALLEE: Callee = Callee {
        thread: "graphtoken-test",
        name: "the test",
        hint: "Wait.",
    };

    #[test]
    fn a_call_returns_its_result() {
        assert_eq!(TimeLimited::new(CALLEE).run(LONG, || 5).unwrap(), 5);
    }

    #[test]
    fn no_call_is_started_while_one_is_overdue() {
        let store = TimeLimited::new(CALLEE);
        let (release, released) = mpsc::channel::<()>();
        let (ended, has_ended) = mpsc::channel();
        let hangs = move || {
            let _ = released.recv();
            ended.send(()).unwrap();
        };
        assert_eq!(store.run(SOON, hangs).unwrap_err().status(), Status::RequestTimeout);
        let second = store.run(LONG, || unreachable!("this must not be called")).unwrap_err();
        assert_eq!(second.status(), Status::RequestTimeout);
        assert!(second.message().contains("earlier call"));
        drop(release);
        has_ended.recv().unwrap();
        while store.run(LONG, || ()).is_err() {
            thread::yield_now();
        }
    }

    #[test]
    fn a_panic_is_an_internal_error_with_its_message_and_not_overdue() {
        let store = TimeLimited::new(CALLEE);
        let error = store
            .run(LONG, || panic!("a defect that a test asked for"))
            .unwrap_err();
        assert_eq!(error.status(), Status::InternalError);
        assert!(error.message().contains("a defect that a test asked for"), "{error}");
        assert_eq!(store.run(LONG, || 5).unwrap(), 5);
    }

    #[test]
    fn a_thread_that_does_not_start_is_an_internal_error_and_not_overdue() {
        let store = TimeLimited::new(CALLEE);
        // No address space has room for such a stack.
        let thread = Builder::new().stack_size(1 << (usize::BITS - 1));
        let error = store
            .run_on(thread, LONG, || unreachable!("this must not be called"))
            .unwrap_err();
        assert_eq!(error.status(), Status::InternalError);
        assert!(error.message().contains("Cannot start a thread"), "{error}");
        assert_eq!(store.run(LONG, || 5).unwrap(), 5);
    }
}

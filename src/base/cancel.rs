//! Cancelling a call from another thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};

use crate::base::error::{Error, Result, Status};
use crate::base::handoff::Handoff;
use crate::base::sync::{Mutex, MutexGuard, thread};

/// Cancels the calls that it is given to: those that are waiting and all later ones. A signal cannot be taken back.
#[derive(Default)]
pub struct Cancel {
    state: Mutex<State>,
    next_waiter: AtomicU64,
}

#[derive(Default)]
struct State {
    signalled: bool,
    /// Wakes each waiting call, by the number of its registration.
    waiters: Vec<(u64, Box<dyn FnOnce() + Send>)>,
}

impl Cancel {
    /// Ends every waiting call at once with `Cancelled`.
    pub fn signal(&self) {
        let waiters = {
            let mut state = self.lock();
            state.signalled = true;
            std::mem::take(&mut state.waiters)
        };
        for (_, wake) in waiters {
            wake();
        }
    }

    /// Whether the signal has been given.
    pub fn is_signalled(&self) -> bool {
        self.lock().signalled
    }

    /// Calls `wake` when the signal is given, on the signalling thread, unless the registration was dropped before. An
    /// earlier signal does not call it: check [`Registration::is_signalled`].
    pub fn on_signal(&self, wake: impl FnOnce() + Send + 'static) -> Registration<'_> {
        let waiter = self.next_waiter.fetch_add(1, Ordering::Relaxed);
        let mut state = self.lock();
        if !state.signalled {
            state.waiters.push((waiter, Box::new(wake)));
        }
        Registration { cancel: self, waiter }
    }

    /// Runs `work` on its own thread and waits for it or for the signal, whichever comes first.
    ///
    /// After the signal `work` continues, and its result is dropped: a request under way may still fill the cache. A
    /// panic in `work` becomes `InternalError`.
    pub fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let outcome = Arc::new(Handoff::default());
        let cancelled = Arc::clone(&outcome);
        let registration = self.on_signal(move || cancelled.put(Err(Error::cancelled())));
        if registration.is_signalled() {
            return Err(Error::cancelled());
        }
        let done = Arc::clone(&outcome);
        let worker = thread::Builder::new()
            .name("graphtoken-call".to_owned())
            .spawn(move || {
                let result = catch_unwind(AssertUnwindSafe(work));
                done.put(result.unwrap_or_else(|panic| Err(Error::from_panic(&*panic))));
            });
        match worker {
            Ok(_) => outcome.take(),
            Err(error) => Err(Error::new(
                Status::InternalError,
                format!("Cannot start a thread for the call: {error}."),
                "Check the limits on memory and threads of this process.",
            )),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A callback that waits for the signal until this is dropped.
pub struct Registration<'a> {
    cancel: &'a Cancel,
    waiter: u64,
}

impl Registration<'_> {
    /// Whether the signal has been given.
    pub fn is_signalled(&self) -> bool {
        self.cancel.is_signalled()
    }
}

impl Drop for Registration<'_> {
    fn drop(&mut self) {
        self.cancel.lock().waiters.retain(|(waiter, _)| *waiter != self.waiter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Barrier};

    #[test]
    fn a_result_comes_back() {
        let cancel = Cancel::default();
        assert_eq!(cancel.run(|| Ok(7)).unwrap(), 7);
        assert!(cancel.lock().waiters.is_empty());
    }

    #[test]
    fn the_signal_ends_a_waiting_call_while_its_work_goes_on() {
        let cancel = Arc::new(Cancel::default());
        let (started, release) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
        let work = {
            let (started, release) = (started.clone(), release.clone());
            move || {
                started.wait();
                release.wait();
                Ok(())
            }
        };
        let call = {
            let cancel = cancel.clone();
            thread::spawn(move || cancel.run(work))
        };
        started.wait();
        cancel.signal();
        assert_eq!(call.join().unwrap().unwrap_err().status(), Status::Cancelled);
        release.wait();
    }

    #[test]
    fn a_signalled_handle_starts_nothing() {
        let cancel = Cancel::default();
        cancel.signal();
        let error = cancel.run::<()>(|| unreachable!("must not run")).unwrap_err();
        assert_eq!(error.status(), Status::Cancelled);
    }

    #[test]
    fn a_panic_becomes_an_error() {
        let error = Cancel::default().run::<()>(|| panic!("boom")).unwrap_err();
        assert_eq!(error.status(), Status::InternalError);
        assert!(error.message().contains("boom"));
    }
}

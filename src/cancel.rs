//! Cancelling a call from another thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::error::{Error, Result, Status};

/// Ends the calls that it was given to, those that wait now and those to come. Once signalled, for ever signalled.
#[derive(Default)]
pub struct Cancel {
    state: Mutex<State>,
    next_waiter: AtomicU64,
}

#[derive(Default)]
struct State {
    signalled: bool,
    /// What wakes each call that waits now.
    waiters: Vec<(u64, Box<dyn FnOnce() + Send>)>,
}

impl Cancel {
    /// Ends every waiting call at once, each with `Cancelled`.
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

    /// Runs `work` on a thread of its own and waits for it or for the signal, whichever comes first.
    ///
    /// After the signal `work` goes on by itself and its result is dropped: a request on its way may still fill the
    /// cache. A panic in `work` is `InternalError`.
    pub fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        // Room for both possible events, so that neither sender ever waits for this thread.
        let (done, outcome) = sync_channel(2);
        let waiter = self.register(done.clone())?;
        let worker = thread::Builder::new()
            .name("graphtoken-call".to_owned())
            .spawn(move || {
                let result =
                    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(Error::from_panic(&*panic)));
                let _ = done.send(result);
            });
        let result = match worker {
            Ok(_) => outcome.recv().unwrap_or_else(|_| Err(cancelled())),
            Err(error) => Err(Error::new(
                Status::InternalError,
                format!("No thread could be started for the call: {error}."),
                "The process is out of memory or at its limit of threads.",
            )),
        };
        self.lock().waiters.retain(|(id, _)| *id != waiter);
        result
    }

    fn register<T: Send + 'static>(&self, done: SyncSender<Result<T>>) -> Result<u64> {
        let id = self.next_waiter.fetch_add(1, Ordering::Relaxed);
        let mut state = self.lock();
        if state.signalled {
            return Err(cancelled());
        }
        state.waiters.push((
            id,
            Box::new(move || {
                let _ = done.send(Err(cancelled()));
            }),
        ));
        Ok(id)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn cancelled() -> Error {
    Error::new(Status::Cancelled, "The call was cancelled.", "")
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

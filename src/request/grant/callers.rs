//! The calls that wait for one user.

use std::sync::atomic::{AtomicUsize, Ordering};

/// How many calls wait for the user. A thread that waits in their place ends when there are none.
#[derive(Debug, Default)]
pub struct Callers(AtomicUsize);

impl Callers {
    /// Counts a call that waits for the user, until the result is dropped.
    pub fn caller(&self) -> Caller<'_> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Caller(self)
    }

    /// Whether every call that waited was cancelled.
    pub fn are_gone(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

/// A call that waits for the user.
pub struct Caller<'a>(&'a Callers);

impl Drop for Caller<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

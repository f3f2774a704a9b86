//! Passes one value from one thread to another.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use crate::base::sync::{Condvar, Mutex, MutexGuard};

/// A slot for one value that threads share. The first value that is put there stays until it is taken.
#[derive(Debug)]
pub struct Handoff<T> {
    value: Mutex<Option<T>>,
    arrived: Condvar,
}

impl<T> Default for Handoff<T> {
    fn default() -> Self {
        Self {
            value: Mutex::new(None),
            arrived: Condvar::new(),
        }
    }
}

impl<T> Handoff<T> {
    /// Puts the value there unless the slot is full, and wakes a waiting thread.
    pub fn put(&self, value: T) {
        self.lock().get_or_insert(value);
        self.arrived.notify_one();
    }

    /// Waits for a value and takes it.
    pub fn take(&self) -> T {
        let mut value = self.lock();
        loop {
            match value.take() {
                Some(value) => return value,
                None => value = self.arrived.wait(value).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    /// Waits up to `limit` for a value and takes it; `None` if none arrived.
    pub fn take_within(&self, limit: Duration) -> Option<T> {
        let end = Instant::now() + limit;
        let mut value = self.lock();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if value.is_some() || left.is_zero() {
                return value.take();
            }
            let waited = self.arrived.wait_timeout(value, left);
            (value, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<T>> {
        self.value.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::thread;

    #[test]
    fn the_first_value_arrives() {
        let handoff = Arc::new(Handoff::default());
        let giver = Arc::clone(&handoff);
        let thread = thread::spawn(move || {
            giver.put(1);
            giver.put(2);
        });
        thread.join().unwrap();
        assert_eq!(handoff.take(), 1);
        assert_eq!(handoff.take_within(Duration::ZERO), None);
    }

    #[test]
    fn a_waiting_thread_is_woken() {
        let handoff = Arc::new(Handoff::default());
        let giver = Arc::clone(&handoff);
        let thread = thread::spawn(move || giver.put("value"));
        assert_eq!(handoff.take_within(Duration::from_secs(60)), Some("value"));
        thread.join().unwrap();
    }
}

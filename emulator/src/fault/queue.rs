//! The faults that are still to come.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Fault;

/// Faults in the order in which they were given; each token request spends one.
pub(crate) struct FaultQueue(Mutex<VecDeque<Fault>>);

/// Why faults are not added.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// One of them cannot be read.
    Unreadable(String),
    /// The queue would have more than [`LONGEST`].
    Full,
}

/// The most faults that wait. One that applies to many requests counts as one.
pub(crate) const LONGEST: usize = 10_000;

impl FaultQueue {
    pub(crate) fn new(faults: Vec<Fault>) -> Self {
        Self(Mutex::new(faults.into()))
    }

    /// Adds one fault per line of `text`, or none when one cannot be read or there is no room for all.
    pub(crate) fn add(&self, text: &str) -> Result<(), Refused> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let faults: Vec<Fault> = lines
            .map(Fault::parse)
            .collect::<Result<_, _>>()
            .map_err(Refused::Unreadable)?;
        let mut queue = self.lock();
        if queue.len() + faults.len() > LONGEST {
            return Err(Refused::Full);
        }
        queue.extend(faults);
        Ok(())
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// The fault of the next request. One that applies to all requests hides those behind it.
    pub(crate) fn take(&self) -> Option<Fault> {
        let mut queue = self.lock();
        let first = queue.front_mut()?;
        match &mut first.times {
            None => Some(first.clone()),
            Some(times) if *times > 1 => {
                *times -= 1;
                Some(first.clone())
            }
            Some(_) => queue.pop_front(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_spent_in_order_and_as_often_as_they_say() {
        let queue = FaultQueue::new(Vec::new());
        queue
            .add("status=500,times=2\n\nstatus=429\r\nstatus=503,times=all\nstatus=504")
            .unwrap();
        let statuses: Vec<_> = (0..6).map(|_| queue.take().and_then(|fault| fault.status)).collect();
        assert_eq!(
            statuses,
            [Some(500), Some(500), Some(429), Some(503), Some(503), Some(503)]
        );
        queue.clear();
        assert_eq!(queue.take(), None);
    }

    #[test]
    fn one_unreadable_line_adds_nothing() {
        let queue = FaultQueue::new(Vec::new());
        assert!(matches!(queue.add("status=500\nnonsense"), Err(Refused::Unreadable(_))));
        assert_eq!(queue.take(), None);
    }

    #[test]
    fn a_full_queue_takes_nothing_until_a_fault_is_spent() {
        let queue = FaultQueue::new(Vec::new());
        queue.add(&"status=500\n".repeat(LONGEST - 1)).unwrap();
        assert_eq!(queue.add("status=501\nstatus=502"), Err(Refused::Full));
        queue.add("status=501").unwrap();
        assert_eq!(queue.add("status=502"), Err(Refused::Full));
        assert_eq!(queue.take().and_then(|fault| fault.status), Some(500));
        queue.add("status=502").unwrap();
    }
}

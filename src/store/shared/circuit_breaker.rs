//! Stops callers from using a place that fails: each try would delay them.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::base::jitter;

/// A circuit breaker. A failure opens the circuit: no call passes for a pause, which grows with each further failure.
#[derive(Debug, Default)]
pub struct CircuitBreaker {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Failures in a row.
    failures: u32,
    /// When the pause ends; `None` while the circuit is closed and calls pass.
    open_until: Option<Instant>,
}

/// The pause after the first failure, and the longest one.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

impl CircuitBreaker {
    /// Whether this call may pass. After a pause one call may, and the others only once it has succeeded.
    pub fn allows(&self, now: Instant) -> bool {
        let mut state = self.lock();
        match state.open_until {
            Some(end) if now < end => false,
            Some(_) => {
                state.open_until = Some(now + pause(state.failures));
                true
            }
            None => true,
        }
    }

    /// Records the outcome of a call that passed.
    pub fn record(&self, has_succeeded: bool, now: Instant) {
        let mut state = self.lock();
        if has_succeeded {
            *state = State::default();
        } else {
            state.failures = state.failures.saturating_add(1);
            state.open_until = Some(now + pause(state.failures));
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Doubles with each failure. A random part of up to a quarter keeps processes from retrying together.
fn pause(failures: u32) -> Duration {
    let doublings = failures.saturating_sub(1).min(10);
    let pause = (PAUSE * 2_u32.pow(doublings)).min(LONGEST_PAUSE);
    pause + jitter::up_to(pause / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn after_a_failure_no_call_passes_for_a_pause_and_then_one() {
        let (breaker, start) = (CircuitBreaker::default(), Instant::now());
        assert!(breaker.allows(start));
        breaker.record(false, start);
        assert!(!breaker.allows(start));
        assert!(breaker.allows(after(start, 2)));
        assert!(!breaker.allows(after(start, 2)), "the first call has not ended yet");
        breaker.record(true, after(start, 3));
        assert!(breaker.allows(after(start, 3)) && breaker.allows(after(start, 3)));
    }

    #[test]
    fn the_pause_grows_to_a_limit() {
        let (breaker, start) = (CircuitBreaker::default(), Instant::now());
        for _ in 0..4 {
            breaker.record(false, start);
        }
        assert!(!breaker.allows(after(start, 7)));
        assert!(breaker.allows(after(start, 11)));
        for _ in 0..100 {
            breaker.record(false, start);
        }
        assert!(!breaker.allows(after(start, 59)));
        assert!(breaker.allows(after(start, 76)));
    }

    #[test]
    fn a_call_that_never_ends_keeps_the_circuit_open_for_one_pause() {
        let (breaker, start) = (CircuitBreaker::default(), Instant::now());
        breaker.record(false, start);
        assert!(breaker.allows(after(start, 2)));
        assert!(breaker.allows(after(start, 4)));
    }
}

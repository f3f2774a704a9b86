//! Keeps away from what does not work, so that it delays nobody.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::base::jitter;

/// Lets callers pass until one has failed; then nobody, for a while that grows with each failure in a row.
#[derive(Debug, Default)]
pub struct Breaker {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    open_until: Option<Instant>,
}

/// How long nobody passes after the first failure, and the most.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

impl Breaker {
    /// Whether this caller may try. After a pause one may, and the others only when it has succeeded.
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

    /// Tells what came of a try.
    pub fn note(&self, has_succeeded: bool, now: Instant) {
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

/// Doubles with each failure, and has up to a quarter more, so that processes do not all come back together.
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
    fn after_a_failure_nobody_passes_for_a_while_and_then_one() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        assert!(breaker.allows(start));
        breaker.note(false, start);
        assert!(!breaker.allows(start));
        assert!(breaker.allows(after(start, 2)));
        assert!(!breaker.allows(after(start, 2)), "the first has not come back yet");
        breaker.note(true, after(start, 3));
        assert!(breaker.allows(after(start, 3)) && breaker.allows(after(start, 3)));
    }

    #[test]
    fn the_pause_grows_to_a_limit() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        for _ in 0..4 {
            breaker.note(false, start);
        }
        assert!(!breaker.allows(after(start, 7)));
        assert!(breaker.allows(after(start, 11)));
        for _ in 0..100 {
            breaker.note(false, start);
        }
        assert!(!breaker.allows(after(start, 59)));
        assert!(breaker.allows(after(start, 76)));
    }

    #[test]
    fn a_caller_who_never_comes_back_keeps_it_closed_for_one_pause() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        breaker.note(false, start);
        assert!(breaker.allows(after(start, 2)));
        assert!(breaker.allows(after(start, 4)));
    }
}

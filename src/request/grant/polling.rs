//! Polling: asking again and again until the user has signed in on another device (RFC 8628 section 3.5).

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::request::grant::callers::Callers;

/// When a device code is asked for, and whether anybody still waits for it. All calls with the code share it.
#[derive(Debug)]
pub struct Polling {
    end: Instant,
    schedule: Mutex<Schedule>,
    callers: Callers,
    is_short_named: AtomicBool,
}

#[derive(Debug)]
struct Schedule {
    interval: Duration,
    next: Instant,
    /// How many polls in a row got no answer.
    unanswered: u32,
}

/// How many seconds longer every later pause is after `slow_down` (RFC 8628 section 3.5).
const SLOWER: Duration = Duration::from_secs(5);

/// The longest pause after polls without an answer, unless the interval or the service asks for a longer one.
const LONGEST_BACKOFF: Duration = Duration::from_secs(60);

impl Polling {
    /// Polls of a code that was issued at `issued` and lives until `end`, one each `interval`. The first one is due an
    /// interval after the code was issued.
    pub fn new(issued: Instant, interval: Duration, end: Instant) -> Self {
        Self {
            end,
            schedule: Mutex::new(Schedule {
                interval,
                next: issued + interval,
                unanswered: 0,
            }),
            callers: Callers::default(),
            is_short_named: AtomicBool::new(false),
        }
    }

    /// When the code ends.
    pub fn end(&self) -> Instant {
        self.end
    }

    /// When the next poll is due.
    pub fn next(&self) -> Instant {
        self.schedule().next
    }

    /// The user has not decided yet: the next poll is due an interval from `now`, or after `asked` if that is longer.
    pub fn go_on(&self, now: Instant, asked: Option<Duration>) {
        let mut schedule = self.schedule();
        schedule.unanswered = 0;
        schedule.next = now + schedule.interval.max(asked.unwrap_or_default());
    }

    /// The service finds the polls too frequent: this pause and all later ones are longer.
    pub fn slow_down(&self, now: Instant, asked: Option<Duration>) {
        self.schedule().interval += SLOWER;
        self.go_on(now, asked);
    }

    /// There was no answer: each pause is twice as long as the one before.
    pub fn back_off(&self, now: Instant, asked: Option<Duration>) {
        let mut schedule = self.schedule();
        schedule.unanswered = schedule.unanswered.saturating_add(1);
        let doubled = schedule
            .interval
            .saturating_mul(2_u32.saturating_pow(schedule.unanswered));
        let pause = doubled.min(LONGEST_BACKOFF.max(schedule.interval));
        schedule.next = now + pause.max(asked.unwrap_or_default());
    }

    /// The value of `grant_type`.
    pub fn grant_type(&self) -> &'static str {
        if self.is_short_named.load(Ordering::Relaxed) {
            "device_code"
        } else {
            "urn:ietf:params:oauth:grant-type:device_code"
        }
    }

    /// Uses the grant type's older, short name from now on. False if it was in use already.
    pub fn use_short_name(&self) -> bool {
        !self.is_short_named.swap(true, Ordering::Relaxed)
    }

    /// The calls that wait for the user.
    pub fn callers(&self) -> &Callers {
        &self.callers
    }

    fn schedule(&self) -> MutexGuard<'_, Schedule> {
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn pauses_grow_as_the_service_asks_and_stay_grown() {
        let issued = Instant::now();
        let polling = Polling::new(issued, 5 * SECOND, issued + 900 * SECOND);
        let pause = |now| polling.next() - now;
        assert_eq!(pause(issued), 5 * SECOND);
        polling.slow_down(issued, None);
        assert_eq!(pause(issued), 10 * SECOND);
        polling.slow_down(issued, Some(60 * SECOND));
        assert_eq!(pause(issued), 60 * SECOND);
        polling.go_on(issued, None);
        assert_eq!(pause(issued), 15 * SECOND);
    }

    #[test]
    fn pauses_without_answers_double_up_to_a_minute() {
        let issued = Instant::now();
        let polling = Polling::new(issued, 5 * SECOND, issued + 900 * SECOND);
        let pauses = [10, 20, 40, 60, 60].map(|seconds| {
            polling.back_off(issued, None);
            (polling.next() - issued, seconds * SECOND)
        });
        for (pause, expected) in pauses {
            assert_eq!(pause, expected);
        }
        polling.back_off(issued, Some(100 * SECOND));
        assert_eq!(polling.next() - issued, 100 * SECOND);
        polling.go_on(issued, None);
        assert_eq!(polling.next() - issued, 5 * SECOND);
    }

    #[test]
    fn the_short_name_comes_once() {
        let polling = Polling::new(Instant::now(), SECOND, Instant::now());
        assert!(polling.use_short_name());
        assert_eq!(polling.grant_type(), "device_code");
        assert!(!polling.use_short_name());
    }
}

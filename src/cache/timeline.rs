//! Times as small numbers, because a cache contains many.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::base::clock::Moment;

/// Microseconds in a second.
pub const MICROS: u64 = 1_000_000;

/// The start from which a cache counts monotonic time.
#[derive(Clone, Copy, Debug)]
pub struct Timeline {
    start: Instant,
}

/// A point in time in microseconds: since 1970 by the wall clock, since the timeline's start by the monotonic clock.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// By the wall clock, which may be set.
    pub wall: i64,
    /// By the monotonic clock.
    pub monotonic: u64,
}

impl Timeline {
    /// A timeline that starts at `start`.
    pub fn new(start: Instant) -> Self {
        Self { start }
    }

    /// `moment` on this timeline. A moment before the start becomes the start.
    #[inline]
    pub fn point(self, moment: Moment) -> Point {
        Point {
            wall: micros_since_1970(moment.wall),
            monotonic: micros(moment.monotonic.saturating_duration_since(self.start)),
        }
    }
}

impl Point {
    /// The point `duration` later on both clocks.
    #[inline]
    pub fn after(self, duration: Duration) -> Self {
        let duration = micros(duration);
        Self {
            wall: self.wall.saturating_add_unsigned(duration),
            monotonic: self.monotonic.saturating_add(duration),
        }
    }

    /// Whole seconds by the monotonic clock: 32 bits suffice for more than a century.
    pub fn monotonic_seconds(self) -> u32 {
        u32::try_from(self.monotonic / MICROS).unwrap_or(u32::MAX)
    }
}

/// Microseconds from 1970-01-01T00:00:00Z to `time`; negative before that. Rounded down.
#[inline]
pub fn micros_since_1970(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(micros(after)).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(micros(before.duration())).map_or(i64::MIN, |micros| -micros - 1),
    }
}

#[inline]
fn micros(duration: Duration) -> u64 {
    // `as_micros` divides 128-bit numbers, which is slow.
    duration
        .as_secs()
        .saturating_mul(MICROS)
        .saturating_add(duration.subsec_micros().into())
}

//! The time, behind a trait: tests set it.

use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Where the engine reads the time.
pub trait Clock: Send + Sync {
    /// The time of day, as far as this machine knows it.
    fn now(&self) -> SystemTime;

    /// The monotonic time: it is never set and only goes forward. On some platforms it stands still while the machine
    /// sleeps.
    fn monotonic(&self) -> Instant {
        Instant::now()
    }

    /// Waits on this thread.
    fn sleep(&self, duration: Duration) {
        thread::sleep(duration);
    }
}

/// One point in time on both clocks.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The time of day, which may be set forward or back.
    pub wall: SystemTime,
    /// The monotonic time.
    pub monotonic: Instant,
}

/// The operating system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// Whole seconds since 1970-01-01T00:00:00Z (RFC 7519 section 2, `NumericDate`); negative before that.
pub fn unix_seconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |seconds| -seconds),
    }
}

/// The seconds of `duration`, rounded up: a token that was issued for 3600 s a moment ago is shown with 3600 s.
pub fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

/// The time `seconds` after 1970-01-01T00:00:00Z, or that time itself if the platform cannot represent the result.
pub fn from_unix_seconds(seconds: i64) -> SystemTime {
    let distance = Duration::from_secs(seconds.unsigned_abs());
    let time = if seconds < 0 {
        UNIX_EPOCH.checked_sub(distance)
    } else {
        UNIX_EPOCH.checked_add(distance)
    };
    time.unwrap_or(UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_second_is_a_whole_one() {
        for (milliseconds, seconds) in [(0, 0), (1, 1), (3_599_001, 3600), (3_600_000, 3600)] {
            assert_eq!(whole_seconds(Duration::from_millis(milliseconds)), seconds);
        }
    }
}

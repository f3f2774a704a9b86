//! The service's clock, which decides whether an assertion is valid. This machine's clock may be wrong.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use der::DateTime;

use crate::base::clock::unix_seconds;
use crate::base::error::Error;

/// The difference between the service's clock and this machine's, learned from the service's responses.
#[derive(Debug, Default)]
pub struct ServiceClock {
    /// Seconds to add to this machine's time.
    skew: AtomicI64,
    /// Whether a refusal has told the time. It comes from the clock that checks assertions; a `Date` header may come
    /// from a proxy.
    is_certain: AtomicBool,
}

/// Smaller differences, in seconds, are ignored. They do no harm, and slow responses and the whole seconds of `Date`
/// cause them too.
const TOLERANCE: i64 = 60;

/// "The assertion is not within its valid time range" and "assertion failed validation" ("Microsoft Entra
/// authentication and authorization error codes"). The latter has other causes too, but its text has a time only for
/// this one.
const TIME_REFUSALS: [u32; 2] = [700_024, 50_013];

impl ServiceClock {
    /// The service's time at the local time `local`.
    #[inline]
    pub fn now(&self, local: SystemTime) -> SystemTime {
        match self.skew.load(Ordering::Relaxed) {
            0 => local,
            skew => Self::moved(local, skew),
        }
    }

    /// How many seconds the service's clock is ahead of this machine's.
    pub fn skew(&self) -> i64 {
        self.skew.load(Ordering::Relaxed)
    }

    fn moved(local: SystemTime, skew: i64) -> SystemTime {
        let distance = Duration::from_secs(skew.unsigned_abs());
        let moved = if skew < 0 {
            local.checked_sub(distance)
        } else {
            local.checked_add(distance)
        };
        moved.unwrap_or(local)
    }

    /// Learns from the `Date` (RFC 9110 section 6.6.1) of a response that arrived at `local`.
    pub fn observe(&self, date: &str, local: SystemTime) {
        if self.is_certain.load(Ordering::Relaxed) {
            return;
        }
        if let Ok(date) = httpdate::parse_http_date(date) {
            let skew = unix_seconds(date).saturating_sub(unix_seconds(local));
            let counted = if skew.abs() > TOLERANCE { skew } else { 0 };
            self.skew.store(counted, Ordering::Relaxed);
        }
    }

    /// Learns from a refusal that arrived at `local`. Returns whether signing the request again may help: the refusal
    /// was for the time, and the service's time is now known to differ from `signed`, the time that the request was
    /// signed with.
    pub fn is_corrected_by(&self, refusal: &Error, signed: SystemTime, local: SystemTime) -> bool {
        let is_for_time = refusal
            .service()
            .is_some_and(|report| report.codes.iter().any(|code| TIME_REFUSALS.contains(code)));
        if !is_for_time {
            return false;
        }
        if let Some(theirs) = time_in(refusal.message()) {
            let skew = unix_seconds(theirs).saturating_sub(unix_seconds(local));
            self.skew.store(skew, Ordering::Relaxed);
            self.is_certain.store(true, Ordering::Relaxed);
        }
        let moved = unix_seconds(self.now(local)).saturating_sub(unix_seconds(signed));
        moved.abs() > TOLERANCE
    }
}

/// The time in "Current time: 2026-11-23T10:00:00.0000000Z, assertion valid from ...".
fn time_in(message: &str) -> Option<SystemTime> {
    let text = message.split("Current time: ").nth(1)?;
    let seconds = text.get(.."2026-11-23T10:00:00".len())?;
    let time: DateTime = format!("{seconds}Z").parse().ok()?;
    Some(time.to_system_time())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::from_unix_seconds;
    use crate::base::error::{ServiceReport, Status};

    /// 2026-11-23T10:00:00Z.
    const TEN: i64 = 1_795_428_000;

    fn at(offset: i64) -> SystemTime {
        from_unix_seconds(TEN + offset)
    }

    fn refusal(code: u32, message: &str) -> Error {
        Error::new(Status::ClientCredentialRejected, message, "").with_service(ServiceReport {
            codes: vec![code],
            ..ServiceReport::default()
        })
    }

    const AT_TEN: &str = "AADSTS700024: Client assertion is not within its valid time range. Current time: \
                          2026-11-23T10:00:00.1234567Z, assertion valid from 2026-11-23T12:00:00.0000000Z, expiry time of \
                          assertion 2026-11-23T12:11:00.0000000Z.";

    #[test]
    fn the_time_is_this_machine_s_until_the_service_tells_another() {
        assert_eq!(ServiceClock::default().now(at(5)), at(5));
    }

    #[test]
    fn a_date_counts_if_it_differs_by_more_than_the_tolerance() {
        for (local, expected) in [(-7200, 0), (7200, 0), (61, 0), (-61, 0), (60, 60), (-60, -60), (0, 0)] {
            let clock = ServiceClock::default();
            clock.observe("Mon, 23 Nov 2026 10:00:00 GMT", at(local));
            assert_eq!(clock.now(at(local)), at(expected), "{local}");
        }
        let clock = ServiceClock::default();
        clock.observe("yesterday", at(0));
        assert_eq!(clock.now(at(0)), at(0));
    }

    #[test]
    fn a_refusal_for_the_time_corrects_the_clock_and_overrides_dates() {
        let clock = ServiceClock::default();
        assert!(clock.is_corrected_by(&refusal(700_024, AT_TEN), at(7200), at(7200)));
        assert_eq!(clock.now(at(7200)), at(0));
        clock.observe("Mon, 23 Nov 2026 20:00:00 GMT", at(7200));
        assert_eq!(clock.now(at(7200)), at(0));
        assert!(
            !clock.is_corrected_by(&refusal(700_024, AT_TEN), at(0), at(7200)),
            "nothing new"
        );
    }

    #[test]
    fn a_refusal_without_a_time_relies_on_the_date() {
        let clock = ServiceClock::default();
        let refusal = refusal(700_024, "AADSTS700024: Current time: soon.");
        assert!(!clock.is_corrected_by(&refusal, at(7200), at(7200)));
        clock.observe("Mon, 23 Nov 2026 10:00:00 GMT", at(7200));
        assert!(clock.is_corrected_by(&refusal, at(7200), at(7200)));
    }

    #[test]
    fn other_refusals_correct_nothing() {
        let clock = ServiceClock::default();
        assert!(!clock.is_corrected_by(&refusal(700_027, AT_TEN), at(7200), at(7200)));
        assert_eq!(clock.now(at(7200)), at(7200));
    }
}

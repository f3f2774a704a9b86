//! The emulator's time: whole seconds, and the forms in which Entra writes them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;

/// A point in time: seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(i64);

impl Moment {
    /// The machine's clock, moved by `skew` seconds (negative: into the past).
    pub(crate) fn now(skew: i64) -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Self(
            i64::try_from(since_epoch.as_secs())
                .unwrap_or(i64::MAX)
                .saturating_add(skew),
        )
    }

    pub(crate) fn from_unix(seconds: i64) -> Self {
        Self(seconds)
    }

    pub(crate) fn unix(self) -> i64 {
        self.0
    }

    pub(crate) fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// `2026-11-23 10:00:00Z`, the form of `timestamp` in an error answer.
    pub(crate) fn timestamp(self) -> String {
        self.text(' ', "")
    }

    /// `2026-11-23T10:00:00.0000000Z`, the form inside the text of AADSTS700024.
    pub(crate) fn round_trip(self) -> String {
        self.text('T', ".0000000")
    }

    /// `11/23/2026 10:00:00`, the form of a key's dates inside the text of AADSTS700027.
    pub(crate) fn key_date(self) -> String {
        let date = self.date();
        let (month, day, year) = (u8::from(date.month()), date.day(), date.year());
        let (hour, minute, second) = date.to_hms();
        format!("{month:02}/{day:02}/{year:04} {hour:02}:{minute:02}:{second:02}")
    }

    /// The form of the HTTP headers `Date` and `Retry-After` (RFC 9110 section 5.6.7).
    pub(crate) fn http_date(self) -> String {
        let seconds = u64::try_from(self.0).unwrap_or(0).min(LAST_HTTP_SECOND);
        httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
    }

    fn text(self, separator: char, fraction: &str) -> String {
        let date = self.date();
        let (month, day, year) = (u8::from(date.month()), date.day(), date.year());
        let (hour, minute, second) = date.to_hms();
        format!("{year:04}-{month:02}-{day:02}{separator}{hour:02}:{minute:02}:{second:02}{fraction}Z")
    }

    /// An assertion may name any integer as its time: what no calendar can show is shown as its nearest end.
    fn date(self) -> OffsetDateTime {
        let seconds = self.0.clamp(FIRST_SECOND, LAST_HTTP_SECOND.cast_signed());
        OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

/// 0001-01-01T00:00:00Z.
const FIRST_SECOND: i64 = -62_135_596_800;
/// 9999-12-31T23:59:59Z, the last second that an HTTP date can hold.
const LAST_HTTP_SECOND: u64 = 253_402_300_799;

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: Moment = Moment(1_795_428_005);

    #[test]
    fn each_form_of_a_known_second() {
        assert_eq!(KNOWN.timestamp(), "2026-11-23 10:00:05Z");
        assert_eq!(KNOWN.round_trip(), "2026-11-23T10:00:05.0000000Z");
        assert_eq!(KNOWN.key_date(), "11/23/2026 10:00:05");
        assert_eq!(KNOWN.http_date(), "Mon, 23 Nov 2026 10:00:05 GMT");
    }

    #[test]
    fn seconds_beyond_the_calendar_are_shown_as_its_ends() {
        assert_eq!(Moment(i64::MAX).timestamp(), "9999-12-31 23:59:59Z");
        assert_eq!(Moment(i64::MIN).timestamp(), "0001-01-01 00:00:00Z");
        assert_eq!(Moment(i64::MIN).http_date(), "Thu, 01 Jan 1970 00:00:00 GMT");
    }
}

//! The validity period of a certificate (RFC 5280 section 4.1.2.5).

use std::time::SystemTime;

use crate::base::clock::{from_unix_seconds, unix_seconds};
use crate::certificate::encoding::der_value::{DerValue, tag};

/// The times between which a certificate is valid, both included.
///
/// A time that cannot be read does not keep a key from signing: the token service decides whether it accepts the
/// certificate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Validity {
    not_before: Option<i64>,
    not_after: Option<i64>,
}

impl Validity {
    /// Reads `Validity` (RFC 5280 section 4.1).
    pub(crate) fn read(period: DerValue<'_>) -> Self {
        let mut times = period.values().map(seconds);
        Self {
            not_before: times.next().flatten(),
            not_after: times.next().flatten(),
        }
    }

    /// The start of the period; 1970-01-01 if it cannot be read.
    pub(crate) fn not_before(&self) -> SystemTime {
        from_unix_seconds(self.not_before.unwrap_or(0))
    }

    /// The end of the period; the end of the year 9999, which means that there is none (RFC 5280 section 4.1.2.5), if
    /// it cannot be read.
    pub(crate) fn not_after(&self) -> SystemTime {
        from_unix_seconds(self.not_after.unwrap_or(END_OF_TIME))
    }

    /// [`Self::not_after`] as text, such as `2027-11-23T22:48:21Z`.
    pub(crate) fn not_after_text(&self) -> String {
        text(self.not_after.unwrap_or(END_OF_TIME))
    }

    /// Why `now` is outside of the period, such as `expired on 2027-11-23T22:48:21Z`; `None` if it is inside.
    pub(crate) fn problem(&self, now: SystemTime) -> Option<String> {
        let now = unix_seconds(now);
        match (self.not_before, self.not_after) {
            (_, Some(end)) if now > end => Some(format!("expired on {}", text(end))),
            (Some(start), _) if now < start => Some(format!("is not valid before {}", text(start))),
            (Some(_), Some(_)) => None,
            _ => Some("has a validity period that cannot be read".to_owned()),
        }
    }
}

/// 9999-12-31T23:59:59Z.
const END_OF_TIME: i64 = 253_402_300_799;

const SECONDS_OF_DAY: i64 = 24 * 3600;

/// The seconds from 1970-01-01T00:00:00Z to a `Time`. Accepts what X.680 (sections 46 and 47) allows beyond RFC 5280:
/// any year in either type, no seconds, fractions of a second, and a time zone.
fn seconds(time: DerValue<'_>) -> Option<i64> {
    let mut text = Digits(time.content);
    let year = match time.tag {
        tag::UTC_TIME => {
            let year = text.two()?;
            if year < 50 { 2000 + year } else { 1900 + year }
        }
        tag::GENERALIZED_TIME => text.two()? * 100 + text.two()?,
        _ => return None,
    };
    let (month, day, hour) = (text.two()?, text.two()?, text.two()?);
    let minute = text.two().unwrap_or(0);
    let second = text.two().unwrap_or(0);
    text.skip_fraction();
    let zone = text.zone()?;
    let is_valid = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    is_valid.then(|| days(year, month, day) * SECONDS_OF_DAY + hour * 3600 + minute * 60 + second - zone)
}

/// The rest of a time.
struct Digits<'a>(&'a [u8]);

impl Digits<'_> {
    fn two(&mut self) -> Option<i64> {
        let [tens @ b'0'..=b'9', ones @ b'0'..=b'9', rest @ ..] = self.0 else {
            return None;
        };
        self.0 = rest;
        Some(i64::from((tens - b'0') * 10 + (ones - b'0')))
    }

    fn skip_fraction(&mut self) {
        if let [b'.' | b',', rest @ ..] = self.0 {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            self.0 = &rest[digits..];
        }
    }

    /// How many seconds the time is ahead of UTC. A time without a zone is taken for UTC.
    fn zone(&mut self) -> Option<i64> {
        let sign = match self.0 {
            [] | b"Z" => return Some(0),
            [b'+', ..] => 1,
            [b'-', ..] => -1,
            _ => return None,
        };
        self.0 = &self.0[1..];
        let (hours, minutes) = (self.two()?, self.two().unwrap_or(0));
        self.0.is_empty().then_some(sign * (hours * 3600 + minutes * 60))
    }
}

/// The days from 1970-01-01 to a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // With March as the first month, the leap day is the last day of a year.
    let (year, month) = if month < 3 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let of_years = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let of_months = (153 * month + 2) / 5;
    of_years + of_months + day - 1 - DAYS_TO_1970
}

/// The days from 1 March of the year 0 to 1970-01-01.
const DAYS_TO_1970: i64 = 719_468;

fn text(seconds: i64) -> String {
    let (number, second) = (seconds.div_euclid(SECONDS_OF_DAY), seconds.rem_euclid(SECONDS_OF_DAY));
    // An estimate that is never too early in the years that a certificate can have.
    let mut year = 1972 + number.div_euclid(365);
    while days(year, 1, 1) > number {
        year -= 1;
    }
    let month = (1..=12)
        .rev()
        .find(|month| days(year, *month, 1) <= number)
        .unwrap_or(1);
    let day = number - days(year, month, 1) + 1;
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}Z",
        second % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(times: &[(u8, &str)]) -> Validity {
        let encoded = times.iter().flat_map(|(tag, text)| {
            let length = u8::try_from(text.len()).unwrap();
            [&[*tag, length][..], text.as_bytes()].concat()
        });
        let content: Vec<u8> = encoded.collect();
        Validity::read(DerValue {
            tag: tag::SEQUENCE,
            content: &content,
            whole: &content,
        })
    }

    #[test]
    fn times_are_read_in_every_form() {
        for (tag, written, expected) in [
            (tag::UTC_TIME, "261123224821Z", "2026-11-23T22:48:21Z"),
            (tag::UTC_TIME, "500101000000Z", "1950-01-01T00:00:00Z"),
            (tag::UTC_TIME, "491231235959Z", "2049-12-31T23:59:59Z"),
            (tag::UTC_TIME, "2402292359Z", "2024-02-29T23:59:00Z"),
            (tag::UTC_TIME, "240301003000+0130", "2024-02-29T23:00:00Z"),
            (tag::GENERALIZED_TIME, "20260101000000Z", "2026-01-01T00:00:00Z"),
            (tag::GENERALIZED_TIME, "19691231235959Z", "1969-12-31T23:59:59Z"),
            (tag::GENERALIZED_TIME, "20000229120000.25Z", "2000-02-29T12:00:00Z"),
            (tag::GENERALIZED_TIME, "21000301000000-0500", "2100-03-01T05:00:00Z"),
            (tag::GENERALIZED_TIME, "20260101", "9999-12-31T23:59:59Z"),
            (tag::GENERALIZED_TIME, "2026010112", "2026-01-01T12:00:00Z"),
            (tag::GENERALIZED_TIME, "99991231235959Z", "9999-12-31T23:59:59Z"),
            (tag::GENERALIZED_TIME, "00010101000000Z", "0001-01-01T00:00:00Z"),
        ] {
            let validity = period(&[(tag::UTC_TIME, "700101000000Z"), (tag, written)]);
            assert_eq!(validity.not_after_text(), expected, "{written}");
        }
    }

    #[test]
    fn a_time_that_cannot_be_read_is_a_problem_but_no_error() {
        let now = from_unix_seconds(1_800_000_000);
        let good = (tag::GENERALIZED_TIME, "20300101000000Z");
        let past = (tag::UTC_TIME, "200101000000Z");
        for bad in [
            (tag::UTC_TIME, ""),
            (tag::UTC_TIME, "261323224821Z"),
            (tag::UTC_TIME, "261123224821X"),
            (tag::UTC_TIME, "26112\u{661}224821Z"),
            (tag::INTEGER, "261123224821Z"),
        ] {
            for times in [&[bad, good][..], &[past, bad], &[bad, bad], &[]] {
                let problem = period(times).problem(now).unwrap();
                assert_eq!(problem, "has a validity period that cannot be read", "{times:?}");
            }
        }
        assert_eq!(period(&[past, good]).problem(now), None);
        let expired = period(&[(tag::UTC_TIME, ""), past]).problem(now).unwrap();
        assert_eq!(expired, "expired on 2020-01-01T00:00:00Z");
        assert_eq!(unix_seconds(period(&[]).not_before()), 0);
        assert_eq!(unix_seconds(period(&[]).not_after()), END_OF_TIME);
    }
}

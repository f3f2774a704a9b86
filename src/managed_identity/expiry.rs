//! When a token ends, in the forms in which platforms say it.

use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use crate::base::clock::from_unix_seconds;

/// Ten years, in seconds: no token lives longer.
const ABSURD_LIFETIME: i64 = 10 * 365 * 24 * 3600;

/// When the token in `members` ends. `expires_in` is preferred, because it needs no clock.
///
/// # Errors
/// What is wrong with the answer, as the end of a sentence that begins with its endpoint.
pub(super) fn end_of(members: &Map<String, Value>, now: SystemTime) -> Result<SystemTime, &'static str> {
    let given = |name: &str| members.get(name).filter(|value| !is_absent(value));
    if let Some(lifetime) = given("expires_in") {
        let seconds = number(lifetime).filter(|seconds| (0..=ABSURD_LIFETIME).contains(seconds));
        let seconds = seconds.ok_or("has an expires_in that is not a lifetime in seconds")?;
        return Ok(now + Duration::from_secs(seconds.unsigned_abs()));
    }
    let end = given("expires_on").ok_or("has neither expires_in nor expires_on")?;
    let seconds = number(end).or_else(|| date(end.as_str()?));
    let seconds = seconds.filter(|seconds| (1..i64::from(u32::MAX) * 4).contains(seconds));
    seconds
        .map(from_unix_seconds)
        .ok_or("has an expires_on that is not a time")
}

fn is_absent(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Seconds since 1970 of a date in the forms of api-version 2017-09-01 (azure-identity `azure_ml.py`, Azure/azure-sdk
/// issues): `06/20/2019 02:57:58 +00:00` and `1/16/2020 5:24:12 AM +00:00`.
fn date(text: &str) -> Option<i64> {
    let mut words = text.split(' ');
    let (date, time, mut zone) = (words.next()?, words.next()?, words.next()?);
    let half = match zone {
        "AM" | "PM" => Some(std::mem::replace(&mut zone, words.next()?)),
        _ => None,
    };
    if zone != "+00:00" || words.next().is_some() {
        return None;
    }
    let [month, day, year] = numbers(date, '/')?;
    let [hour, minute, second] = numbers(time, ':')?;
    let hour = match half {
        None if hour < 24 => hour,
        Some(half) if (1..=12).contains(&hour) => hour % 12 + if half == "PM" { 12 } else { 0 },
        _ => return None,
    };
    let is_date =
        (1970..10_000).contains(&year) && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    let is_time = minute < 60 && second < 61;
    (is_date && is_time).then(|| days_before(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
}

fn numbers(text: &str, separator: char) -> Option<[i64; 3]> {
    let number = |part: &str| {
        let is_number = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|_| is_number)
    };
    let parts: Option<Vec<i64>> = text.split(separator).map(number).collect();
    parts?.try_into().ok()
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days from 1970-01-01 to a date.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let years: i64 = (1970..year).map(|year| 365 + i64::from(is_leap(year))).sum();
    let months: i64 = (1..month).map(|month| days_in(year, month)).sum();
    years + months + day - 1
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::base::clock::unix_seconds;

    const NOW: i64 = 1_800_000_000;

    fn end(body: &Value) -> Result<i64, &'static str> {
        end_of(body.as_object().unwrap(), from_unix_seconds(NOW)).map(unix_seconds)
    }

    #[test]
    fn every_form_is_read() {
        for (body, expected) in [
            (json!({"expires_in": 3600}), NOW + 3600),
            (json!({"expires_in": "3599", "expires_on": "1"}), NOW + 3599),
            (json!({"expires_in": 0}), NOW),
            (json!({"expires_in": "", "expires_on": "1586984735"}), 1_586_984_735),
            (json!({"expires_in": null, "expires_on": 1_565_244_611}), 1_565_244_611),
            (json!({"expires_on": "06/20/2019 02:57:58 +00:00"}), 1_560_999_478),
            (json!({"expires_on": "1/16/2020 5:24:12 AM +00:00"}), 1_579_152_252),
            (json!({"expires_on": "1/16/2020 5:24:12 PM +00:00"}), 1_579_195_452),
            (json!({"expires_on": "2/29/2020 12:00:00 AM +00:00"}), 1_582_934_400),
            (json!({"expires_on": "2/29/2020 12:00:00 PM +00:00"}), 1_582_977_600),
        ] {
            assert_eq!(end(&body), Ok(expected), "{body}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for body in [
            json!({}),
            json!({"expires_on": ""}),
            json!({"expires_in": -1}),
            json!({"expires_in": "soon"}),
            json!({"expires_in": 1.5}),
            json!({"expires_in": 315_360_001}),
            json!({"expires_on": 0}),
            json!({"expires_on": "-5"}),
            json!({"expires_on": 99_999_999_999_999_i64}),
            json!({"expires_on": []}),
            json!({"expires_on": "06/20/2019 02:57:58"}),
            json!({"expires_on": "06/20/2019 02:57:58 +02:00"}),
            json!({"expires_on": "06/20/2019 02:57:58 +00:00 x"}),
            json!({"expires_on": "13/20/2019 02:57:58 +00:00"}),
            json!({"expires_on": "2/29/2019 02:57:58 +00:00"}),
            json!({"expires_on": "2/29/2020 13:57:58 PM +00:00"}),
            json!({"expires_on": "2/29/2020 24:57:58 +00:00"}),
            json!({"expires_on": "2/29/2020 2:60:58 +00:00"}),
            json!({"expires_on": "2/29 2:57:58 +00:00"}),
            json!({"expires_on": "+2/29/2020 2:57:58 +00:00"}),
        ] {
            assert!(end(&body).is_err(), "{body}");
        }
    }
}

//! What the emulator is told to do wrong.

mod body;
pub(crate) mod queue;

use std::time::Duration;

use crate::answer::ending::Ending;
use crate::answer::refusal::Refusal;
use crate::clock::Moment;
use body::BodyFault;

/// One fault: everything that goes wrong with one request for a token or for a tenant's description, or with several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// As it was given.
    pub(crate) spec: String,
    pub(crate) status: Option<u16>,
    pub(crate) retry_after: Option<RetryAfter>,
    /// Before anything else is done with the request.
    pub(crate) delay: Duration,
    /// In seconds: how far the emulator's clock is off, for its checks as well as in its answer.
    pub(crate) date_skew: i64,
    pub(crate) ending: Ending,
    pub(crate) body: Option<BodyFault>,
    /// An AADSTS code, or one of B2C.
    pub(crate) error: Option<u32>,
    pub(crate) suberror: Option<String>,
    pub(crate) has_claims: bool,
    pub(crate) redirect: Option<String>,
    /// How many requests it still applies to; `None`: all.
    pub(crate) times: Option<u32>,
}

/// The value of the header `Retry-After` (RFC 9110 section 10.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryAfter {
    Seconds(u32),
    /// As a date, this many seconds from now.
    Date(u32),
}

impl RetryAfter {
    pub(crate) fn header(self, now: Moment) -> String {
        match self {
            Self::Seconds(seconds) => seconds.to_string(),
            Self::Date(seconds) => now.plus(seconds.into()).http_date(),
        }
    }
}

impl Fault {
    /// Reads a comma list of `key=value`. The error says which part cannot be read, and what could stand there.
    pub(crate) fn parse(spec: &str) -> Result<Self, String> {
        if spec.len() > LONGEST_SPEC {
            return Err(format!("a fault has at most {LONGEST_SPEC} characters"));
        }
        let mut fault = Self::none(spec);
        for part in spec.split(',') {
            let (key, value) = part.trim().split_once('=').unwrap_or((part.trim(), ""));
            fault
                .set(key, value)
                .map_err(|problem| format!("the fault '{spec}': '{part}': {problem}"))?;
        }
        if fault.error.is_none() && (fault.suberror.is_some() || fault.has_claims) {
            return Err(format!("the fault '{spec}': suberror and claims go with error"));
        }
        Ok(fault)
    }

    /// Nothing goes wrong.
    pub(crate) fn none(spec: &str) -> Self {
        Self {
            spec: spec.to_owned(),
            status: None,
            retry_after: None,
            delay: Duration::ZERO,
            date_skew: 0,
            ending: Ending::Whole,
            body: None,
            error: None,
            suberror: None,
            has_claims: false,
            redirect: None,
            times: Some(1),
        }
    }

    /// The refusal that is answered in place of any check.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        let code = match (self.error, self.status) {
            (Some(code), _) => code,
            (None, Some(429)) => 90055,
            (None, Some(500..)) => 90033,
            _ if self.body.is_some_and(BodyFault::needs_refusal) => 9_002_313,
            _ => return None,
        };
        let mut refusal = Refusal::new(code, &[NAMED_IN_REFUSALS, NAMED_IN_REFUSALS]);
        if let Some(suberror) = &self.suberror {
            refusal = refusal.with_suberror(suberror);
        }
        Some(if self.has_claims {
            refusal.with_claims()
        } else {
            refusal
        })
    }

    /// Whether the request does not come as far as the service, so that no check is made and no body comes back.
    pub(crate) fn hides_service(&self) -> bool {
        let is_answered_before = self.redirect.is_some() || self.status.is_some_and(|status| status >= 300);
        is_answered_before || self.ending == Ending::Reset
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        match key {
            "status" => self.status = Some(number(value, 200..=599)?),
            "retry-after" => self.retry_after = Some(retry_after(value)?),
            "delay-ms" => self.delay = Duration::from_millis(number(value, 0..=600_000)?),
            "date-skew" => self.date_skew = number(value, -FURTHEST_SKEW..=FURTHEST_SKEW)?,
            "reset" if value.is_empty() => self.ending = Ending::Reset,
            "truncate" if value.is_empty() => self.ending = Ending::Truncated,
            "body" => self.body = Some(BodyFault::parse(value)?),
            "error" => self.error = Some(number(service_code(value), 1..=u32::MAX)?),
            "suberror" if !value.is_empty() => self.suberror = Some(value.to_owned()),
            "claims" if value == "present" => self.has_claims = true,
            "redirect" if is_header_text(value) => self.redirect = Some(value.to_owned()),
            "times" if value == "all" => self.times = None,
            "times" => self.times = Some(number(value, 1..=u32::MAX)?),
            "reset" | "truncate" => return Err("takes no value".to_owned()),
            "claims" => return Err("the value is 'present'".to_owned()),
            "suberror" | "redirect" => return Err("takes a value of visible ASCII characters".to_owned()),
            _ => return Err(format!("unknown; the keys are {KEYS}")),
        }
        Ok(())
    }
}

/// The number of AADSTS50076, or AADB2C90118 in the form of B2C.
fn service_code(text: &str) -> &str {
    let number = text.strip_prefix("AADSTS").or_else(|| text.strip_prefix("AADB2C"));
    number.unwrap_or(text)
}

/// In bytes. Faults are kept until they are spent.
const LONGEST_SPEC: usize = 4096;

const KEYS: &str = "status, retry-after, delay-ms, date-skew, reset, truncate, body, error, suberror, claims, redirect \
    and times";

/// The application ID of Microsoft Graph, which stands for whatever a refusal names.
const NAMED_IN_REFUSALS: &str = "00000003-0000-0000-c000-000000000000";

/// In seconds: a hundred years.
const FURTHEST_SKEW: i64 = 100 * 365 * 24 * 60 * 60;

fn number<N>(text: &str, range: std::ops::RangeInclusive<N>) -> Result<N, String>
where
    N: std::str::FromStr + PartialOrd + std::fmt::Display,
{
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| format!("the value is a number from {} to {}", range.start(), range.end()))
}

fn retry_after(value: &str) -> Result<RetryAfter, String> {
    match value.strip_prefix("date:") {
        Some(seconds) => number(seconds, 0..=u32::MAX).map(RetryAfter::Date),
        None => number(value, 0..=u32::MAX).map(RetryAfter::Seconds),
    }
}

fn is_header_text(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_fault_are_read() {
        let fault = Fault::parse("status=503,retry-after=date:60, delay-ms=200,truncate,body=html,times=all").unwrap();
        assert_eq!(fault.status, Some(503));
        assert_eq!(fault.retry_after, Some(RetryAfter::Date(60)));
        assert_eq!(fault.delay, Duration::from_millis(200));
        assert_eq!((fault.ending, fault.times), (Ending::Truncated, None));
        let fault = Fault::parse("error=AADSTS50076,suberror=basic_action,claims=present,date-skew=-600").unwrap();
        assert_eq!(
            (fault.error, fault.has_claims, fault.date_skew),
            (Some(50076), true, -600)
        );
        assert_eq!(
            (fault.suberror.as_deref(), fault.times),
            (Some("basic_action"), Some(1))
        );
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let faulty = [
            ("", "unknown"),
            ("stauts=503", "'stauts=503': unknown; the keys are status"),
            ("status=99", "from 200 to 599"),
            ("body=nothing", "empty"),
            ("reset=1", "takes no value"),
            ("times=0", "from 1"),
            ("claims=absent", "present"),
            ("suberror=x", "go with error"),
            ("redirect=http://a\nb", "visible ASCII"),
            ("date-skew=9223372036854775807", "number"),
            (&format!("status=503{}", " ".repeat(LONGEST_SPEC)), "at most 4096"),
        ];
        for (spec, part) in faulty {
            let problem = Fault::parse(spec).unwrap_err();
            assert!(problem.contains(part), "{spec}: {problem}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = Moment::from_unix(1_795_428_005);
        assert_eq!(RetryAfter::Seconds(7).header(now), "7");
        assert_eq!(RetryAfter::Date(60).header(now), "Mon, 23 Nov 2026 10:01:05 GMT");
    }
}

//! What every error that comes from a response has in common.

use std::time::{Duration, SystemTime};

use super::Asked;
use crate::base::error::{Error, ServiceReport, Status};
use crate::http::{CutOff, HttpAnswer};

/// What to do while the service does not answer, or answers too many requests.
pub(in crate::service) fn hint_for_unavailable(status: Status, report: &ServiceReport) -> String {
    let wait = report.retry_after.map_or(String::new(), |wait| {
        format!(" The service asks clients to wait {} s.", wait.as_secs())
    });
    match status {
        Status::Throttled => format!("Send fewer requests, and keep and reuse tokens.{wait}"),
        _ => format!("Try again later, and check the service's health page.{wait}"),
    }
}

pub(super) fn malformed(message: &str, answer: &HttpAnswer, asked: &Asked) -> Error {
    let hint = "Check the authority's address, the proxy settings, and whether a proxy, a firewall or the network's \
                sign-in page answers in place of the service.";
    Error::new(Status::MalformedResponse, message, hint).with_service(report(answer, asked))
}

pub(in crate::service) fn report(answer: &HttpAnswer, asked: &Asked) -> ServiceReport {
    ServiceReport {
        http_status: answer.status,
        correlation_id: asked.correlation_id.to_owned(),
        retry_after: answer
            .retry_after
            .as_deref()
            .and_then(|value| retry_after(value, answer, asked.now)),
        is_broken_off: matches!(answer.cut_off, Some(CutOff::Broken(_))),
        ..ServiceReport::default()
    }
}

/// `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3). A date is relative to the response's own `Date`.
fn retry_after(value: &str, answer: &HttpAnswer, now: SystemTime) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(value.trim()).ok()?;
    let now = answer
        .date
        .as_deref()
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .unwrap_or(now);
    Some(until.duration_since(now).unwrap_or_default())
}

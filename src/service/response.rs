//! The token endpoint's response: a token (RFC 6749 section 5.1), an error (section 5.2), or something else.

use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use crate::base::error::{Error, Result, ServiceReport, Status};
use crate::base::parameter::PROXY;
use crate::base::quote::{first_line, quote};
use crate::base::secret::Secret;
use crate::http::{CutOff, HttpAnswer};
use crate::service::aadsts;
use crate::token::TOKEN_TYPE;

/// A successful response, not yet combined with what is known from the request.
#[derive(Debug)]
pub struct TokenResponse {
    /// The access token.
    pub access_token: Secret,
    /// The refresh token, if there is one.
    pub refresh_token: Option<Secret>,
    /// The id token, if there is one.
    pub id_token: Option<Secret>,
    /// The user's account and tenant (`client_info`), as the service wrote them, if the response has them.
    pub client_info: Option<String>,
    /// The granted scopes, if the response names them.
    pub scope: Option<String>,
    /// How long the token is valid.
    pub expires_in: Duration,
    /// The time after which the service recommends renewing the token.
    pub refresh_in: Option<Duration>,
}

/// The facts about a request that are needed to read its response.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Where the request was sent.
    pub endpoint: &'a str,
    /// The id that was sent with it.
    pub correlation_id: &'a str,
    /// The secrets in it, which no message may quote.
    pub secrets: &'a [&'a Secret],
    /// When the response arrived.
    pub now: SystemTime,
}

/// Reads a response. Anything but a usable token becomes an error that describes what arrived instead.
pub fn read(answer: &HttpAnswer, asked: &Asked) -> Result<TokenResponse> {
    let body = answer.body.expose();
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if let Some(reason) = &answer.cut_off {
        return Err(cut_off(answer, reason, asked));
    }
    match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(members)) if members.contains_key("error") => Err(refusal(&members, answer, asked)),
        Ok(Value::Object(members)) if answer.status == 200 => token(members, answer, asked),
        parsed => Err(foreign(parsed.is_ok(), body, answer, asked)),
    }
}

fn token(mut members: Map<String, Value>, answer: &HttpAnswer, asked: &Asked) -> Result<TokenResponse> {
    let malformed = |what: &str| malformed(&format!("The response from {} {what}.", asked.endpoint), answer, asked);
    let mut text = |name: &str| match members.remove(name) {
        Some(Value::String(text)) if !text.is_empty() => Some(text),
        _ => None,
    };
    let secret = |text: String| Secret::new(text.into_bytes());
    let access_token = text("access_token")
        .map(secret)
        .ok_or_else(|| malformed("has no access_token"))?;
    let refresh_token = text("refresh_token").map(secret);
    let id_token = text("id_token").map(secret);
    let client_info = text("client_info");
    let scope = text("scope");
    let token_type = text("token_type").ok_or_else(|| malformed("has no token_type"))?;
    if !token_type.eq_ignore_ascii_case(TOKEN_TYPE) {
        let shown = quote(&token_type, asked.secrets);
        return Err(malformed(&format!(
            "has the token_type {shown:?} instead of {TOKEN_TYPE:?}"
        )));
    }
    let expires_in = seconds(&members, "expires_in").map_err(|what| malformed(&what))?;
    let expires_in = expires_in.ok_or_else(|| malformed("has no expires_in, the lifetime of the token"))?;
    let refresh_in = seconds(&members, "refresh_in").map_err(|what| malformed(&what))?;
    Ok(TokenResponse {
        access_token,
        refresh_token,
        id_token,
        client_info,
        scope,
        expires_in,
        refresh_in,
    })
}

/// The longest lifetime that is believed: ten years, in seconds.
const ABSURD_LIFETIME: u64 = 10 * 365 * 24 * 3600;

/// A member that is a positive whole number of seconds. Some services send it as a string.
fn seconds(members: &Map<String, Value>, name: &str) -> std::result::Result<Option<Duration>, String> {
    let Some(value) = members.get(name) else {
        return Ok(None);
    };
    let number = match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    match number {
        Some(number) if (1..=ABSURD_LIFETIME).contains(&number) => Ok(Some(Duration::from_secs(number))),
        _ => Err(format!(
            "has {name} = {}, which is not a lifetime in seconds",
            quote(&value.to_string(), &[])
        )),
    }
}

fn refusal(members: &Map<String, Value>, answer: &HttpAnswer, asked: &Asked) -> Error {
    let text = |name: &str| members.get(name).and_then(Value::as_str).unwrap_or_default();
    let description = text("error_description");
    let oauth_error = quote(text("error"), asked.secrets);
    let codes = service_codes(members.get("error_codes"), description);
    let known = codes.iter().find_map(|&code| aadsts::lookup(code));
    let report = ServiceReport {
        suberror: quote(text("suberror"), asked.secrets),
        codes,
        trace_id: quote(text("trace_id"), asked.secrets),
        correlation_id: match text("correlation_id") {
            "" => asked.correlation_id.to_owned(),
            theirs => quote(theirs, asked.secrets),
        },
        claims: text("claims").to_owned(),
        oauth_error: oauth_error.clone(),
        ..report(answer, asked)
    };
    let status = match known.and_then(|code| code.status) {
        Some(status) => status,
        None => status_of(&report, answer.status),
    };
    let message = match summary(description) {
        "" => format!(
            "The service refused the request: {} (no description).",
            name_of(&oauth_error)
        ),
        summary => format!("{} ({})", quote(summary, asked.secrets), name_of(&oauth_error)),
    };
    let hint = known.map_or_else(|| hint_for(status, &report), |code| code.hint_for(description));
    Error::new(status, message, hint).with_service(report)
}

/// The readable part of a description. The rest repeats ids that have fields of their own.
fn summary(description: &str) -> &str {
    let end = description
        .find(" Trace ID:")
        .or_else(|| description.find(['\r', '\n']))
        .unwrap_or(description.len());
    description[..end].trim()
}

fn name_of(oauth_error: &str) -> &str {
    if oauth_error.is_empty() {
        "unnamed error"
    } else {
        oauth_error
    }
}

fn service_codes(listed: Option<&Value>, description: &str) -> Vec<u32> {
    let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok());
    let listed = listed.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut codes: Vec<u32> = listed
        .iter()
        .filter_map(number)
        .filter_map(|code| u32::try_from(code).ok())
        .collect();
    if codes.is_empty() {
        let digits = |text: &str| {
            text.split(|c: char| !c.is_ascii_digit())
                .next()
                .and_then(|code| code.parse::<u32>().ok())
        };
        codes.extend(description.split("AADSTS").skip(1).filter_map(digits));
        codes.dedup();
    }
    codes
}

fn status_of(report: &ServiceReport, http_status: u16) -> Status {
    match report.oauth_error.as_str() {
        _ if http_status == 429 => Status::Throttled,
        "interaction_required" | "consent_required" | "login_required" => Status::InteractionRequired,
        "temporarily_unavailable" | "server_error" => Status::ServiceUnavailable,
        _ if http_status >= 500 => Status::ServiceUnavailable,
        _ if !report.claims.is_empty() => Status::InteractionRequired,
        "invalid_client" => Status::ClientCredentialRejected,
        "invalid_grant" => Status::UserCredentialRejected,
        _ => Status::ServiceRejected,
    }
}

fn hint_for(status: Status, report: &ServiceReport) -> String {
    let wait = report.retry_after.map_or(String::new(), |wait| {
        format!(" The service asks clients to wait {} s.", wait.as_secs())
    });
    match status {
        Status::InteractionRequired => "Have the user sign in interactively.".to_owned(),
        Status::ClientCredentialRejected => {
            "Check the certificate or secret that is registered for the application.".to_owned()
        }
        Status::UserCredentialRejected => {
            "Check the user name and password, or have the user sign in again to get a new refresh token.".to_owned()
        }
        Status::Throttled => format!("Send fewer requests, and keep and reuse tokens.{wait}"),
        Status::ServiceUnavailable => format!("Try again later, and check the service's health page.{wait}"),
        _ => format!(
            "Look up the correlation id {} in the tenant's sign-in logs.",
            report.correlation_id
        ),
    }
}

/// The error for a response that a token service would not send: a proxy's web page, a redirect, unrelated JSON.
fn foreign(is_json: bool, body: &[u8], answer: &HttpAnswer, asked: &Asked) -> Error {
    let what = describe(is_json, body, asked.secrets);
    let message = format!(
        "Unexpected response from {}: HTTP {} with {what}.",
        asked.endpoint, answer.status
    );
    let unavailable = |status| {
        let report = report(answer, asked);
        Error::new(status, message.clone(), hint_for(status, &report)).with_service(report)
    };
    match answer.status {
        407 => Error::new(
            Status::ProxyFailed,
            format!("The proxy requires authentication. {message}"),
            format!("Add the user name and password to the proxy's address, in {PROXY} or HTTPS_PROXY."),
        ),
        429 => unavailable(Status::Throttled),
        500..=599 => unavailable(Status::ServiceUnavailable),
        300..=399 => {
            let target = answer.location.as_deref().map_or_else(
                || "without a Location header".to_owned(),
                |location| format!("to {}", quote(location, asked.secrets)),
            );
            let message = format!("Unexpected redirect from {} {target}.", asked.endpoint);
            malformed(&message, answer, asked)
        }
        _ => malformed(&message, answer, asked),
    }
}

fn describe(is_json: bool, body: &[u8], secrets: &[&Secret]) -> String {
    let text = String::from_utf8_lossy(body);
    let start = text.trim_start();
    if start.is_empty() {
        "an empty body".to_owned()
    } else if is_json {
        "JSON that is not a token response".to_owned()
    } else if start.starts_with(['{', '[']) {
        "JSON that is damaged or truncated".to_owned()
    } else {
        let kind = if start.starts_with('<') {
            "a web page"
        } else {
            "text that is not JSON"
        };
        format!("{kind}: {:?}", first_line(start, secrets))
    }
}

fn cut_off(answer: &HttpAnswer, reason: &CutOff, asked: &Asked) -> Error {
    let what = describe(false, answer.body.expose(), asked.secrets);
    malformed(
        &format!(
            "The response from {} was cut off ({reason}) after {what}.",
            asked.endpoint
        ),
        answer,
        asked,
    )
}

fn malformed(message: &str, answer: &HttpAnswer, asked: &Asked) -> Error {
    let hint = "Check the authority's address, the proxy settings, and whether a proxy, a firewall or the network's \
                sign-in page answers in place of the service.";
    Error::new(Status::MalformedResponse, message, hint).with_service(report(answer, asked))
}

fn report(answer: &HttpAnswer, asked: &Asked) -> ServiceReport {
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

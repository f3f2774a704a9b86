//! A refusal: the token service's error response (RFC 6749 section 5.2), or the error of another Microsoft service.

use serde_json::{Map, Value};

use super::Asked;
use super::report::{hint_for_unavailable, report};
use crate::base::error::{Error, ServiceReport, Status};
use crate::base::invisible::without_invisible;
use crate::base::quote::{quote, quote_part};
use crate::base::redaction::redact;
use crate::http::HttpAnswer;
use crate::service::aadsts::{self, b2c};

/// Whether a JSON object is a refusal. Some services leave out `error`, which RFC 6749 requires.
pub(super) fn is_one(members: &Map<String, Value>) -> bool {
    let has = |name: &str| members.get(name).is_some_and(|value| !value.is_null());
    has("error") || (has("error_description") || has("error_codes")) && !has("access_token")
}

/// What can be read of a refusal whose JSON is damaged: its description from the AADSTS number on, and its `error`.
pub(super) fn of_damaged(text: &str) -> Option<Map<String, Value>> {
    let up_to_mark = |text: &str| text.split('"').next().unwrap_or_default().to_owned();
    let json = Some(text.trim_start()).filter(|text| text.starts_with('{'))?;
    let description = up_to_mark(&json[json.find("AADSTS")?..]);
    let error = json.split_once("\"error\"").and_then(|(_, rest)| {
        let value = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
        Some(up_to_mark(value))
    });
    let members = [("error_description", Some(description)), ("error", error)];
    let members = members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), Value::String(value?))));
    Some(members.collect())
}

/// The error for a refusal.
pub(super) fn refusal(members: &Map<String, Value>, answer: &HttpAnswer, asked: &Asked) -> Error {
    let said = Said::read(members);
    let quoted = |text: &str| quote(text, asked.secrets);
    let codes = service_codes(members.get("error_codes"), said.description);
    let report = ServiceReport {
        suberror: quoted(text(members, "suberror")),
        codes,
        trace_id: quoted(said.trace_id),
        correlation_id: match said.correlation_id {
            "" => asked.correlation_id.to_owned(),
            theirs => quoted(theirs),
        },
        claims: without_invisible(&redact(text(members, "claims"), asked.secrets)),
        oauth_error: quoted(&said.error),
        ..report(answer, asked)
    };
    let known = report.codes.iter().find_map(|&code| aadsts::lookup(code));
    let of_b2c = b2c::lookup(said.description).filter(|_| known.is_none());
    let status = match &of_b2c {
        Some(code) => code.status,
        None => status_of(&report, known, asked),
    };
    let name = name_of(&report, said.is_object);
    let message = match quote_part(said.description, asked.secrets, summary).as_str() {
        "" => format!("The service refused the request: {name} (no description)."),
        summary => format!("{summary} ({name})"),
    };
    let hint = match (known, of_b2c) {
        (Some(code), _) => code.hint_for(said.description),
        (None, Some(code)) => code.hint.to_owned(),
        (None, None) => hint_for(status, &report, asked),
    };
    Error::new(status, message, hint).with_service(report)
}

/// The error for a refusal that a user's browser has brought (RFC 6749 section 4.1.2.1).
#[cfg(feature = "flows")]
pub fn of_sign_in(error: &str, description: &str, asked: &Asked) -> Error {
    let text = |text: &str| Value::String(text.to_owned());
    let members = [("error", text(error)), ("error_description", text(description))];
    let members = members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    let status = match error {
        "interaction_required" | "login_required" | "consent_required" => Status::InteractionRequired,
        _ => Status::ServiceRejected,
    };
    refusal(&members, &HttpAnswer::default(), asked).with_status(status)
}

/// Whether `error`, of a request with a refresh token, says that the service will not accept this refresh token again.
/// A policy that the user can satisfy (`interaction_required`, a claims challenge) leaves it valid.
pub fn ends_refresh_token(error: &Error) -> bool {
    let Some(report) = error.service().filter(|report| report.oauth_error == "invalid_grant") else {
        return false;
    };
    let known = report.codes.iter().find_map(|&code| aadsts::lookup(code));
    match error.status() {
        Status::UserCredentialRejected => true,
        Status::InteractionRequired => report.claims.is_empty() && known.is_none_or(|code| code.ends_refresh_token),
        _ => false,
    }
}

/// What a refusal says of the refresh token in the request.
#[cfg(feature = "flows")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfRefreshToken {
    /// It belongs to a family of applications, and this application does not.
    OtherClient,
    /// It will never be accepted again.
    Dead,
    /// It is not accepted for this request. It may be for another one: a policy may hold for one resource only.
    Refused,
    /// Nothing: the failure is not about it.
    Nothing,
}

/// What `error`, of a request with a refresh token, says of it. The suberrors are those of MSAL (`OAuth2SubError` of
/// MSAL.NET, `application.py` of MSAL Python).
#[cfg(feature = "flows")]
pub fn meaning_for_refresh_token(error: &Error) -> OfRefreshToken {
    let Some(report) = error.service() else {
        return OfRefreshToken::Nothing;
    };
    match (report.oauth_error.as_str(), report.suberror.as_str()) {
        ("invalid_grant", "client_mismatch") => OfRefreshToken::OtherClient,
        ("invalid_grant", "bad_token") => OfRefreshToken::Dead,
        ("invalid_grant", _) => OfRefreshToken::Refused,
        _ if error.status() == Status::InteractionRequired => OfRefreshToken::Refused,
        _ => OfRefreshToken::Nothing,
    }
}

/// What a refusal says, wherever it says so.
struct Said<'a> {
    error: String,
    description: &'a str,
    trace_id: &'a str,
    correlation_id: &'a str,
    is_object: bool,
}

impl<'a> Said<'a> {
    fn read(members: &'a Map<String, Value>) -> Self {
        match members.get("error") {
            Some(Value::Object(error)) => Self::read_object(error, text(members, "error_description")),
            error => Self {
                error: error.map(text_or_json).unwrap_or_default(),
                description: text(members, "error_description"),
                trace_id: text(members, "trace_id"),
                correlation_id: text(members, "correlation_id"),
                is_object: false,
            },
        }
    }

    /// An error in the form of Microsoft Graph ("Microsoft Graph error responses and resource types").
    fn read_object(error: &'a Map<String, Value>, description: &'a str) -> Self {
        let inner = error.get("innerError").or_else(|| error.get("innererror"));
        let inner = |name: &str| inner.and_then(|inner| inner.get(name)?.as_str()).unwrap_or_default();
        Self {
            error: error.get("code").map(text_or_json).unwrap_or_default(),
            description: match text(error, "message") {
                "" => description,
                message => message,
            },
            trace_id: inner("request-id"),
            correlation_id: inner("client-request-id"),
            is_object: true,
        }
    }
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> &'a str {
    members.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn text_or_json(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The readable part of a description. The rest repeats ids that have fields of their own.
fn summary(description: &str) -> &str {
    let end = description
        .find(" Trace ID:")
        .or_else(|| description.find(['\r', '\n']))
        .unwrap_or(description.len());
    description[..end].trim()
}

fn name_of(report: &ServiceReport, is_object: bool) -> String {
    let name = if report.oauth_error.is_empty() {
        "unnamed error"
    } else {
        &report.oauth_error
    };
    if is_object || report.oauth_error.is_empty() {
        format!("{name}, HTTP {}", report.http_status)
    } else {
        name.to_owned()
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

fn status_of(report: &ServiceReport, known: Option<&aadsts::ServiceCode>, asked: &Asked) -> Status {
    if let Some(status) = known.and_then(|code| code.status) {
        return status;
    }
    let status = status_by_protocol(report);
    let may_be_renewed = known.is_some_and(|code| !code.ends_refresh_token);
    if status == Status::UserCredentialRejected && asked.sent_refresh_token && !may_be_renewed {
        Status::InteractionRequired
    } else {
        status
    }
}

fn status_by_protocol(report: &ServiceReport) -> Status {
    match report.oauth_error.as_str() {
        _ if report.http_status == 429 => Status::Throttled,
        "interaction_required" | "consent_required" | "login_required" => Status::InteractionRequired,
        "temporarily_unavailable" | "server_error" => Status::ServiceUnavailable,
        _ if report.http_status >= 500 => Status::ServiceUnavailable,
        _ if !report.claims.is_empty() => Status::InteractionRequired,
        "invalid_client" => Status::ClientCredentialRejected,
        "invalid_grant" => Status::UserCredentialRejected,
        // A device code (RFC 8628 section 3.5); Entra's older servers write the second name.
        "expired_token" | "code_expired" => Status::InteractionRequired,
        _ => Status::ServiceRejected,
    }
}

/// The hint for a refusal without a known number. It says nothing of causes that the refusal does not name.
fn hint_for(status: Status, report: &ServiceReport, asked: &Asked) -> String {
    let number = report.codes.first();
    let look_up = number.map_or_else(String::new, |code| {
        format!("Look up AADSTS{code} at https://login.microsoftonline.com/error?code={code}. ")
    });
    match (status, report.oauth_error.as_str()) {
        (_, "expired_token" | "code_expired") => "Start the sign-in again: the code has expired.".to_owned(),
        (_, "access_denied" | "authorization_declined") if number.is_none() => {
            "Start the sign-in again, and have the user accept it.".to_owned()
        }
        _ => hint_by_status(status, report, asked, &look_up),
    }
}

fn hint_by_status(status: Status, report: &ServiceReport, asked: &Asked, look_up: &str) -> String {
    let number = report.codes.first();
    match status {
        Status::Throttled | Status::ServiceUnavailable => hint_for_unavailable(status, report),
        Status::InteractionRequired if report.oauth_error == "invalid_grant" && report.claims.is_empty() => {
            format!("{look_up}Have the user sign in again: the service does not accept the refresh token.")
        }
        Status::InteractionRequired => format!("{look_up}Have the user sign in interactively."),
        Status::ClientCredentialRejected if number.is_none() => {
            "Check the certificate or secret that is registered for the application.".to_owned()
        }
        Status::UserCredentialRejected if number.is_none() && !asked.sent_refresh_token => {
            "Check the user name and password.".to_owned()
        }
        _ => format!(
            "{look_up}Find the correlation id {} in the tenant's sign-in logs.",
            report.correlation_id
        ),
    }
}

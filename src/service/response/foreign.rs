//! Responses that no token service would send: a proxy's web page, a redirect, unrelated JSON.

use serde_json::Value;

use super::Asked;
use super::report::{hint_for_unavailable, malformed, report};
use crate::base::error::{Error, Status};
use crate::base::json;
use crate::base::parameter::PROXY;
use crate::base::quote::{first_line, quote};
use crate::base::secret::Secret;
use crate::http::{CutOff, HttpAnswer};

/// The error for a complete response.
pub(super) fn foreign(body: &str, answer: &HttpAnswer, asked: &Asked) -> Error {
    let value = json::parse(body);
    let said = value.as_ref().and_then(said);
    let what = describe(value.is_some(), said, body, asked.secrets);
    let message = format!(
        "Unexpected response from {}: HTTP {} with {what}.",
        asked.endpoint, answer.status
    );
    let unavailable = |status, message: String, advice: &str| {
        let report = report(answer, asked);
        let hint = format!("{}{advice}", hint_for_unavailable(status, &report));
        Error::new(status, message, hint).with_service(report)
    };
    match answer.status {
        407 => unauthenticated(&message, &answer.proxy_schemes),
        429 => unavailable(Status::Throttled, message, ""),
        502..=504 if value.is_none() || said.is_some() => unavailable(
            Status::ServiceUnavailable,
            format!(
                "A proxy or gateway in front of {} answered HTTP {} with {what}.",
                asked.endpoint, answer.status
            ),
            " If it persists, ask the network administrator about the proxy or gateway.",
        ),
        500..=599 => unavailable(Status::ServiceUnavailable, message, ""),
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

/// The error for an answer of a proxy that the request met: one that is in use asks before it lets anything through.
fn unauthenticated(message: &str, schemes: &[String]) -> Error {
    let takes_basic = schemes.is_empty() || schemes.iter().any(|scheme| scheme.eq_ignore_ascii_case("basic"));
    let offered = match schemes {
        [] => String::new(),
        schemes => format!(" It offers {}.", schemes.join(", ")),
    };
    let hint = if takes_basic {
        format!("Add the user name and password to the proxy's address, in {PROXY} or HTTPS_PROXY.")
    } else {
        format!(
            "Only Basic authentication is supported. Use a proxy that takes it, or a local one that authenticates at \
             this proxy (such as Cntlm or Px), in {PROXY} or HTTPS_PROXY."
        )
    };
    let message = format!("A proxy on the way requires authentication. {message}{offered}");
    Error::new(Status::ProxyFailed, message, hint)
}

/// The error for a response that ended too early.
pub(super) fn cut_off(answer: &HttpAnswer, reason: &CutOff, asked: &Asked) -> Error {
    let what = describe(false, None, &json::text_of(answer.body.expose()), asked.secrets);
    malformed(
        &format!(
            "The response from {} was cut off ({reason}) after {what}.",
            asked.endpoint
        ),
        answer,
        asked,
    )
}

/// What a gateway or another service says in JSON: in the forms of RFC 9457 ("Problem Details for HTTP APIs"), of Azure
/// API Management and of other web frameworks.
fn said(value: &Value) -> Option<&str> {
    let text = |name: &&str| value.get(name)?.as_str().filter(|text| !text.trim().is_empty());
    ["detail", "message", "Message", "title"].iter().find_map(text)
}

fn describe(is_json: bool, said: Option<&str>, body: &str, secrets: &[&Secret]) -> String {
    let start = body.trim_start();
    if start.is_empty() {
        "an empty body".to_owned()
    } else if let Some(said) = said {
        format!("JSON that is not a token response: {:?}", quote(said, secrets))
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

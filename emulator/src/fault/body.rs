//! What can be wrong with the body of an answer.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::StatusCode;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::answer::Answer;

/// One way in which the body of an answer is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyFault {
    Empty,
    Html,
    Text,
    Array,
    NoToken,
    ErrorIn200,
    NoDescription,
    AbsurdExpiry,
    Huge,
    Bom,
    StringNumbers,
    TokenTypeMissing,
    TokenTypeWrong,
    NoExpiry,
    Form,
    LineBreak,
    Echo,
}

impl BodyFault {
    pub(crate) fn parse(name: &str) -> Result<Self, String> {
        let known = NAMES.iter().find(|(known, _)| *known == name);
        known.map(|(_, fault)| *fault).ok_or_else(|| {
            let names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
            format!("the value is one of {}", names.join(", "))
        })
    }

    /// Whether this is about an error answer, so that there must be one.
    pub(crate) fn needs_refusal(self) -> bool {
        matches!(self, Self::ErrorIn200 | Self::NoDescription)
    }

    /// Spoils `answer` to `request`. A fault of one member of a token answer leaves an error answer as it is.
    pub(crate) fn spoil(self, answer: &mut Answer, request: &[u8]) {
        match self {
            Self::Empty => answer.body.clear(),
            Self::Html => answer.set_body("text/html; charset=utf-8", PROXY_PAGE),
            Self::Text => answer.set_body("text/plain; charset=utf-8", "upstream connect error or disconnect\n"),
            Self::Array => answer.set_body(JSON, "[]"),
            Self::Huge => answer.set_body(JSON, &format!("{{\"padding\":\"{}\"}}", "x".repeat(HUGE))),
            Self::Bom => answer.body.splice(0..0, *b"\xEF\xBB\xBF").for_each(drop),
            Self::ErrorIn200 => answer.status = StatusCode::OK,
            Self::NoDescription => edit(answer, |body| remove(body, "error_description")),
            Self::NoToken => edit(answer, |body| remove(body, "access_token")),
            Self::TokenTypeMissing => edit(answer, |body| remove(body, "token_type")),
            Self::TokenTypeWrong => edit(answer, |body| set(body, "token_type", json!("mac"))),
            Self::NoExpiry => edit(answer, |body| remove(body, "expires_in")),
            Self::LineBreak => edit(answer, |body| {
                if let Some(token) = body["access_token"].as_str() {
                    let broken = format!("{token}\r\nX-Injected: 1");
                    set(body, "access_token", broken.into());
                }
            }),
            Self::Form => {
                let body = serde_json::from_slice(&answer.body)
                    .map(|body| form(&body))
                    .unwrap_or_default();
                answer.set_body("application/x-www-form-urlencoded", &body);
            }
            Self::Echo => answer.set_body("text/html; charset=utf-8", &echo(request)),
            Self::AbsurdExpiry => edit(answer, |body| set(body, "expires_in", json!(1e30))),
            Self::StringNumbers => edit(answer, |body| {
                for name in ["expires_in", "ext_expires_in"] {
                    if let Some(number) = body[name].as_u64() {
                        set(body, name, json!(number.to_string()));
                    }
                }
            }),
        }
    }
}

const NAMES: [(&str, BodyFault); 17] = [
    ("empty", BodyFault::Empty),
    ("html", BodyFault::Html),
    ("text", BodyFault::Text),
    ("array", BodyFault::Array),
    ("no-token", BodyFault::NoToken),
    ("error-in-200", BodyFault::ErrorIn200),
    ("no-description", BodyFault::NoDescription),
    ("absurd-expiry", BodyFault::AbsurdExpiry),
    ("huge", BodyFault::Huge),
    ("bom", BodyFault::Bom),
    ("string-numbers", BodyFault::StringNumbers),
    ("token-type-missing", BodyFault::TokenTypeMissing),
    ("token-type-wrong", BodyFault::TokenTypeWrong),
    ("no-expiry", BodyFault::NoExpiry),
    ("form", BodyFault::Form),
    ("line-break", BodyFault::LineBreak),
    ("echo", BodyFault::Echo),
];

const JSON: &str = "application/json; charset=utf-8";
const PROXY_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Access to this site is blocked</title></head>\
    <body><h1>Access to this site is blocked</h1><p>Sign in to the proxy to go on.</p></body></html>\n";
/// 2 MiB.
const HUGE: usize = 2 * 1024 * 1024;

fn edit(answer: &mut Answer, change: impl FnOnce(&mut Value)) {
    if let Ok(mut body) = serde_json::from_slice(&answer.body) {
        change(&mut body);
        answer.body = body.to_string().into_bytes();
    }
}

/// The token answer as the form that some services of OAuth 1 and early drafts of OAuth 2.0 send.
fn form(body: &Value) -> String {
    let members = body.as_object().into_iter().flatten();
    let field = |(name, value): (&String, &Value)| format!("{name}={}", value.as_str().unwrap_or_default());
    members.map(field).collect::<Vec<_>>().join("&")
}

/// The page of a gateway that shows the request which it blocked: as it was sent, decoded, and in Base64.
fn echo(request: &[u8]) -> String {
    let sent = String::from_utf8_lossy(request);
    let decoded = percent_decode_str(&sent.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned();
    let escaped = decoded
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;");
    format!(
        "<html><head><title>Blocked: {} {sent} {escaped} {decoded}</title></head></html>\n",
        STANDARD.encode(request)
    )
}

fn remove(body: &mut Value, name: &str) {
    if let Some(members) = body.as_object_mut() {
        members.remove(name);
    }
}

/// Replaces a member that is there.
fn set(body: &mut Value, name: &str, value: Value) {
    if let Some(member) = body.get_mut(name) {
        *member = value;
    }
}

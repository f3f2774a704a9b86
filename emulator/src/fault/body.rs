//! What can be wrong with the body of an answer.

use hyper::StatusCode;
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

    /// Spoils `answer`. A fault of one member of a token answer leaves an error answer as it is.
    pub(crate) fn spoil(self, answer: &mut Answer) {
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

const NAMES: [(&str, BodyFault); 13] = [
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

//! The answer of a platform's token service.

use std::time::SystemTime;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::base::error::Result;
use crate::base::json;
use crate::base::secret::Secret;
use crate::http::HttpAnswer;
use crate::managed_identity::expiry;
use crate::managed_identity::failure::{self, Asked};
use crate::token::{TOKEN_TYPE, bad_character};

/// A token, as the platform has issued it.
pub(super) struct Issued {
    pub(super) access_token: Secret,
    pub(super) expires_on: SystemTime,
    /// The client id of the identity, if the platform tells it.
    pub(super) client_id: Option<String>,
}

/// Reads an answer. Anything but a usable token for the resource becomes an error.
pub(super) fn read(answer: &HttpAnswer, asked: &Asked, now: SystemTime) -> Result<Issued> {
    if answer.cut_off.is_some() {
        return Err(failure::cut_off(answer, asked));
    }
    let text = json::text_of(answer.body.expose());
    let Some(Value::Object(mut members)) = json::parse(&text) else {
        return Err(failure::foreign(&text, answer, asked));
    };
    match members.remove("access_token") {
        Some(Value::String(token)) if answer.status == 200 && !token.is_empty() => {
            token_of(Secret::new(token.into_bytes()), &members, answer, asked, now)
        }
        _ if answer.status == 200 && !members.contains_key("error") => {
            Err(failure::malformed("has no access_token", answer, asked))
        }
        _ => Err(failure::refusal(&members, answer, asked)),
    }
}

fn token_of(
    access_token: Secret,
    members: &Map<String, Value>,
    answer: &HttpAnswer,
    asked: &Asked,
    now: SystemTime,
) -> Result<Issued> {
    let malformed = |what: &str| failure::malformed(what, answer, asked);
    if let Some(byte) = bad_character(&access_token) {
        return Err(malformed(&format!(
            "has the byte 0x{byte:02X} in its access_token, which a token must not contain"
        )));
    }
    let text = |name: &str| {
        members
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    if text("token_type").is_some_and(|kind| !kind.eq_ignore_ascii_case(TOKEN_TYPE)) {
        return Err(malformed("has a token_type other than Bearer"));
    }
    if text("resource").is_some_and(|resource| !is_same(resource, asked.resource)) {
        // It would go where the caller does not want it to go.
        return Err(malformed("has a token for another resource"));
    }
    Ok(Issued {
        expires_on: expiry::end_of(members, now).map_err(malformed)?,
        client_id: text("client_id")
            .filter(|id| Uuid::try_parse(id).is_ok())
            .map(str::to_owned),
        access_token,
    })
}

/// Whether both name one resource: Entra adds and drops the slash at the end.
fn is_same(one: &str, other: &str) -> bool {
    one.trim_end_matches('/')
        .eq_ignore_ascii_case(other.trim_end_matches('/'))
}

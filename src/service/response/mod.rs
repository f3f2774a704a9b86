//! The token endpoint's response: a token (RFC 6749 section 5.1), an error (section 5.2), or something else.

mod foreign;
mod refusal;
pub(super) mod report;

use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use crate::base::error::Result;
use crate::base::json;
use crate::base::quote::quote;
use crate::base::redaction::redact;
use crate::base::secret::Secret;
use crate::http::HttpAnswer;
use crate::token::{TOKEN_TYPE, bad_character};
use foreign::{cut_off, foreign};
pub use refusal::ends_refresh_token;
use refusal::refusal;
use report::malformed;

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
    /// How long the token is valid, if the response says so (RFC 6749 section 5.1 only recommends it).
    pub expires_in: Option<Duration>,
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
    /// Whether it sent a refresh token.
    pub sent_refresh_token: bool,
    /// When the response arrived.
    pub now: SystemTime,
}

/// Reads a response. Anything but a usable token becomes an error that describes what arrived instead.
pub fn read(answer: &HttpAnswer, asked: &Asked) -> Result<TokenResponse> {
    if let Some(reason) = &answer.cut_off {
        return Err(cut_off(answer, reason, asked));
    }
    let text = json::text_of(answer.body.expose());
    let members = match json::parse(&text) {
        Some(Value::Object(members)) => Some(members),
        Some(_) => None,
        None => refusal::of_damaged(&text),
    };
    let Some(members) = members else {
        return Err(foreign(&text, answer, asked));
    };
    // What is said beside a token may repeat it.
    let issued: Vec<Secret> = TOKENS.iter().filter_map(|name| issued(&members, name)).collect();
    let secrets: Vec<&Secret> = asked.secrets.iter().copied().chain(&issued).collect();
    let asked = &Asked {
        secrets: &secrets,
        ..*asked
    };
    if refusal::is_one(&members) {
        Err(refusal(&members, answer, asked))
    } else if answer.status == 200 {
        token(members, answer, asked)
    } else {
        Err(foreign(&text, answer, asked))
    }
}

/// The members that are tokens.
const TOKENS: [&str; 3] = ["access_token", "refresh_token", "id_token"];

fn issued(members: &Map<String, Value>, name: &str) -> Option<Secret> {
    let token = members.get(name)?.as_str().filter(|token| !token.is_empty())?;
    Some(Secret::copy_of(token.as_bytes()))
}

fn token(mut members: Map<String, Value>, answer: &HttpAnswer, asked: &Asked) -> Result<TokenResponse> {
    let malformed = |what: &str| malformed(&format!("The response from {} {what}.", asked.endpoint), answer, asked);
    let mut text = |name: &str| match members.remove(name) {
        Some(Value::String(text)) if !text.is_empty() => Some(text),
        _ => None,
    };
    let mut secret = |name: &str| match text(name).map(|text| Secret::new(text.into_bytes())) {
        Some(token) => match bad_character(&token) {
            None => Ok(Some(token)),
            Some(byte) => Err(malformed(&format!(
                "has the byte 0x{byte:02X} in its {name}, which a token must not contain"
            ))),
        },
        None => Ok(None),
    };
    let access_token = secret("access_token")?.ok_or_else(|| malformed("has no access_token"))?;
    let refresh_token = secret("refresh_token")?;
    let id_token = secret("id_token")?;
    let client_info = text("client_info");
    let scope = text("scope").map(|scope| redact(&scope, asked.secrets));
    let token_type = text("token_type").ok_or_else(|| malformed("has no token_type"))?;
    if !token_type.eq_ignore_ascii_case(TOKEN_TYPE) {
        let shown = quote(&token_type, asked.secrets);
        return Err(malformed(&format!(
            "has the token_type {shown:?} instead of {TOKEN_TYPE:?}"
        )));
    }
    let seconds = |name| seconds(&members, name, asked).map_err(|what| malformed(&what));
    let (expires_in, refresh_in) = (seconds("expires_in")?, seconds("refresh_in")?);
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
fn seconds(members: &Map<String, Value>, name: &str, asked: &Asked) -> std::result::Result<Option<Duration>, String> {
    let value = members.get(name).unwrap_or(&Value::Null);
    let number = match value {
        Value::Null => return Ok(None),
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    match number {
        Some(number) if (1..=ABSURD_LIFETIME).contains(&number) => Ok(Some(Duration::from_secs(number))),
        _ => Err(format!(
            "has {name} = {}, which is not a lifetime in seconds",
            quote(&value.to_string(), asked.secrets)
        )),
    }
}

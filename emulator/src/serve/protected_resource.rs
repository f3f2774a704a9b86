//! An API that takes the emulator's access tokens.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use hyper::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::clock::Moment;
use crate::issue::token::TokenIssuer;
use crate::request::assertion::Assertion;

/// What the API answers: whom the token is for, or a challenge (RFC 6750 section 3).
pub(crate) fn answer(issuer: &TokenIssuer, origin: &str, headers: &HeaderMap, now: Moment) -> Answer {
    match accepted(issuer, headers, now) {
        Ok(body) => Answer::json(StatusCode::OK, &body),
        Err(problem) => {
            let address = format!("{origin}/common/oauth2/authorize");
            let general = [("realm", String::new()), ("authorization_uri", address)];
            let parameters = general.into_iter().chain(problem.parameters(now));
            let parameters: Vec<String> = parameters.map(|(name, value)| format!("{name}=\"{value}\"")).collect();
            let challenge = format!("Bearer {}", parameters.join(", "));
            let mut answer = Answer::text(
                StatusCode::UNAUTHORIZED,
                "an access token of the emulator is required\n",
            );
            answer.set_header(WWW_AUTHENTICATE, &challenge);
            answer
        }
    }
}

enum Problem {
    /// No token was sent, so that there is no error (RFC 6750 section 3.1).
    NoToken,
    Invalid(&'static str),
    /// It was revoked, and its client understands claims challenges.
    Revoked,
}

fn accepted(issuer: &TokenIssuer, headers: &HeaderMap, now: Moment) -> Result<Value, Problem> {
    let mut sent = headers.get_all(AUTHORIZATION).iter();
    let authorization = sent.next().ok_or(Problem::NoToken)?;
    let token = authorization
        .to_str()
        .ok()
        .and_then(|value| value.strip_prefix("Bearer "));
    let token = token.filter(|_| sent.next().is_none()).ok_or(Problem::NoToken)?;
    let token = Assertion::parse(token).map_err(Problem::Invalid)?;
    if !issuer.has_signed(&token) || !token.claims.contains_key("appid") {
        return Err(Problem::Invalid("It is not an access token of the emulator."));
    }
    let end = token.claims.get("exp").and_then(Value::as_i64);
    if end.is_none_or(|end| end <= now.unix()) {
        return Err(Problem::Invalid("The token has expired."));
    }
    if issuer.has_revoked(&token) {
        return Err(match token.claims.get("xms_cc") {
            Some(_) => Problem::Revoked,
            None => Problem::Invalid("The token has been revoked."),
        });
    }
    let shown = |name: &str| token.claims.get(name).cloned().unwrap_or_default();
    Ok(json!({"aud": shown("aud"), "appid": shown("appid"), "upn": shown("upn"), "uti": shown("uti")}))
}

impl Problem {
    fn parameters(&self, now: Moment) -> Vec<(&'static str, String)> {
        match self {
            Self::NoToken => Vec::new(),
            Self::Invalid(why) => vec![
                ("error", "invalid_token".to_owned()),
                ("error_description", (*why).to_owned()),
            ],
            Self::Revoked => {
                let start = json!({"essential": true, "value": now.unix().to_string()});
                let claims = json!({"access_token": {"nbf": start}}).to_string();
                vec![
                    ("error", "insufficient_claims".to_owned()),
                    ("claims", STANDARD.encode(claims)),
                ]
            }
        }
    }
}

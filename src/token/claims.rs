//! The claims of a token that this process neither signed nor verified, to be shown to its owner.

use std::time::Duration;

use der::DateTime;
use serde_json::{Map, Value};

use crate::base::error::Result;
use crate::base::quote::quote;
use crate::base::secret::Secret;
use crate::token::jwt::DecodedJwt;

/// The claims set of a token (RFC 7519 section 4).
pub struct UnverifiedClaims<'a> {
    token: &'a Secret,
    claims: Map<String, Value>,
}

impl<'a> UnverifiedClaims<'a> {
    /// Decodes a token.
    ///
    /// # Errors
    /// It is not a JWT. The message does not quote it.
    pub fn read(token: &'a Secret) -> Result<Self> {
        let jwt = DecodedJwt::decode(token.expose_text().unwrap_or_default())?;
        let claims = serde_json::from_str(jwt.claims()).unwrap_or_default();
        Ok(Self { token, claims })
    }

    /// A claim that is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }

    /// A claim as a message may quote it, which never shows the token.
    pub fn shown(&self, name: &str) -> String {
        let text = match self.claims.get(name) {
            None | Some(Value::Null) => return "none".to_owned(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        quote(&text, &[self.token])
    }

    /// A `NumericDate`, without its fraction (RFC 7519 section 2).
    pub fn time(&self, name: &str) -> Option<i64> {
        let number = self.claims.get(name)?;
        // The result saturates, and is far outside of the calendar then.
        #[expect(clippy::cast_possible_truncation, reason = "the fraction is not shown")]
        let whole = |number: f64| number.floor() as i64;
        number.as_i64().or_else(|| number.as_f64().map(whole))
    }
}

/// A time as ISO 8601 has it; the number itself outside of the calendar.
pub fn utc(seconds: i64) -> String {
    let time = u64::try_from(seconds).ok();
    let time = time.and_then(|seconds| DateTime::from_unix_duration(Duration::from_secs(seconds)).ok());
    time.map_or_else(|| seconds.to_string(), |time| time.to_string())
}

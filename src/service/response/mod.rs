//! The token endpoint's response: a token (RFC 6749 section 5.1), an error (section 5.2), or something else.

mod fields;
mod foreign;
mod refusal;
pub(super) mod report;

use std::time::{Duration, SystemTime};

use crate::base::error::Result;
use crate::base::redaction::redact;
use crate::base::secret::Secret;
use crate::http::HttpAnswer;
use crate::token::TOKEN_TYPE;
pub use fields::Fields;
pub use refusal::ends_refresh_token;
#[cfg(feature = "flows")]
pub use refusal::{OfRefreshToken, meaning_for_refresh_token, of_sign_in};

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
    /// The family of applications that accept the refresh token (`foci`), if the response names one.
    pub family: Option<String>,
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
    let mut fields = Fields::read(answer, asked)?;
    let access_token = fields.take_secret("access_token")?;
    let access_token = access_token.ok_or_else(|| fields.malformed("has no access_token"))?;
    let refresh_token = fields.take_secret("refresh_token")?;
    let id_token = fields.take_secret("id_token")?;
    let client_info = fields.take_text("client_info");
    let family = fields.take_text("foci");
    let scope = fields.take_text("scope").map(|scope| redact(&scope, asked.secrets));
    let token_type = fields.take_text("token_type");
    let token_type = token_type.ok_or_else(|| fields.malformed("has no token_type"))?;
    if !token_type.eq_ignore_ascii_case(TOKEN_TYPE) {
        let shown = fields.quoted(&token_type);
        return Err(fields.malformed(&format!("has the token_type {shown:?} instead of {TOKEN_TYPE:?}")));
    }
    let (expires_in, refresh_in) = (fields.seconds("expires_in")?, fields.seconds("refresh_in")?);
    Ok(TokenResponse {
        access_token,
        refresh_token,
        id_token,
        client_info,
        family,
        scope,
        expires_in,
        refresh_in,
    })
}

//! The refresh token grant: a token for a user who signed in earlier (RFC 6749 section 6).

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::REFRESH_TOKEN;
use crate::base::secret::Secret;
use crate::http::form::Form;
use crate::request::grant::Grant;

/// A refresh token from an earlier response.
#[derive(Clone, Debug)]
pub struct RefreshToken(Secret);

impl RefreshToken {
    /// The refresh token as it was issued.
    pub fn new(token: Secret) -> Result<Self> {
        if token.is_empty() {
            return Err(Error::new(
                Status::CredentialMissing,
                "The refresh token is empty.",
                format!("Set {REFRESH_TOKEN} to the refresh token of an earlier response, or have the user sign in."),
            ));
        }
        Ok(Self(token))
    }
}

impl Grant for RefreshToken {
    fn kind(&self) -> &'static str {
        "refresh_token"
    }

    fn add_to(&self, form: &mut Form) {
        form.add("grant_type", "refresh_token");
        form.add_secret("refresh_token", &self.0);
    }

    fn reserved_scopes(&self) -> &'static [&'static str] {
        &["offline_access", "openid", "profile"]
    }

    fn secret(&self) -> Option<&Secret> {
        Some(&self.0)
    }

    /// The token itself, which stays valid if a response has no new one (RFC 6749 section 6).
    fn refresh_token(&self) -> Option<&Secret> {
        Some(&self.0)
    }
}

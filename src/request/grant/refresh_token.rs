//! The refresh token grant: a user who signed in before (RFC 6749 section 6).

use crate::base::digest::Digest;
use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;
use crate::http::form::Form;

/// A refresh token from an earlier answer.
#[derive(Clone, Debug)]
pub struct RefreshToken(Secret);

impl RefreshToken {
    /// The refresh token as it was issued.
    pub fn new(token: Secret) -> Result<Self> {
        if token.is_empty() {
            return Err(Error::new(
                Status::CredentialMissing,
                "The refresh token is empty.",
                "Give the refresh token of an earlier answer, or let the user sign in.",
            ));
        }
        Ok(Self(token))
    }

    pub(super) fn add_to(&self, form: &mut Form) {
        form.add("grant_type", "refresh_token");
        form.add_secret("refresh_token", &self.0);
        form.add("client_info", "1");
    }

    pub(super) fn digest(&self) -> Digest {
        Digest::of_secret(b"refresh_token", &self.0)
    }

    /// The token itself, kept when an answer brings no new one (RFC 6749 section 6).
    pub fn token(&self) -> &Secret {
        &self.0
    }
}

//! The on-behalf-of grant: a token for the user whose access token was sent to this application (RFC 7523 section 2.1;
//! "Microsoft identity platform and OAuth 2.0 On-Behalf-Of flow").

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::USER_ASSERTION;
use crate::base::pasted::bearer_token;
use crate::base::secret::Secret;
use crate::http::form::Form;
use crate::request::grant::Grant;
use crate::token::bad_character;

/// The access token that a caller has sent to the application.
#[derive(Clone, Debug)]
pub struct OnBehalfOf(Secret);

impl OnBehalfOf {
    /// The user of the access token `assertion`, which was issued for this application. White space and quotation marks
    /// around it are not part of it, nor is `Bearer` before it.
    ///
    /// # Errors
    /// `CredentialMissing` if it is empty, `InvalidArgument` if it cannot be a token. The message does not quote it.
    pub fn new(assertion: &Secret) -> Result<Self> {
        let text = assertion.expose_text().ok_or_else(|| not_a_token("is not text"))?;
        let text = bearer_token(text);
        if text.is_empty() {
            return Err(Error::new(
                Status::CredentialMissing,
                "The user assertion is empty.",
                format!(
                    "Set {USER_ASSERTION} to the access token in the Authorization header of the caller's request."
                ),
            ));
        }
        if text.len() > LONGEST {
            return Err(not_a_token("is longer than 64 KiB"));
        }
        let token = Secret::copy_of(text.as_bytes());
        match bad_character(&token) {
            None => Ok(Self(token)),
            Some(_) => Err(not_a_token(
                "has white space or other characters that a token does not have",
            )),
        }
    }
}

/// In bytes.
const LONGEST: usize = 64 * 1024;

fn not_a_token(what: &str) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("The user assertion {what}."),
        format!("Set {USER_ASSERTION} to the access token alone, as it stands in the caller's Authorization header."),
    )
}

impl Grant for OnBehalfOf {
    fn kind(&self) -> &'static str {
        "on_behalf_of"
    }

    fn add_to(&self, form: &mut Form) {
        form.add("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
        form.add_secret("assertion", &self.0);
        form.add("requested_token_use", "on_behalf_of");
    }

    fn reserved_scopes(&self) -> &'static [&'static str] {
        &["openid", "offline_access", "profile"]
    }

    fn secret(&self) -> Option<&Secret> {
        Some(&self.0)
    }

    fn user_assertion(&self) -> Option<&Secret> {
        Some(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(text: &str) -> Result<OnBehalfOf> {
        OnBehalfOf::new(&Secret::copy_of(text.as_bytes()))
    }

    #[test]
    fn what_surrounds_a_token_is_taken_off() {
        for text in ["e30.e30.x", "Bearer e30.e30.x", "\"e30.e30.x\"\r\n"] {
            let grant = made(text).unwrap();
            assert_eq!(grant.secret().unwrap().expose(), b"e30.e30.x", "{text:?}");
        }
        assert!(made("an-opaque_token~of+some/server==").is_ok());
    }

    #[test]
    fn what_cannot_be_a_token_is_refused_without_showing_it() {
        for text in [
            "e30.e30.x\r\nHost: evil",
            "marked token",
            "marked\u{e9}",
            "marked\0token",
        ] {
            let error = made(text).unwrap_err();
            assert_eq!(error.status(), Status::InvalidArgument, "{text:?}");
            assert!(!error.to_string().contains("marked"), "{error}");
        }
        assert_eq!(
            made(&"x".repeat(LONGEST + 1)).unwrap_err().status(),
            Status::InvalidArgument
        );
        for text in ["", " \n", "\"\"", "Bearer", "Bearer \n"] {
            assert_eq!(made(text).unwrap_err().status(), Status::CredentialMissing, "{text:?}");
        }
    }
}

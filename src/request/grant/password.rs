//! The resource owner password credentials grant (RFC 6749 section 4.3; "Microsoft identity platform and OAuth 2.0
//! Resource Owner Password Credentials"). Discouraged: the application sees the password, and the grant does not work
//! with multi-factor authentication.

use std::fmt;

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{USER_PASSWORD, USERNAME};
use crate::base::pasted::unwrapped;
use crate::base::secret::Secret;
use crate::http::form::Form;
use crate::request::grant::Grant;

/// A user's name and password.
#[derive(Clone)]
pub struct Password {
    username: String,
    password: Secret,
}

impl Password {
    /// The user with the sign-in name `username` (the user principal name) and `password`. Neither may be empty. The
    /// name is also sent in a header, so it may not contain control characters. White space and quotation marks around
    /// the name are not part of it.
    pub fn new(username: &str, password: Secret) -> Result<Self> {
        let username = unwrapped(username);
        if username.is_empty() || username.chars().any(char::is_control) {
            return Err(Error::new(
                Status::InvalidArgument,
                "The user name is empty or contains control characters.",
                format!("Check {USERNAME}. Use the user's sign-in name, such as alice@contoso.onmicrosoft.com."),
            ));
        }
        if password.is_empty() {
            return Err(Error::new(
                Status::CredentialMissing,
                "The user's password is empty.",
                format!("Check {USER_PASSWORD}. An unset variable is a common cause."),
            ));
        }
        Ok(Self {
            username: username.to_owned(),
            password,
        })
    }
}

impl Grant for Password {
    fn kind(&self) -> &'static str {
        "password"
    }

    fn add_to(&self, form: &mut Form) {
        form.add("grant_type", "password");
        form.add("username", &self.username);
        form.add_secret("password", &self.password);
    }

    fn reserved_scopes(&self) -> &'static [&'static str] {
        &["openid", "offline_access", "profile"]
    }

    fn secret(&self) -> Option<&Secret> {
        Some(&self.password)
    }

    fn is_for_work_accounts(&self) -> bool {
        true
    }

    /// The user principal name.
    fn username(&self) -> Option<&str> {
        Some(&self.username)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Password")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

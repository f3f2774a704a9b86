//! The grant that the arguments select, with the user's password, refresh token or assertion.

use std::sync::Arc;

use graphtoken::{Account, ClientCredentials, Error, Grant, OnBehalfOf, Password, RefreshToken, Result, Status};

use crate::arguments::UserArguments;
use crate::secret_input;
use crate::terminal::ask_secret;
use crate::warnings::Warnings;

/// The grant that the arguments select. A password that no file provides is asked for at the terminal.
pub fn load(user: &UserArguments, warnings: &mut Warnings) -> Result<Arc<dyn Grant>> {
    if let Some(username) = &user.username {
        warnings.add(
            "The password grant exposes the user's password to this program and fails if multi-factor authentication \
             is required; Microsoft advises against it.",
        );
        let password = match &user.password_file {
            Some(file) => secret_input::read(file, "--password-file")?,
            None => ask_secret(&format!("Password of {username}: ")).ok_or_else(no_terminal)?,
        };
        Ok(Arc::new(Password::new(username, password)?))
    } else if let Some(file) = &user.refresh_token_file {
        let token = secret_input::read(file, "--refresh-token-file")?;
        Ok(Arc::new(RefreshToken::new(token)?))
    } else if let Some(file) = &user.user_assertion_file {
        let assertion = secret_input::read(file, "--user-assertion-file")?;
        Ok(Arc::new(OnBehalfOf::new(&assertion)?))
    } else if let Some(account) = &user.account {
        Ok(Arc::new(Account::new(account)?))
    } else {
        Ok(Arc::new(ClientCredentials))
    }
}

fn no_terminal() -> Error {
    Error::new(
        Status::CredentialMissing,
        "No password was given for the user, and there is no terminal to prompt for it.",
        "Pass the password with --password-file FILE, or with --password-file - for standard input.",
    )
}

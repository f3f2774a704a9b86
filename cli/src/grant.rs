//! The grant that the arguments select, with the user's password or refresh token.

use graphtoken::error::{Error, Result, Status};
use graphtoken::grant::{ClientCredentials, Grant, Password, RefreshToken};

use crate::arguments::UserArguments;
use crate::secret_input;
use crate::terminal::ask_secret;
use crate::warnings::Warnings;

/// The grant that the arguments select. A password that no file provides is asked for at the terminal.
pub fn load(user: &UserArguments, warnings: &mut Warnings) -> Result<Grant> {
    if let Some(username) = &user.username {
        warnings.add(
            "The password grant exposes the user's password to this program and fails if multi-factor authentication is \
             required; Microsoft advises against it.",
        );
        let password = match &user.password_file {
            Some(file) => secret_input::read(file, "--password-file")?,
            None => ask_secret(&format!("Password of {username}: ")).ok_or_else(no_terminal)?,
        };
        Password::new(username, password).map(Grant::Password)
    } else if let Some(file) = &user.refresh_token_file {
        RefreshToken::new(secret_input::read(file, "--refresh-token-file")?).map(Grant::RefreshToken)
    } else {
        Ok(Grant::ClientCredentials(ClientCredentials))
    }
}

fn no_terminal() -> Error {
    Error::new(
        Status::CredentialMissing,
        "No password was given for the user, and there is no terminal to prompt for it.",
        "Pass the password with --password-file FILE, or with --password-file - for standard input.",
    )
}

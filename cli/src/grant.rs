//! The grant: whom the token is for, and the user's password or refresh token from the files that the arguments name.

use graphtoken::error::{Error, Result, Status};
use graphtoken::grant::{ClientCredentials, Grant, Password, RefreshToken};

use crate::arguments::UserArguments;
use crate::secret_input;
use crate::terminal::ask_secret;
use crate::warnings::Warnings;

/// The grant that the arguments name. Where they name a user without a password, the person at the terminal is asked.
pub fn load(user: &UserArguments, warnings: &mut Warnings) -> Result<Grant> {
    if let Some(username) = &user.username {
        warnings.add(
            "The password grant shows the user's password to this program and fails where multi-factor authentication \
             is required; Microsoft advises against it.",
        );
        let password = match &user.password_file {
            Some(file) => secret_input::read(file, "--password-file")?,
            None => ask_secret(&format!("Password of {username}: ")).ok_or_else(nobody_to_ask)?,
        };
        Password::new(username, password).map(Grant::Password)
    } else if let Some(file) = &user.refresh_token_file {
        RefreshToken::new(secret_input::read(file, "--refresh-token-file")?).map(Grant::RefreshToken)
    } else {
        Ok(Grant::ClientCredentials(ClientCredentials))
    }
}

fn nobody_to_ask() -> Error {
    Error::new(
        Status::CredentialMissing,
        "No password is given for the user, and there is no terminal to ask for it.",
        "Give it with --password-file FILE, where - stands for standard input.",
    )
}

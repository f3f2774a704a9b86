//! Users who signed in earlier need not act.

use std::sync::Arc;

use crate::base::cancel::Cancel;
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::ACCOUNT;
use crate::base::quote::quote;
use crate::client::Client;
use crate::request::Request;
use crate::request::grant::Account;
use crate::request::scope::Scopes;
use crate::request::settings::RequestSettings;
use crate::store::file::TokenSelection;
use crate::token::AcquiredToken;

/// A token for a user who signed in earlier, without the user; `None` if a user has to act.
///
/// `account` names the user; empty, it stands for the only one who signed in to the application and tenant. Nobody is
/// looked for if the settings force a refresh: the caller wants the user.
///
/// # Errors
/// `InvalidArgument` if several accounts have the name, and every failure that the user cannot mend.
pub fn acquire_silently(
    client: &Client,
    account: &str,
    scopes: &Scopes,
    settings: &RequestSettings,
    cancel: Option<&Cancel>,
) -> Result<Option<AcquiredToken>> {
    if settings.force_refresh {
        return Ok(None);
    }
    let grant = Arc::new(Account::new(account)?);
    let request = Request::new(grant, scopes.clone(), settings.clone());
    match client.acquire(&request, cancel) {
        Ok(token) => Ok(Some(token)),
        Err(error) if error.status() == Status::InteractionRequired => {
            log::info!("the user has to sign in: {error}");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Refuses the token of a user whom `account` does not name, after somebody has signed in. An empty name is for everybody.
///
/// # Errors
/// `UserCredentialRejected`.
pub fn refuse_other_user(token: &AcquiredToken, account: &str) -> Result<()> {
    if TokenSelection::new("", "", account).covers(token) {
        return Ok(());
    }
    Err(Error::new(
        Status::UserCredentialRejected,
        format!(
            "Another user has signed in than {ACCOUNT} names: {}.",
            quote(token.username(), &[])
        ),
        format!("Sign in as the user that {ACCOUNT} names, or leave it out."),
    ))
}

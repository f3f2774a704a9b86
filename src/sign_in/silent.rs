//! Users who signed in earlier need not act.

use std::sync::Arc;

use crate::base::cancel::Cancel;
use crate::base::error::{Result, Status};
use crate::client::Client;
use crate::request::Request;
use crate::request::grant::Account;
use crate::request::scope::Scopes;
use crate::request::settings::RequestSettings;
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

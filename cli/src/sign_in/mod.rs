//! Ways in which the user signs in during the call.

pub mod browser;
pub mod device_code;
mod qr_code;

use graphtoken::{AcquiredToken, Client, Request, RequestSettings, Result, Scopes, acquire_silently};

use crate::arguments::UserArguments;

/// A token for a user who signed in earlier, or else for the one who signs in now: `ask` shows what the user has to do,
/// and makes the request that waits for it.
pub fn acquire(
    client: &Client,
    user: &UserArguments,
    scopes: &Scopes,
    settings: &RequestSettings,
    ask: impl FnOnce() -> Result<Request>,
) -> Result<AcquiredToken> {
    let account = user.account.as_deref().unwrap_or_default();
    // Whoever says what the user is shown wants the user.
    let silent = match user.prompt {
        Some(_) => None,
        None => acquire_silently(client, account, scopes, settings, None)?,
    };
    match silent {
        Some(token) => Ok(token),
        None => client.acquire(&ask()?, None),
    }
}

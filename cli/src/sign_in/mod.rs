//! Ways in which the user signs in during the call.

pub mod device_code;
mod qr_code;

use graphtoken::{
    AcquiredToken, Client, Request, RequestSettings, Result, Scopes, acquire_silently, refuse_other_user,
};

use crate::arguments::UserArguments;

/// A token for a user who signed in earlier, or else for the one who signs in now: `ask` shows what the user has to do,
/// and makes the request that waits for it.
pub fn acquire(
    client: &Client,
    user: &UserArguments,
    scopes: &Scopes,
    settings: &RequestSettings,
    ask: impl FnOnce(&Client, &Scopes, &RequestSettings) -> Result<Request>,
) -> Result<AcquiredToken> {
    let account = user.account.as_deref().unwrap_or_default();
    if let Some(token) = acquire_silently(client, account, scopes, settings, None)? {
        return Ok(token);
    }
    let token = client.acquire(&ask(client, scopes, settings)?, None)?;
    refuse_other_user(&token, account).map(|()| token)
}

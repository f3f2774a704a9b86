//! Ways in which the user signs in during the call.

pub mod browser;
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
    ask: impl FnOnce() -> Result<Request>,
) -> Result<AcquiredToken> {
    let account = user.account.as_deref().unwrap_or_default();
    // Whoever says what the user is shown wants the user.
    if user.prompt.is_none() {
        let expected = user.account.as_deref().or(user.login_hint.as_deref());
        if let Some(token) = acquire_silently(client, expected.unwrap_or_default(), scopes, settings, None)? {
            return Ok(token);
        }
    }
    let token = client.acquire(&ask()?, None)?;
    refuse_other_user(&token, account).map(|()| token)
}

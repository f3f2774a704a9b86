//! The sign-in name of the user whom a token is for.

use base64::Engine as _;
use serde_json::Value;

use crate::base::invisible::without_invisible;
use crate::base::secret::Secret;
use crate::token::jwt::BASE64URL;

/// The sign-in name in an id token ("ID token claims reference: `preferred_username`"), for display only.
pub(super) fn username_in(id_token: &Secret) -> Option<String> {
    let claims = id_token.expose_text()?.split('.').nth(1)?;
    let claims: Value = serde_json::from_slice(&BASE64URL.decode(claims).ok()?).ok()?;
    ["preferred_username", "upn"]
        .iter()
        .find_map(|name| claims.get(name)?.as_str().map(without_invisible))
}

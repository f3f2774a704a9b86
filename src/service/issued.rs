//! What an issued token says of itself, for display.

use base64::Engine as _;
use serde_json::Value;

use crate::base::invisible::without_invisible;
use crate::base::secret::Secret;
use crate::token::jwt::BASE64URL;

/// `text` with its words separated by single spaces.
pub fn words(text: &str) -> String {
    let words = text.split_ascii_whitespace().map(without_invisible);
    words.collect::<Vec<_>>().join(" ")
}

/// The sign-in name in an id token ("ID token claims reference: `preferred_username`"), for display only.
pub fn username_of(id_token: &Secret) -> Option<String> {
    let claims = id_token.expose_text()?.split('.').nth(1)?;
    let claims: Value = serde_json::from_slice(&BASE64URL.decode(claims).ok()?).ok()?;
    ["preferred_username", "upn"]
        .iter()
        .find_map(|name| claims.get(name)?.as_str().map(without_invisible))
}

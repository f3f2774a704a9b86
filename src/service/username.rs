//! The sign-in name of the user whom a token is for.

use crate::base::invisible::without_invisible;
use crate::base::secret::Secret;
use crate::token::jwt::claims_of;

/// The sign-in name in an id token ("ID token claims reference: `preferred_username`"), for display only. User flows of
/// Azure AD B2C tell the addresses of the user alone (`emails`).
pub(super) fn username_in(id_token: &Secret) -> Option<String> {
    let claims = claims_of(id_token)?;
    let named = ["preferred_username", "upn", "email"]
        .iter()
        .find_map(|name| claims.get(name)?.as_str());
    let named = named.or_else(|| claims.get("emails")?.get(0)?.as_str());
    named.map(without_invisible)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;
    use crate::token::jwt::BASE64URL;

    #[test]
    fn a_name_is_the_best_that_the_token_has() {
        for (claims, expected) in [
            (r#"{"upn":"u","preferred_username":"p","email":"e"}"#, Some("p")),
            (r#"{"upn":"u","email":"e"}"#, Some("u")),
            (r#"{"emails":["m","n"],"email":"e"}"#, Some("e")),
            (r#"{"emails":["m","n"]}"#, Some("m")),
            (r#"{"emails":[]}"#, None),
            ("{}", None),
        ] {
            let token = Secret::new(format!("h.{}.s", BASE64URL.encode(claims)).into_bytes());
            assert_eq!(username_in(&token).as_deref(), expected, "{claims}");
        }
    }
}

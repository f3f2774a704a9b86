//! A user assertion that the service refused, compared with what it expects.

use std::time::SystemTime;

use crate::base::clock::unix_seconds;
use crate::base::parameter::USER_ASSERTION;
use crate::base::secret::Secret;
use crate::token::claims::{UnverifiedClaims, utc};

/// What to do after a refusal: what kind of token `assertion` is, its audience and its end, beside what the service
/// expects of the application `client_id` ("Microsoft identity platform and OAuth 2.0 On-Behalf-Of flow"). `now` is the
/// service's time.
pub fn compared(assertion: &Secret, client_id: &str, now: SystemTime) -> String {
    let Ok(claims) = UnverifiedClaims::read(assertion) else {
        return format!(
            "Set {USER_ASSERTION} to an access token that was issued for this application: the one that was sent is \
             not a JWT."
        );
    };
    let now = unix_seconds(now);
    let end = claims.time("exp");
    let first = if end.is_some_and(|end| end <= now) {
        format!("Have the caller send a new access token for {USER_ASSERTION}: this one has expired.")
    } else if claims.text("idtyp") == Some("app") {
        format!("Set {USER_ASSERTION} to a user's access token: this one is for an application.")
    } else if claims.text("scp").is_none() {
        format!("Set {USER_ASSERTION} to an access token: this one has no scopes, as an id token has none.")
    } else {
        format!("Set {USER_ASSERTION} to an access token that was issued for this application.")
    };
    format!(
        "{first} It has audience {} and ends at {}, and now it is {}. Expected is the audience {client_id} or the \
         application ID URI of this application.",
        claims.shown("aud"),
        end.map_or_else(|| "no time".to_owned(), utc),
        utc(now)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::from_unix_seconds;
    use crate::token::jwt::BASE64URL;
    use base64::Engine as _;
    use serde_json::{Value, json};

    /// 2026-11-23T10:00:00Z.
    const TEN: i64 = 1_795_428_000;
    const APP: &str = "11111111-2222-3333-4444-555555555555";

    fn hint(claims: &Value) -> String {
        let signature = "signature".repeat(10);
        let text = format!("e30.{}.{signature}", BASE64URL.encode(claims.to_string()));
        let hint = compared(&Secret::copy_of(text.as_bytes()), APP, from_unix_seconds(TEN));
        assert!(!hint.contains(&signature) && !hint.contains(&text), "{hint}");
        hint
    }

    #[test]
    fn the_token_is_compared_with_the_application() {
        let hint = hint(&json!({"aud": "https://graph.microsoft.com", "scp": "User.Read", "exp": TEN + 60}));
        assert!(
            hint.contains(
                "It has audience https://graph.microsoft.com and ends at 2026-11-23T10:01:00Z, and now it is \
                 2026-11-23T10:00:00Z."
            ) && hint.contains(APP),
            "{hint}"
        );
    }

    #[test]
    fn the_first_step_names_what_is_wrong_with_the_token() {
        for (claims, first) in [
            (json!({"aud": APP, "scp": "a", "exp": TEN}), "this one has expired"),
            (
                json!({"aud": APP, "idtyp": "app", "exp": TEN + 60}),
                "this one is for an application",
            ),
            (json!({"aud": APP, "exp": TEN + 60}), "as an id token has none"),
            (
                json!({"aud": "api://other", "scp": "a"}),
                "issued for this application. It has audience api://other",
            ),
        ] {
            assert!(hint(&claims).contains(first), "{claims}");
        }
        let opaque = compared(&Secret::copy_of(b"opaque"), APP, from_unix_seconds(TEN));
        assert!(opaque.ends_with("is not a JWT."), "{opaque}");
    }
}

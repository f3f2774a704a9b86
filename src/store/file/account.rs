//! The account of a user.

use base64::Engine as _;
use serde_json::Value;

#[cfg(feature = "flows")]
use crate::authority::Authority;
use crate::base::invisible::without_invisible;
use crate::token::UserTokens;
use crate::token::jwt::{BASE64URL, claims_of};

/// A user's account, identified as in MSAL's caches.
pub(super) struct Account {
    /// Identifies the user in the home tenant: `uid.utid` of `client_info`, or else any value that tells users apart.
    pub(super) home_account_id: String,
    /// Identifies the user in this tenant.
    pub(super) local_account_id: String,
    pub(super) username: String,
    /// For display; empty if it is unknown.
    pub(super) name: String,
}

impl Account {
    /// The account in a token response. `fallback` is its id if the response has none.
    pub(super) fn of(user: &UserTokens, fallback: &str) -> Self {
        let client_info = user.client_info.as_deref().and_then(json_in).unwrap_or_default();
        let claims = user.id_token.as_ref().and_then(claims_of).unwrap_or_default();
        let home = match (member(&client_info, "uid"), member(&client_info, "utid")) {
            (Some(user), Some(tenant)) => Some(format!("{user}.{tenant}")),
            _ => None,
        };
        let subject = member(&claims, "sub");
        let local = member(&claims, "oid").or_else(|| subject.clone());
        let username = Some(user.username.to_lowercase()).filter(|name| !name.is_empty());
        // AD FS sends no client_info, and MSAL takes the subject of the id token in its place.
        let home_account_id = home.or(subject).or(username).unwrap_or_else(|| fallback.to_owned());
        Self {
            local_account_id: local.unwrap_or_else(|| home_account_id.clone()),
            home_account_id,
            username: user.username.clone(),
            name: member(&claims, "name")
                .map(|name| without_invisible(&name))
                .unwrap_or_default(),
        }
    }
}

/// Whether what was issued belongs to the user with this home account id, as far as the response tells: it names the
/// same `uid`, or at a service that names none, its id token the same `sub` (OpenID Connect Core 1.0 section 12.2).
#[cfg(feature = "flows")]
pub fn belongs_to(user: &UserTokens, home_account_id: &str, authority: &Authority) -> bool {
    if !authority.has_client_info() {
        let claims = user.id_token.as_ref().and_then(claims_of).unwrap_or_default();
        return member(&claims, "sub").is_none_or(|issued| issued == home_account_id);
    }
    let client_info = user.client_info.as_deref().and_then(json_in).unwrap_or_default();
    let (known, _) = home_account_id.rsplit_once('.').unwrap_or((home_account_id, ""));
    member(&client_info, "uid").is_none_or(|issued| issued.eq_ignore_ascii_case(known))
}

fn json_in(encoded: &str) -> Option<Value> {
    let json = BASE64URL.decode(encoded.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&json).ok()
}

fn member(object: &Value, name: &str) -> Option<String> {
    let text = object.get(name)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::secret::Secret;

    #[cfg(feature = "flows")]
    #[test]
    fn a_user_is_told_by_client_info_or_by_the_id_token() {
        let [entra, adfs] =
            ["contoso.com", "https://fs.contoso.com/adfs"].map(|text| Authority::new(text, None, None).unwrap());
        let client_info = BASE64URL.encode(r#"{"uid":"u","utid":"t"}"#);
        let user = |client_info: Option<&str>, claims: &str| UserTokens {
            client_info: client_info.map(str::to_owned),
            id_token: Some(Secret::new(format!("h.{}.s", BASE64URL.encode(claims)).into_bytes())),
            ..UserTokens::default()
        };
        let of_entra = user(Some(&client_info), r#"{"sub":"pairwise"}"#);
        assert!(belongs_to(&of_entra, "u.t", &entra) && !belongs_to(&of_entra, "v.t", &entra));
        let of_adfs = user(None, r#"{"sub":"s"}"#);
        assert!(belongs_to(&of_adfs, "s", &adfs) && !belongs_to(&of_adfs, "other", &adfs));
        assert!(belongs_to(&user(None, "{}"), "s", &adfs), "it tells nobody");
    }

    #[test]
    fn the_home_account_id_is_the_best_that_the_response_allows() {
        let client_info = BASE64URL.encode(r#"{"uid":"u","utid":"t"}"#);
        let id_token = format!("h.{}.s", BASE64URL.encode(r#"{"oid":"o","sub":"s"}"#));
        for (client_info, id_token, username, home, local) in [
            (Some(client_info.as_str()), Some(id_token.as_str()), "A@b", "u.t", "o"),
            (Some(client_info.as_str()), None, "A@b", "u.t", "u.t"),
            (Some("!"), Some(id_token.as_str()), "A@b", "s", "o"),
            (None, Some("opaque"), "A@b", "a@b", "a@b"),
            (None, None, "", "fallback", "fallback"),
        ] {
            let user = UserTokens {
                client_info: client_info.map(str::to_owned),
                id_token: id_token.map(|text| Secret::copy_of(text.as_bytes())),
                username: username.to_owned(),
                refresh_token: None,
                family: None,
            };
            let account = Account::of(&user, "fallback");
            assert_eq!(
                (account.home_account_id.as_str(), account.local_account_id.as_str()),
                (home, local)
            );
            assert_eq!(account.username, username);
        }
    }
}

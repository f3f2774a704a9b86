//! Removes some of the tokens in a cache, with what belongs to them: signing out, without telling the service.

use serde_json::{Map, Value};

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::ACCOUNT;
use crate::base::quote::quote_account_id;
use crate::base::short_list;
#[cfg(feature = "flows")]
use crate::store::accounts::CachedAccount;
use crate::store::file::contents::{
    ACCESS_TOKEN, ACCOUNT as ACCOUNTS, APP_METADATA, Contents, ID_TOKEN, REFRESH_TOKEN,
};
use crate::store::file::document::{Document, NODE, retain, text};
use crate::store::file::proof::ProofKey;
use crate::store::file::refresh_tokens;
use crate::store::file::selection::{TokenSelection, is_account};
use crate::store::file::signed_out;
use crate::store::file::target::is_same_environment;

/// Removes what `selection` covers, and returns how many access tokens that were.
///
/// Of an account its access tokens of any application and tenant, its id tokens, its refresh tokens and its entry are
/// removed. A refresh token is for every tenant: with a tenant it is removed if nothing of its user and application is
/// left in another one.
///
/// # Errors
/// `InvalidArgument` if several accounts have the name; then nothing is removed.
pub(super) fn remove(contents: &mut Contents, selection: &TokenSelection) -> Result<usize> {
    let document = &mut contents.document;
    let account = match &selection.account {
        None => None,
        Some(name) => match home_of(document, name)? {
            None => return Ok(0),
            home => home,
        },
    };
    if let (Some(home), None, None) = (&account, &selection.tenant, &selection.client_id) {
        forget_kept_tokens(document, home);
    }
    Ok(remove_covered(document, selection, |entry| {
        let home = text(entry, "home_account_id");
        account
            .as_ref()
            .is_none_or(|account| account.eq_ignore_ascii_case(home))
    }))
}

/// Removes everything of an account at the service whose name in caches is its environment.
#[cfg(feature = "flows")]
pub(super) fn sign_out(contents: &mut Contents, account: &CachedAccount) {
    forget_kept_tokens(&mut contents.document, &account.home_account_id);
    remove_covered(&mut contents.document, &TokenSelection::default(), |entry| {
        text(entry, "home_account_id").eq_ignore_ascii_case(&account.home_account_id)
            && is_same_environment(text(entry, "environment"), &account.environment)
    });
}

/// Forgets the families of an account's refresh tokens, and remembers that whoever has kept one of its refresh tokens does
/// not sign the user in again.
fn forget_kept_tokens(document: &mut Document, home: &str) {
    let mut proofs = refresh_tokens::members_of_owner(document, home);
    if let Some(key) = ProofKey::of(document) {
        let entries = document.entries(REFRESH_TOKEN).map(|(_, entry)| entry);
        let own = entries.filter(|entry| text(entry, "home_account_id").eq_ignore_ascii_case(home));
        proofs.extend(own.map(|entry| key.of_entry(entry)));
    }
    signed_out::remember(document, proofs);
    refresh_tokens::forget_owner(document, home);
}

/// Removes what `selection` and `covers` cover, and returns how many access tokens that were.
fn remove_covered(
    document: &mut Document,
    selection: &TokenSelection,
    covers: impl Fn(&Map<String, Value>) -> bool,
) -> usize {
    let before = document.entries(ACCESS_TOKEN).count();
    let mut lost = Vec::new();
    let mut is_kept = |entry: &Map<String, Value>| {
        let is_covered = selection.covers_client(text(entry, "realm"), text(entry, "client_id")) && covers(entry);
        if is_covered {
            lost.push(Owner::of(entry));
        }
        !is_covered
    };
    retain(document.node_mut(ACCESS_TOKEN), &mut is_kept);
    retain(document.node_mut(ID_TOKEN), &mut is_kept);
    let removed = before - document.entries(ACCESS_TOKEN).count();

    let left: Vec<Owner> = [ACCESS_TOKEN, ID_TOKEN]
        .into_iter()
        .flat_map(|node| owners(document, node))
        .collect();
    let any_client = TokenSelection {
        tenant: None,
        ..selection.clone()
    };
    let mut refused = Vec::new();
    retain(document.node_mut(REFRESH_TOKEN), |entry| {
        let owner = Owner::of(entry);
        let is_last = || {
            lost.iter().any(|lost| lost.has_client_of(&owner)) && !left.iter().any(|left| left.has_client_of(&owner))
        };
        let is_covered = any_client.covers_client("", &owner.client_id) && covers(entry);
        let is_removed = is_covered && (selection.tenant.is_none() || is_last());
        if is_removed {
            refused.push(text(entry, "secret").to_owned());
        }
        !is_removed
    });
    refresh_tokens::forget_newest(document, &refused);
    refused.iter_mut().for_each(zeroize::Zeroize::zeroize);

    let with_refresh_token: Vec<Owner> = owners(document, REFRESH_TOKEN).collect();
    let any_tenant = TokenSelection {
        client_id: None,
        ..selection.clone()
    };
    retain(document.node_mut(ACCOUNTS), |entry| {
        let owner = Owner::of(entry);
        let is_last = || {
            lost.iter().any(|lost| lost.has_user_of(&owner))
                && !left
                    .iter()
                    .any(|left| left.has_user_of(&owner) && left.realm.eq_ignore_ascii_case(&owner.realm))
                && !with_refresh_token.iter().any(|kept| kept.has_user_of(&owner))
        };
        let is_covered = any_tenant.covers_client(&owner.realm, "") && covers(entry);
        !(is_covered && (selection.client_id.is_none() || is_last()))
    });
    removed
}

/// Whether no tokens and no accounts are left, nor anything of other programs.
pub(super) fn is_empty(contents: &Contents) -> bool {
    contents.document.is_empty_besides(&[NODE, APP_METADATA])
}

/// The home account id of the one account with this name; `None` if there is none.
fn home_of(document: &Document, name: &str) -> Result<Option<String>> {
    let accounts: Vec<_> = document.entries(ACCOUNTS).map(|(_, entry)| entry).collect();
    let mut homes: Vec<&str> = accounts
        .iter()
        .filter(|entry| is_account(name, entry))
        .map(|entry| text(entry, "home_account_id"))
        .filter(|home| !home.is_empty())
        .collect();
    short_list::sort(&mut homes, |one, other| {
        one.to_ascii_lowercase() < other.to_ascii_lowercase()
    });
    homes.dedup_by(|one, other| one.eq_ignore_ascii_case(other));
    match homes.as_slice() {
        [] => Ok(None),
        [home] => Ok(Some((*home).to_owned())),
        homes => {
            let shown: Vec<String> = homes.iter().map(|home| quote_account_id(home)).collect();
            Err(Error::new(
                Status::InvalidArgument,
                format!("Several accounts have the name in {ACCOUNT}: {}.", shown.join(", ")),
                format!("Use the id of one of them for {ACCOUNT}."),
            ))
        }
    }
}

fn owners<'a>(document: &'a Document, node: &str) -> impl Iterator<Item = Owner> + use<'a> {
    let entries: Vec<_> = document.entries(node).map(|(_, entry)| Owner::of(entry)).collect();
    entries.into_iter()
}

/// Whom an entry belongs to.
struct Owner {
    environment: String,
    home_account_id: String,
    client_id: String,
    realm: String,
}

impl Owner {
    fn of(entry: &Map<String, Value>) -> Self {
        let text = |name: &str| text(entry, name).to_owned();
        Self {
            environment: text("environment"),
            home_account_id: text("home_account_id"),
            client_id: text("client_id"),
            realm: text("realm"),
        }
    }

    fn has_user_of(&self, other: &Self) -> bool {
        self.home_account_id.eq_ignore_ascii_case(&other.home_account_id)
            && is_same_environment(&self.environment, &other.environment)
    }

    fn has_client_of(&self, other: &Self) -> bool {
        self.has_user_of(other) && self.client_id.eq_ignore_ascii_case(&other.client_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn contents() -> Contents {
        let token = |kind: &str, home: Value, client: &str, realm: &str, environment: &str| {
            json!({"credential_type": kind, "home_account_id": home, "client_id": client, "realm": realm,
                "environment": environment, "secret": format!("{kind} {client} {realm}")})
        };
        let (alice, bob) = (json!("alice.home"), json!("bob.home"));
        let account = |home: &Value, realm: &str, name: &str| {
            json!({"home_account_id": home, "realm": realm, "environment": "login.windows.net", "username": name,
                "local_account_id": format!("{name} in {realm}")})
        };
        let public = "login.windows.net";
        let document = json!({
            "AccessToken": {
                "1": token("AccessToken", alice.clone(), "one", "t1", public),
                "2": token("AccessToken", alice.clone(), "one", "t2", "login.microsoftonline.com"),
                "3": token("AccessToken", alice.clone(), "two", "t1", public),
                "4": token("AccessToken", bob.clone(), "one", "t1", public),
                "5": token("AccessToken", Value::Null, "one", "t1", "login.microsoftonline.com"),
            },
            "IdToken": {"1": token("IdToken", alice.clone(), "one", "t1", public)},
            "RefreshToken": {
                "1": token("RefreshToken", alice.clone(), "one", "", public),
                "2": token("RefreshToken", alice.clone(), "two", "", "login.microsoftonline.com"),
                "4": token("RefreshToken", bob.clone(), "one", "", public),
            },
            "Account": {
                "1": account(&alice, "t1", "Alice"), "2": account(&alice, "t2", "Alice"), "4": account(&bob, "t1", "bob"),
            },
            "GraphToken": {"refresh_tokens": {
                "f1": {"newest": "RefreshToken one ", "members": ["p"]}, "f9": {"newest": "other", "members": ["q"]},
            }},
            "AppMetadata": {"1": {"client_id": "one"}},
        });
        Contents::parse(document.to_string().as_bytes()).unwrap()
    }

    /// What is left, as node and key.
    fn left(contents: &Contents) -> String {
        let nodes = [ACCESS_TOKEN, ID_TOKEN, REFRESH_TOKEN, ACCOUNTS];
        let of_node = |node: &str| {
            let keys: Vec<_> = contents.document.entries(node).map(|(key, _)| key.to_owned()).collect();
            keys.join("")
        };
        nodes.map(of_node).join(" ")
    }

    #[test]
    fn what_belongs_to_the_removed_tokens_goes_with_them() {
        for (tenant, client, account, count, expected) in [
            ("", "", "ALICE", 3, "45  4 4"),
            ("", "", "alice.home", 3, "45  4 4"),
            ("", "", "bob in t1", 1, "1235 1 12 12"),
            ("", "", "nobody", 0, "12345 1 124 124"),
            ("T2", "", "", 1, "1345 1 124 14"),
            ("t1", "", "", 4, "2  1 2"),
            ("", "TWO", "", 1, "1245 1 14 124"),
            ("", "one", "", 4, "3  2 12"),
            ("t1", "one", "alice", 1, "2345  124 124"),
            ("t9", "", "", 0, "12345 1 124 124"),
        ] {
            let mut contents = contents();
            let selection = TokenSelection::new(tenant, client, account);
            assert_eq!(remove(&mut contents, &selection).unwrap(), count, "{selection:?}");
            assert_eq!(left(&contents), expected, "{selection:?}");
            assert!(!is_empty(&contents));
        }
        let mut contents = contents();
        assert_eq!(remove(&mut contents, &TokenSelection::default()).unwrap(), 5);
        assert!(is_empty(&contents));
    }

    #[test]
    fn the_families_of_removed_refresh_tokens_are_forgotten_and_no_others() {
        let mut contents = contents();
        remove(&mut contents, &TokenSelection::new("", "one", "alice")).unwrap();
        let families = contents.document.member("GraphToken", "refresh_tokens").unwrap();
        assert!(
            families.get("f1").is_none() && families.get("f9").is_some(),
            "{families}"
        );
    }
}

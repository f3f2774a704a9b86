//! The entries of a token in a cache: of the token itself, of its user, and of its application.

use serde_json::Map;

use crate::base::clock::unix_seconds;
use crate::base::error::Result;
use crate::store::file::account::Account;
use crate::store::file::claim::Claim;
use crate::store::file::contents::{ACCESS_TOKEN, ACCOUNT, APP_METADATA, Contents, ID_TOKEN, REFRESH_TOKEN};
use crate::store::file::document::{
    ACCOUNT_PROOF, ASKED, CAPABILITIES, FAMILY, PROOF, USER_ASSERTION_HASH, object_in, set,
};
use crate::store::file::proof::ProofKey;
use crate::store::file::target::{Target, msal_target};
use crate::token::{Token, UNKNOWN_END, UserTokens};

impl Contents {
    /// Adds the entries of a token, of its account, and of its application.
    pub(super) fn put_tokens(
        &mut self,
        target: &Target<'_>,
        token: &Token,
        account: Option<&Account>,
        proof: Option<String>,
        now: i64,
    ) -> Result<()> {
        let key = ProofKey::of_mut(&mut self.document)?;
        let named = account.filter(|_| target.user_assertion_hash.is_none());
        let of_account = named.map(|account| key.of_account(target, &account.home_account_id));
        if let Some(account) = named.filter(|_| target.wanted.refuses_older) {
            let claim = Claim::SignedIn {
                home: &account.home_account_id,
                proof: of_account.clone(),
            };
            let keys = self.keys_for(target, &claim);
            self.remove_all(&keys);
        }
        // Without its end nobody could tell when to stop using it.
        if token.expires_on != UNKNOWN_END {
            self.put_access_token(target, token, account, [proof, of_account], now);
        }
        let mut family = None;
        if let (Some(account), Some(user)) = (account, &token.user) {
            self.put_user(target, account, user, now);
            // The service names the family with each refresh token.
            let is_told = user.refresh_token.is_some();
            family = is_told.then(|| user.family.as_deref().unwrap_or_default());
        }
        self.put_app_metadata(target, family);
        Ok(())
    }

    /// Adds the entry of the application, with the family of applications that it belongs to: none if it is empty, and
    /// not known if it is `None`.
    pub(super) fn put_app_metadata(&mut self, target: &Target<'_>, family: Option<&str>) {
        let client_id = target.wanted.client_id;
        let key = joined(&["appmetadata", target.environment(), client_id]);
        let metadata = object_in(self.document.node_mut(APP_METADATA), &key);
        set(metadata, "client_id", client_id);
        set(metadata, "environment", target.environment());
        if let Some(family) = family {
            set(metadata, FAMILY, family);
        }
    }

    fn put_access_token(
        &mut self,
        target: &Target<'_>,
        token: &Token,
        account: Option<&Account>,
        [proof, account_proof]: [Option<String>; 2],
        now: i64,
    ) {
        let (client_id, realm) = (target.wanted.client_id, target.wanted.authority.realm());
        let home = account.map(|account| account.home_account_id.as_str());
        let environment = match account {
            Some(_) => target.environment(),
            None => target.application_environment(),
        };
        let scopes = msal_target(&token.scopes);
        let time = |time| (unix_seconds(time) - target.wanted.clock_skew).to_string();
        let expires_on = time(token.expires_on);
        let mut entry = Map::new();
        // MSAL Python (`TokenCache._is_matching`) finds an application's token only if this member is there and null.
        entry.insert("home_account_id".to_owned(), home.into());
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() {
                entry.insert(name.to_owned(), value.into());
            }
        };
        add("credential_type", ACCESS_TOKEN);
        add("secret", token.access_token.expose_text().unwrap_or_default());
        add("environment", environment);
        add("client_id", client_id);
        add("realm", realm);
        add("target", &scopes);
        add("cached_at", &now.to_string());
        add("expires_on", &expires_on);
        add("extended_expires_on", &expires_on);
        add("client_info", client_info(token));
        if let Some(refresh_on) = token.refresh_on {
            add("refresh_on", &time(refresh_on));
        }
        add(PROOF, &proof.unwrap_or_default());
        add(ACCOUNT_PROOF, &account_proof.unwrap_or_default());
        add(ASKED, &target.asked);
        add(CAPABILITIES, target.wanted.capabilities);
        let hash = target.user_assertion_hash.as_deref();
        add(USER_ASSERTION_HASH, hash.unwrap_or_default());
        let home = home.unwrap_or_default();
        let mut key = joined(&[home, environment, "accesstoken", client_id, realm, &scopes]);
        if let Some(hash) = hash {
            // MSAL reads the members alone. Without it, callers of one user would replace each other's token.
            key = format!("{key}-{hash}");
        }
        set(self.document.node_mut(ACCESS_TOKEN), &key, entry);
    }

    fn put_user(&mut self, target: &Target<'_>, account: &Account, user: &UserTokens, now: i64) {
        let (client_id, realm) = (target.wanted.client_id, target.wanted.authority.realm());
        let (home, environment) = (account.home_account_id.as_str(), target.environment());
        let client_info = user.client_info.as_deref().unwrap_or_default();
        let mut put = |node: &str, key: &[&str], members: &[(&str, &str)]| {
            let entry = object_in(self.document.node_mut(node), &joined(key));
            set(entry, "home_account_id", home);
            set(entry, "environment", environment);
            for (name, value) in members.iter().chain([&("client_info", client_info)]) {
                if !value.is_empty() {
                    set(entry, name, *value);
                }
            }
        };
        if let Some(token) = &user.refresh_token {
            let of_family = user.family.as_deref().map(|family| (family, family));
            // One for the application, and one for every application of its family.
            for (owner, family) in [(client_id, "")].into_iter().chain(of_family) {
                put(
                    REFRESH_TOKEN,
                    &[home, environment, "refreshtoken", owner, "", ""],
                    &[
                        ("credential_type", REFRESH_TOKEN),
                        ("client_id", client_id),
                        ("secret", token.expose_text().unwrap_or_default()),
                        ("last_modification_time", &now.to_string()),
                        (FAMILY, family),
                    ],
                );
            }
        }
        if let Some(token) = &user.id_token {
            put(
                ID_TOKEN,
                &[home, environment, "idtoken", client_id, realm, ""],
                &[
                    ("credential_type", ID_TOKEN),
                    ("client_id", client_id),
                    ("realm", realm),
                    ("secret", token.expose_text().unwrap_or_default()),
                ],
            );
        }
        put(
            ACCOUNT,
            &[home, environment, realm],
            &[
                ("realm", realm),
                ("local_account_id", &account.local_account_id),
                ("username", &account.username),
                ("name", &account.name),
                ("authority_type", target.wanted.authority.account_type()),
            ],
        );
    }
}

pub(super) fn joined(parts: &[&str]) -> String {
    parts.join("-").to_lowercase()
}

fn client_info(token: &Token) -> &str {
    let user = token.user.as_deref();
    user.and_then(|user| user.client_info.as_deref()).unwrap_or_default()
}

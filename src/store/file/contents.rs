//! Tokens in MSAL's unified cache schema.
//!
//! Nodes, keys and members are those that MSAL.NET (`MsalCacheKeys.cs`, `StorageJsonKeys.cs`), MSAL Python
//! (`token_cache.py`) and MSAL Go (`items.go`) have in common. Keys are lower-case; times are seconds since 1970 as
//! text. Entries of other programs are kept, except for expired access tokens.

use std::sync::Arc;
use std::time::SystemTime;

use serde_json::{Map, Value};

use crate::base::clock::{from_unix_seconds, unix_seconds};
use crate::base::error::Result;
use crate::base::invisible::without_invisible;
use crate::base::secret::Secret;
use crate::store::Found;
use crate::store::file::account::Account;
use crate::store::file::claim::Claim;
use crate::store::file::document::{Document, holds, holds_one_of, is_alive, remove, retain, seconds, set, text};
use crate::store::file::proof::ProofKey;
use crate::store::file::refresh_tokens::{self, Family, Replacement};
use crate::store::file::signed_out;
use crate::store::file::target::{TURNS, Target};
use crate::token::{Holder, Token, UserTokens, bad_character};

pub(super) const ACCESS_TOKEN: &str = "AccessToken";
pub(super) const REFRESH_TOKEN: &str = "RefreshToken";
pub(super) const ID_TOKEN: &str = "IdToken";
pub(super) const ACCOUNT: &str = "Account";
pub(super) const APP_METADATA: &str = "AppMetadata";

/// The contents of one cache.
#[derive(Default)]
pub(super) struct Contents {
    pub(super) document: Document,
}

impl Contents {
    pub(super) fn parse(json: &[u8]) -> std::result::Result<Self, String> {
        Document::parse(json).map(|document| Self { document })
    }

    pub(super) fn to_json(&self) -> zeroize::Zeroizing<Vec<u8>> {
        self.document.to_json()
    }

    /// Returns what the cache has for a caller.
    pub(super) fn find(&self, target: &Target<'_>) -> Found {
        let Some((claim, newest)) = self.claim(target) else {
            return Found::default();
        };
        let entry = self
            .access_tokens_for(target, &claim)
            .map(|(_, entry)| entry)
            .max_by_key(|entry| seconds(entry, "expires_on"));
        let given = target.wanted.grant.refresh_token();
        Found {
            token: entry.map(|entry| self.token(target, entry, newest.clone())),
            refresh_token: newest.filter(|newest| given.is_some_and(|given| given != newest)),
        }
    }

    /// What entitles a caller to access tokens, and the newest refresh token of the family of the one that it gave.
    fn claim<'a>(&'a self, target: &'a Target<'_>) -> Option<(Claim<'a>, Option<Secret>)> {
        let key = ProofKey::of(&self.document);
        #[cfg(feature = "flows")]
        if target.wanted.grant.account().is_some() {
            return None;
        }
        let Some(given) = target.wanted.grant.refresh_token() else {
            let proof = key.map(|key| key.of_request(target));
            let claim = match &target.user_assertion_hash {
                Some(hash) => Claim::UserAssertion { hash, proof },
                None => Claim::Proof {
                    proof,
                    or_without: target.wanted.grant.is_for_application(),
                },
            };
            return Some((claim, None));
        };
        let family = key.as_ref().and_then(|key| {
            let family = Family::of(&self.document, &key.of_refresh_token(target, given))?;
            Some((key.of_family(target, family.id), family.newest()))
        });
        if let Some((proof, newest)) = family {
            let claim = Claim::Proof {
                proof: Some(proof),
                or_without: false,
            };
            return Some((claim, Some(newest)));
        }
        let account = self.account_of(target, given)?;
        Some((Claim::Account(account), Some(given.clone())))
    }

    /// Keeps a token with everything that came with it. `hides_content` tells whether the file can be read without its
    /// key: if it can, nothing is kept from which a password could be guessed.
    pub(super) fn keep(
        &mut self,
        target: &Target<'_>,
        token: &Token,
        now: SystemTime,
        hides_content: bool,
    ) -> Result<()> {
        let now = unix_seconds(now) - target.wanted.clock_skew;
        let key = ProofKey::of_mut(&mut self.document)?;
        let given = target.wanted.grant.refresh_token();
        if given.is_some_and(|given| signed_out::has(&self.document, &key.of_refresh_token(target, given))) {
            return Ok(());
        }
        if target.wanted.refuses_older {
            self.remove_access_tokens(target);
        }
        self.drop_expired(now);
        let grant = target.wanted.grant;
        let family = self.follow(target, token, &key, now);
        // A user assertion is as random as its signature, unlike a password.
        let cannot_be_guessed = grant.is_for_application() || grant.user_assertion().is_some();
        let proof = match &family {
            Some(family) => Some(key.of_family(target, family)),
            None => (cannot_be_guessed || hides_content).then(|| key.of_request(target)),
        };
        let fallback_id = family.clone().or_else(|| proof.clone()).unwrap_or_default();
        let account = token.user.as_deref().map(|user| Account::of(user, &fallback_id));
        if let (Some(family), Some(account)) = (family, &account) {
            refresh_tokens::set_owner(&mut self.document, &family, &account.home_account_id);
        }
        self.put_tokens(target, token, account.as_ref(), proof, now)
    }

    /// Removes the access tokens that have expired.
    pub(super) fn drop_expired(&mut self, now: i64) {
        retain(self.document.node_mut(ACCESS_TOKEN), |entry| is_alive(entry, now));
    }

    /// Removes the refresh token that a caller gave, and the one that replaced it.
    pub(super) fn forget_refresh_token(&mut self, target: &Target<'_>) {
        let Some(given) = target.wanted.grant.refresh_token() else {
            return;
        };
        let mut refused = vec![given.clone()];
        let family = ProofKey::of(&self.document).and_then(|key| {
            let family = Family::of(&self.document, &key.of_refresh_token(target, given))?;
            Some((family.id.to_owned(), family.newest()))
        });
        if let Some((id, newest)) = family {
            refresh_tokens::forget(&mut self.document, &id);
            refused.push(newest);
        }
        retain(self.document.node_mut(REFRESH_TOKEN), |entry| {
            !(target.is_of_client(entry) && holds_one_of(entry, &refused))
        });
    }

    /// The number of the turn that a caller takes.
    pub(super) fn turn(&self, target: &Target<'_>) -> u8 {
        let of_family = || {
            let given = target.wanted.grant.refresh_token()?;
            let proof = ProofKey::of(&self.document)?.of_refresh_token(target, given);
            Family::of(&self.document, &proof)?.turn()
        };
        of_family().map_or_else(|| target.turn(), |turn| turn % TURNS)
    }

    /// The sign-in name of the account of an entry; empty if it is unknown.
    pub(super) fn username(&self, entry: &Map<String, Value>) -> &str {
        let mut accounts = self.accounts_of(entry);
        accounts.next().map_or("", |account| text(account, "username"))
    }

    /// The entries of the account of an entry, one for each tenant.
    pub(super) fn accounts_of<'s>(
        &'s self,
        entry: &Map<String, Value>,
    ) -> impl Iterator<Item = &'s Map<String, Value>> + 's {
        let home = text(entry, "home_account_id").to_owned();
        let accounts = self.document.entries(ACCOUNT).map(|(_, account)| account);
        accounts.filter(move |account| !home.is_empty() && home.eq_ignore_ascii_case(text(account, "home_account_id")))
    }

    /// The access tokens that a caller may have, with their keys.
    pub(super) fn access_tokens_for<'a>(
        &'a self,
        target: &'a Target<'_>,
        claim: &'a Claim<'_>,
    ) -> impl Iterator<Item = (&'a str, &'a Map<String, Value>)> {
        let is_application = target.wanted.grant.is_for_application();
        self.document
            .entries(ACCESS_TOKEN)
            .filter(|(_, entry)| target.is_enough(entry) && claim.covers(entry) && secret_of(entry).is_some())
            .filter(move |(_, entry)| text(entry, "home_account_id").is_empty() == is_application)
    }

    /// Removes every access token that [`Contents::find`] could return to the caller.
    fn remove_access_tokens(&mut self, target: &Target<'_>) {
        let claim = self.claim(target).map(|(claim, _)| claim);
        let keys = claim.map(|claim| self.keys_for(target, &claim)).unwrap_or_default();
        self.remove_all(&keys);
    }

    /// The keys of the access tokens that a caller may have.
    pub(super) fn keys_for(&self, target: &Target<'_>, claim: &Claim<'_>) -> Vec<String> {
        let tokens = self.access_tokens_for(target, claim);
        tokens.map(|(key, _)| key.to_owned()).collect()
    }

    /// Removes the access tokens with these keys.
    pub(super) fn remove_all(&mut self, keys: &[String]) {
        for key in keys {
            remove(self.document.node_mut(ACCESS_TOKEN), key);
        }
    }

    /// The account whose refresh token the caller gave.
    fn account_of(&self, target: &Target<'_>, given: &Secret) -> Option<&str> {
        let mut entries = self.document.entries(REFRESH_TOKEN).map(|(_, entry)| entry);
        let entry = entries.find(|entry| target.is_of_client(entry) && holds(entry, given))?;
        Some(text(entry, "home_account_id")).filter(|home| !home.is_empty())
    }

    pub(super) fn token(
        &self,
        target: &Target<'_>,
        entry: &Map<String, Value>,
        refresh_token: Option<Secret>,
    ) -> Token {
        let is_user = !target.wanted.grant.is_for_application();
        let skew = target.wanted.clock_skew;
        let time = |name: &str| seconds(entry, name).map(|time| from_unix_seconds(time.saturating_add(skew)));
        Token {
            access_token: secret_of(entry).unwrap_or_default(),
            scopes: without_invisible(text(entry, "target")).into(),
            holder: Arc::new(Holder {
                tenant_id: target.wanted.authority.tenant().to_owned(),
                client_id: target.wanted.client_id.to_owned(),
            }),
            user: is_user.then(|| {
                let of_account = |node| self.secret_of_account(node, target, entry);
                let own = || of_account(REFRESH_TOKEN).filter(|_| target.user_assertion_hash.is_none());
                Box::new(UserTokens {
                    refresh_token: refresh_token.or_else(own),
                    id_token: of_account(ID_TOKEN),
                    username: without_invisible(self.username(entry)),
                    client_info: Some(text(entry, "client_info").to_owned()).filter(|info| !info.is_empty()),
                    family: None,
                })
            }),
            expires_on: time("expires_on").unwrap_or(SystemTime::UNIX_EPOCH),
            refresh_on: time("refresh_on"),
            correlation_id: None,
        }
    }

    fn secret_of_account(&self, node: &str, target: &Target<'_>, of: &Map<String, Value>) -> Option<Secret> {
        let is_same = |name, entry| text(entry, name).eq_ignore_ascii_case(text(of, name));
        let mut entries = self.document.entries(node).map(|(_, entry)| entry);
        let entry = entries.find(|entry| {
            let is_of_tenant = node != ID_TOKEN || is_same("realm", entry);
            target.is_of_client(entry) && is_same("home_account_id", entry) && is_of_tenant
        })?;
        secret_of(entry)
    }

    /// Replaces the given refresh token everywhere by the one in the response. Returns the id of their family.
    fn follow(&mut self, target: &Target<'_>, token: &Token, key: &ProofKey, now: i64) -> Option<String> {
        let given = target.wanted.grant.refresh_token()?;
        let next = token.refresh_token().unwrap_or(given);
        let given_proof = key.of_refresh_token(target, given);
        let newest = Family::of(&self.document, &given_proof).map(|family| family.newest());
        let replaced: Vec<Secret> = newest.into_iter().chain([given.clone()]).collect();
        for (_, entry) in self.document.node_mut(REFRESH_TOKEN).iter_mut() {
            let entry = entry.as_object_mut();
            if let Some(entry) = entry.filter(|entry| target.is_of_client(entry) && holds_one_of(entry, &replaced)) {
                set(entry, "secret", next.expose_text().unwrap_or_default());
            }
        }
        let replacement = Replacement {
            next: key.of_refresh_token(target, next),
            given: given_proof,
            token: next,
            turn: target.turn(),
            now,
        };
        Some(replacement.keep(&mut self.document))
    }
}

pub(super) fn secret_of(entry: &Map<String, Value>) -> Option<Secret> {
    let secret = text(entry, "secret");
    let secret = (!secret.is_empty()).then(|| Secret::copy_of(secret.as_bytes()))?;
    // Whoever can write the file must not write lines into a header.
    bad_character(&secret).is_none().then_some(secret)
}

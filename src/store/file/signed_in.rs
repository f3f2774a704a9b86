//! The accounts in a cache, and their tokens: as MSAL's libraries find and keep them (`application.py` of MSAL Python,
//! `CacheSilentStrategy.cs` of MSAL.NET).

use std::time::SystemTime;

use serde_json::{Map, Value};

use crate::authority::Authority;
use crate::base::clock::unix_seconds;
use crate::base::error::Result;
use crate::base::invisible::without_invisible;
use crate::base::secret::Secret;
use crate::base::short_list;
use crate::store::accounts::{AccountRefreshToken, CachedAccount, Match, SignedIn};
use crate::store::file::account::Account;
use crate::store::file::claim::Claim;
use crate::store::file::contents::{ACCESS_TOKEN, ACCOUNT, APP_METADATA, Contents, REFRESH_TOKEN, secret_of};
use crate::store::file::document::{FAMILY, holds, retain, seconds, text};
use crate::store::file::proof::ProofKey;
use crate::store::file::refresh_tokens;
use crate::store::file::selection::is_account;
use crate::store::file::target::{Target, environments_of};
use crate::token::Token;

/// The only family of applications that there is (MSAL Python, `application.py`: "we have only 1 family for now").
const THE_FAMILY: &str = "1";

impl Contents {
    /// The accounts at an authority: one for each user.
    pub(super) fn accounts(&self, authority: &Authority) -> Vec<CachedAccount> {
        let environments = environments_of(authority);
        let entries = self.accounts_in(&environments);
        one_for_each_user(entries, authority)
    }

    /// The accounts that the caller's grant names, or without a name those that signed in to the application and tenant.
    pub(super) fn find_account(&self, target: &Target<'_>) -> Match {
        let name = target.wanted.grant.account().unwrap_or_default();
        let authority = target.wanted.authority;
        let entries: Vec<_> = self
            .accounts_in(target.environments())
            .into_iter()
            .filter(|entry| {
                if name.is_empty() {
                    is_of_tenant(entry, authority) && self.has_signed_in(target, entry)
                } else {
                    is_account(name, entry)
                }
            })
            .collect();
        let mut accounts = one_for_each_user(entries, authority);
        match accounts.len() {
            0 => Match::None,
            1 => Match::One(Box::new(self.signed_in(target, accounts.remove(0)))),
            _ => Match::Several(accounts),
        }
    }

    /// Keeps the token of an account whose refresh token was used, unless the account was signed out meanwhile.
    pub(super) fn keep_for_account(
        &mut self,
        target: &Target<'_>,
        known: &CachedAccount,
        used: &Secret,
        token: &Token,
        now: SystemTime,
    ) -> Result<()> {
        let is_same = |entry: &&Map<String, Value>| is_of_home(entry, &known.home_account_id);
        if !self.accounts_in(target.environments()).iter().any(is_same) {
            return Ok(());
        }
        let Some(issued) = token.user.as_deref() else {
            return Ok(());
        };
        let now = unix_seconds(now) - target.wanted.clock_skew;
        let proof = ProofKey::of_mut(&mut self.document)?.of_account(target, &known.home_account_id);
        let mut account = Account::of(issued, &known.home_account_id);
        account.home_account_id.clone_from(&known.home_account_id);
        if issued.id_token.is_none() {
            account.local_account_id.clone_from(&known.local_account_id);
            account.username.clone_from(&known.username);
            account.name.clone_from(&known.name);
        }
        refresh_tokens::replace_newest(&mut self.document, used, issued.refresh_token.as_ref().unwrap_or(used));
        self.drop_expired(now);
        self.put_tokens(target, token, Some(&account), Some(proof), now)
    }

    /// Remembers that the application does not belong to the family.
    pub(super) fn leave_family(&mut self, target: &Target<'_>) {
        self.put_app_metadata(target, Some(""));
    }

    /// Forgets a refresh token of the account, whichever application it was issued to.
    pub(super) fn forget_token(&mut self, token: &Secret) {
        retain(self.document.node_mut(REFRESH_TOKEN), |entry| !holds(entry, token));
    }

    fn accounts_in(&self, environments: &[String]) -> Vec<&Map<String, Value>> {
        let is_known = |entry: &Map<String, Value>| {
            let environment = text(entry, "environment");
            environments.iter().any(|known| known.eq_ignore_ascii_case(environment))
        };
        // Some issuers tell no name of their users.
        let is_whole = |entry: &Map<String, Value>| !without_invisible(text(entry, "home_account_id")).is_empty();
        let entries = self.document.entries(ACCOUNT).map(|(_, entry)| entry);
        entries.filter(|entry| is_whole(entry) && is_known(entry)).collect()
    }

    /// What there is for the caller of an account.
    fn signed_in(&self, target: &Target<'_>, account: CachedAccount) -> SignedIn {
        let home = &account.home_account_id;
        let key = ProofKey::of(&self.document);
        let claim = Claim::SignedIn {
            home,
            proof: key.map(|key| key.of_account(target, home)),
        };
        let entry = self
            .access_tokens_for(target, &claim)
            .map(|(_, entry)| entry)
            .max_by_key(|entry| seconds(entry, "expires_on"));
        SignedIn {
            token: entry.map(|entry| self.token(target, entry, None)),
            refresh_tokens: self.refresh_tokens(target, home),
            account,
        }
    }

    /// The refresh tokens that the caller may try for an account: those of the family first, unless the application is
    /// known to be outside of it. Applications with a credential never use those of other applications.
    fn refresh_tokens(&self, target: &Target<'_>, home: &str) -> Vec<AccountRefreshToken> {
        let may_be_of_family = target.wanted.credential.is_none() && self.is_of_family(target) != Some(false);
        let mut entries: Vec<_> = self
            .document
            .entries(REFRESH_TOKEN)
            .map(|(_, entry)| entry)
            .filter(|entry| is_of_home(entry, home) && target.is_of_environment(entry))
            .collect();
        let changed = |entry: &Map<String, Value>| seconds(entry, "last_modification_time");
        short_list::sort(&mut entries, |one, other| changed(one) > changed(other));
        let of_family = entries.iter().filter(|entry| text(entry, FAMILY) == THE_FAMILY);
        let own = entries.iter().filter(|entry| target.is_of_client(entry));
        let mut tokens: Vec<AccountRefreshToken> = Vec::new();
        let mut add = |entry: &Map<String, Value>, is_of_family| {
            let is_new = |token: &Secret| !tokens.iter().any(|known| known.token == *token);
            if let Some(token) = secret_of(entry).filter(is_new) {
                tokens.push(AccountRefreshToken { token, is_of_family });
            }
        };
        if may_be_of_family {
            of_family.for_each(|entry| add(entry, !target.is_of_client(entry)));
        }
        own.for_each(|entry| add(entry, false));
        tokens
    }

    /// Whether the application belongs to the family; `None` if no response has told yet.
    fn is_of_family(&self, target: &Target<'_>) -> Option<bool> {
        let mut entries = self.document.entries(APP_METADATA).map(|(_, entry)| entry);
        let metadata = entries.find(|entry| target.is_of_client(entry))?;
        Some(text(metadata, FAMILY) == THE_FAMILY)
    }

    /// Whether the user of an account has tokens of this application.
    fn has_signed_in(&self, target: &Target<'_>, account: &Map<String, Value>) -> bool {
        let home = text(account, "home_account_id");
        let is_family_member = target.wanted.credential.is_none() && self.is_of_family(target) == Some(true);
        let nodes = [REFRESH_TOKEN, ACCESS_TOKEN].into_iter();
        let mut entries = nodes.flat_map(|node| self.document.entries(node));
        entries.any(|(_, entry)| {
            let is_usable = target.is_of_client(entry) || is_family_member && text(entry, FAMILY) == THE_FAMILY;
            is_usable && is_of_home(entry, home) && target.is_of_environment(entry)
        })
    }
}

fn is_of_home(entry: &Map<String, Value>, home: &str) -> bool {
    text(entry, "home_account_id").eq_ignore_ascii_case(home)
}

/// Whether the user of an account signed in to the authority's tenant, or is at home there. Every user is for an
/// authority of all tenants.
fn is_of_tenant(account: &Map<String, Value>, authority: &Authority) -> bool {
    let home_tenant = text(account, "home_account_id").rsplit_once('.');
    let tenants = [text(account, "realm"), home_tenant.map_or("", |(_, tenant)| tenant)];
    authority.names_no_tenant()
        || tenants
            .iter()
            .any(|tenant| tenant.eq_ignore_ascii_case(authority.realm()))
}

/// One account for each user, in the order of their names: that of the authority's tenant, if there is one. Users may
/// have another name in each tenant.
fn one_for_each_user(mut entries: Vec<&Map<String, Value>>, authority: &Authority) -> Vec<CachedAccount> {
    entries.sort_by_key(|entry| {
        let is_elsewhere = !text(entry, "realm").eq_ignore_ascii_case(authority.realm());
        (text(entry, "home_account_id").to_ascii_lowercase(), is_elsewhere)
    });
    entries.dedup_by(|one, other| is_of_home(one, text(other, "home_account_id")));
    entries.sort_by_key(|entry| text(entry, "username").to_lowercase());
    entries.into_iter().map(account_of).collect()
}

fn account_of(entry: &Map<String, Value>) -> CachedAccount {
    let text = |member| without_invisible(text(entry, member));
    CachedAccount {
        home_account_id: text("home_account_id"),
        local_account_id: text("local_account_id"),
        username: text("username"),
        name: text("name"),
        tenant: text("realm"),
        environment: text("environment"),
        authority_type: text("authority_type"),
    }
}

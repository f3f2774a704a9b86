//! Lists the tokens in a cache for display, without the tokens themselves.

use std::time::SystemTime;

use serde_json::{Map, Value};

use crate::base::clock::from_unix_seconds;
use crate::base::invisible::without_invisible;
use crate::store::file::contents::{ACCESS_TOKEN, Contents};
use crate::store::file::document::{seconds, text};
use crate::store::file::selection::{TokenSelection, is_account};
use crate::token::Token;

/// An access token in a cache. Other programs may have written its texts, which are without invisible characters here.
#[derive(Clone, Debug)]
pub struct ListedToken {
    /// The tenant, as the cache names it.
    pub tenant: String,
    /// The application.
    pub client_id: String,
    /// The cloud or the host, as caches name it.
    pub environment: String,
    /// The user's sign-in name; empty for applications and if it is unknown.
    pub username: String,
    /// Whether the token was issued for a user.
    pub is_for_user: bool,
    /// The scopes that were granted.
    pub scopes: String,
    /// When the token expires.
    pub expires_on: Option<SystemTime>,
}

impl ListedToken {
    /// What is known of a token in memory, which does not say in which cloud it was issued.
    pub fn of(token: &Token) -> Self {
        let user = token.user.as_deref();
        Self {
            tenant: token.holder.tenant_id.clone(),
            client_id: token.holder.client_id.clone(),
            environment: String::new(),
            username: user.map(|user| user.username.clone()).unwrap_or_default(),
            is_for_user: user.is_some(),
            scopes: token.scopes.to_string(),
            expires_on: Some(token.expires_on),
        }
    }

    /// Puts tokens into the order of a list.
    pub fn sort(tokens: &mut [Self]) {
        tokens.sort_by(|one, other| one.key().cmp(&other.key()));
    }

    pub(super) fn all(contents: &Contents, selection: &TokenSelection) -> Vec<Self> {
        let mut tokens: Vec<Self> = contents
            .document
            .entries(ACCESS_TOKEN)
            .map(|(_, entry)| entry)
            .filter(|entry| is_selected(contents, entry, selection))
            .map(|entry| Self {
                tenant: without_invisible(text(entry, "realm")),
                client_id: without_invisible(text(entry, "client_id")),
                environment: without_invisible(text(entry, "environment")),
                username: without_invisible(contents.username(entry)),
                is_for_user: !text(entry, "home_account_id").is_empty(),
                scopes: without_invisible(text(entry, "target")),
                expires_on: seconds(entry, "expires_on").map(from_unix_seconds),
            })
            .collect();
        Self::sort(&mut tokens);
        tokens
    }

    fn key(&self) -> [&str; 5] {
        [
            &self.environment,
            &self.tenant,
            &self.client_id,
            &self.username,
            &self.scopes,
        ]
    }
}

fn is_selected(contents: &Contents, entry: &Map<String, Value>, selection: &TokenSelection) -> bool {
    let is_of_account = |name: &String| {
        let mut accounts = contents.accounts_of(entry);
        accounts.any(|account| is_account(name, account))
    };
    selection.covers_client(text(entry, "realm"), text(entry, "client_id"))
        && selection.account.as_ref().is_none_or(is_of_account)
}

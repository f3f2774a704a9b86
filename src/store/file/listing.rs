//! Lists the tokens in a cache for display, without the tokens themselves.

use std::time::SystemTime;

use crate::base::clock::from_unix_seconds;
use crate::base::invisible::without_invisible;
use crate::store::file::contents::Contents;
use crate::store::file::document::{seconds, text};

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
    pub(super) fn all(contents: &Contents) -> Vec<Self> {
        let mut tokens: Vec<Self> = contents
            .access_tokens()
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
        tokens.sort_by(|one, other| one.key().cmp(&other.key()));
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

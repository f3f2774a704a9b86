//! What is in a cache, for people: everything but the tokens.

use std::time::SystemTime;

use crate::base::clock::from_unix_seconds;
use crate::store::file::contents::Contents;
use crate::store::file::document::{seconds, text};

/// An access token that a cache holds.
#[derive(Clone, Debug)]
pub struct ListedToken {
    /// The tenant, as the cache has it.
    pub tenant: String,
    /// The application.
    pub client_id: String,
    /// The service, under the name that caches have for it.
    pub environment: String,
    /// The user's sign-in name; empty for applications and where it is not known.
    pub username: String,
    /// Whether it is a user's.
    pub is_for_user: bool,
    /// The scopes that were granted.
    pub scopes: String,
    /// When it stops being valid.
    pub expires_on: Option<SystemTime>,
}

impl ListedToken {
    pub(super) fn all(contents: &Contents) -> Vec<Self> {
        let mut tokens: Vec<Self> = contents
            .access_tokens()
            .map(|entry| Self {
                tenant: text(entry, "realm").to_owned(),
                client_id: text(entry, "client_id").to_owned(),
                environment: text(entry, "environment").to_owned(),
                username: contents.username(entry).to_owned(),
                is_for_user: !text(entry, "home_account_id").is_empty(),
                scopes: text(entry, "target").to_owned(),
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

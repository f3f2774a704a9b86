//! Grants: the ways to ask for a token (RFC 6749 section 1.3). Each file has one.

pub mod client_credentials;
pub mod password;
pub mod refresh_token;

pub use client_credentials::ClientCredentials;
pub use password::Password;
pub use refresh_token::RefreshToken;

use std::fmt::Debug;

use crate::base::digest::Digest;
use crate::base::secret::Secret;
use crate::http::form::Form;
use crate::request::scope::Scopes;

/// What a token is asked for with. `Debug` shows no secret.
pub trait Grant: Debug + Send + Sync {
    /// The kind of grant, the same in every process and version: names of records outside of this process have it.
    fn kind(&self) -> &'static str;

    /// Adds `grant_type` and the grant's own fields.
    fn add_to(&self, form: &mut Form);

    /// Scopes that are asked for in addition to the caller's, in this order: `openid`, `offline_access`, `profile`.
    fn reserved_scopes(&self) -> &'static [&'static str];

    /// What is secret in the grant: the user's password, a refresh token. `None` when the application asks for itself.
    fn secret(&self) -> Option<&Secret>;

    /// What kind of proof the grant is, and what stands for it in every process: its secret.
    fn proof(&self) -> (&'static str, &[u8]) {
        (self.kind(), self.secret().map(Secret::expose).unwrap_or_default())
    }

    /// Whether the application asks for itself, and so must prove its identity.
    fn is_for_application(&self) -> bool {
        false
    }

    /// The user's sign-in name, if the grant names it.
    fn username(&self) -> Option<&str> {
        None
    }

    /// The refresh token that is the grant. An answer may replace it.
    fn refresh_token(&self) -> Option<&Secret> {
        None
    }

    /// Identifies the grant with its proof in a cache key.
    fn digest(&self) -> Digest {
        let kind = self.kind().as_bytes();
        let username = self.username().unwrap_or_default().to_lowercase();
        match self.secret() {
            Some(secret) => Digest::of(&[kind, username.as_bytes(), Digest::of_secret(kind, secret).as_bytes()]),
            None => Digest::of(&[kind, username.as_bytes()]),
        }
    }
}

/// Adds the fields that follow the client's authentication: `scope`, `claims`, and those of `grant`.
///
/// `default_scope` is asked for when `scopes` is empty.
pub fn add_fields(form: &mut Form, grant: &dyn Grant, scopes: &Scopes, default_scope: &str, claims: Option<&str>) {
    let reserved = grant.reserved_scopes();
    let scope = if scopes.is_empty() {
        [reserved, &[default_scope]].concat().join(" ")
    } else {
        scopes.joined_after(reserved)
    };
    form.add("scope", &scope);
    if let Some(claims) = claims {
        form.add("claims", claims);
    }
    grant.add_to(form);
}

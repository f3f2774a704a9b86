//! Grants: the ways to ask for a token (RFC 6749 section 1.3). Each file adds its own fields to the request's form.

pub mod client_credentials;
pub mod password;
pub mod refresh_token;

pub use client_credentials::ClientCredentials;
pub use password::Password;
pub use refresh_token::RefreshToken;

use crate::base::digest::Digest;
use crate::base::secret::Secret;
use crate::http::form::Form;
use crate::request::scope::Scopes;

/// What a token is asked for with.
#[derive(Clone, Debug)]
pub enum Grant {
    /// The application for itself.
    ClientCredentials(ClientCredentials),
    /// A user by name and password.
    Password(Password),
    /// A user by a refresh token from an earlier answer.
    RefreshToken(RefreshToken),
}

impl Grant {
    /// Adds the fields that follow the client's authentication: `scope`, `claims`, `grant_type` and the grant's own.
    ///
    /// `default_scope` is asked for when `scopes` is empty.
    pub fn add_to(&self, form: &mut Form, scopes: &Scopes, default_scope: &str, claims: Option<&str>) {
        let first = self.reserved_scopes();
        let asked = if scopes.is_empty() {
            [first, &[default_scope]].concat().join(" ")
        } else {
            scopes.joined_after(first)
        };
        form.add("scope", &asked);
        if let Some(claims) = claims {
            form.add("claims", claims);
        }
        match self {
            Self::ClientCredentials(ClientCredentials) => ClientCredentials::add_to(form),
            Self::Password(grant) => grant.add_to(form),
            Self::RefreshToken(grant) => grant.add_to(form),
        }
    }

    /// Whether the application asks for itself, and so has to prove who it is.
    pub fn is_for_application(&self) -> bool {
        matches!(self, Self::ClientCredentials(_))
    }

    /// The user's sign-in name as far as the request knows it.
    pub fn username(&self) -> &str {
        match self {
            Self::Password(grant) => grant.username(),
            Self::ClientCredentials(_) | Self::RefreshToken(_) => "",
        }
    }

    /// The refresh token that is the grant.
    pub fn refresh_token(&self) -> Option<&Secret> {
        match self {
            Self::RefreshToken(grant) => Some(grant.token()),
            Self::ClientCredentials(_) | Self::Password(_) => None,
        }
    }

    /// What is secret in the grant.
    pub fn secret(&self) -> Option<&Secret> {
        match self {
            Self::ClientCredentials(_) => None,
            Self::Password(grant) => Some(grant.password()),
            Self::RefreshToken(grant) => Some(grant.token()),
        }
    }

    /// Identifies the grant with its proof in a cache key.
    pub fn digest(&self) -> Digest {
        match self {
            Self::ClientCredentials(_) => Digest::of(&[b"client_credentials"]),
            Self::Password(grant) => grant.digest(),
            Self::RefreshToken(grant) => grant.digest(),
        }
    }

    fn reserved_scopes(&self) -> &'static [&'static str] {
        match self {
            Self::ClientCredentials(_) => &[],
            Self::Password(_) => &["openid", "offline_access", "profile"],
            Self::RefreshToken(_) => &["offline_access", "openid", "profile"],
        }
    }
}

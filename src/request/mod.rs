//! Token requests, independent of the client that sends them: scopes, grant and settings.

pub mod claims;
pub mod grant;
pub mod scope;
pub mod settings;
#[cfg(feature = "flows")]
pub mod sign_in;

use std::sync::Arc;

use crate::base::digest::Digest;
use crate::request::grant::Grant;
use crate::request::scope::Scopes;
use crate::request::settings::RequestSettings;

/// A token request. It can be used any number of times. Clones share its content.
#[derive(Clone, Debug)]
pub struct Request {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    grant: Arc<dyn Grant>,
    scopes: Scopes,
    settings: RequestSettings,
    digest: Digest,
    #[cfg(feature = "flows")]
    is_for_account: bool,
}

impl Request {
    /// A request for `scopes`. Empty scopes stand for every permission granted on Microsoft Graph in the client's
    /// cloud.
    pub fn new(grant: Arc<dyn Grant>, scopes: Scopes, settings: RequestSettings) -> Self {
        // Not of the claims: the token that satisfies them replaces the one that did not.
        let digest = Digest::of(&[grant.digest().as_bytes(), scopes.canonical().as_bytes()]);
        Self {
            inner: Arc::new(Inner {
                #[cfg(feature = "flows")]
                is_for_account: grant.account().is_some(),
                grant,
                scopes,
                settings,
                digest,
            }),
        }
    }

    /// The grant.
    pub fn grant(&self) -> &dyn Grant {
        &*self.inner.grant
    }

    /// Whether it is for a user who signed in earlier.
    #[cfg(feature = "flows")]
    pub fn is_for_account(&self) -> bool {
        self.inner.is_for_account
    }

    /// The scopes as given.
    pub fn scopes(&self) -> &Scopes {
        &self.inner.scopes
    }

    /// The settings.
    pub fn settings(&self) -> &RequestSettings {
        &self.inner.settings
    }

    /// The request's part of a cache key.
    pub fn digest(&self) -> Digest {
        self.inner.digest
    }
}

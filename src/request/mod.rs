//! A token request before it meets a client: what is asked for, and with which grant.

pub mod grant;
pub mod scope;
pub mod settings;

use std::sync::Arc;

use crate::base::digest::Digest;
use crate::request::grant::Grant;
use crate::request::scope::Scopes;
use crate::request::settings::RequestSettings;

/// A request, built once and used as often as wished. Copies share what is in it.
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
}

impl Request {
    /// A request for `scopes`; empty ones stand for everything that was granted on Graph in the client's cloud.
    pub fn new(grant: Arc<dyn Grant>, scopes: Scopes, settings: RequestSettings) -> Self {
        let claims = settings.claims.as_deref().unwrap_or_default();
        let digest = Digest::of(&[
            grant.digest().as_bytes(),
            scopes.canonical().as_bytes(),
            claims.as_bytes(),
        ]);
        Self {
            inner: Arc::new(Inner {
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

    /// The scopes as given.
    pub fn scopes(&self) -> &Scopes {
        &self.inner.scopes
    }

    /// Everything else.
    pub fn settings(&self) -> &RequestSettings {
        &self.inner.settings
    }

    /// The request's share of the cache key.
    pub fn digest(&self) -> Digest {
        self.inner.digest
    }
}

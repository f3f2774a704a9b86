//! The key of a token in the cache.

use crate::base::digest::Digest;

/// Identifies the client (authority, application and credential) and the request (grant, user, scopes and claims).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CacheKey(Digest);

impl CacheKey {
    /// The key for a request of a client, each given as its digest.
    pub fn new(client: Digest, request: Digest) -> Self {
        Self(client.combined_with(request))
    }

    /// A hash for tables. It is evenly distributed, because a digest is.
    pub(super) fn hash(&self) -> u64 {
        let mut first = [0; 8];
        first.copy_from_slice(&self.0.as_bytes()[..8]);
        u64::from_le_bytes(first)
    }
}

//! What a token is kept under.

use crate::base::digest::Digest;

/// Who asked (authority, client and proof) and for what (grant, user, scopes, claims).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CacheKey(Digest);

impl CacheKey {
    /// The key of what `client` asks for with `request`.
    pub fn new(client: Digest, request: Digest) -> Self {
        Self(client.combined_with(request))
    }

    /// Where to look for it: spread evenly, because a digest is.
    pub(super) fn hash(&self) -> u64 {
        let mut first = [0; 8];
        first.copy_from_slice(&self.0.as_bytes()[..8]);
        u64::from_le_bytes(first)
    }
}

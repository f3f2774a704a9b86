//! Tokens kept in memory until they expire.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use crate::digest::Digest;
use crate::token::Token;

/// Who asked (authority, client and proof) and for what (grant, user, scopes, claims).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CacheKey {
    /// The client's share.
    pub client: Digest,
    /// The request's share.
    pub request: Digest,
}

/// Tokens by key. Bounded: when it is full, what expires first makes room.
#[derive(Default)]
pub struct TokenCache {
    tokens: Mutex<HashMap<CacheKey, Arc<Token>>>,
}

/// Most tokens kept at a time.
const CAPACITY: usize = 10_000;

impl TokenCache {
    /// The one cache that clients of this process may share.
    pub fn of_process() -> Arc<Self> {
        static CACHE: OnceLock<Arc<TokenCache>> = OnceLock::new();
        Arc::clone(CACHE.get_or_init(Arc::default))
    }

    /// The token for `key` if at `now` it still lives for `minimum_lifetime` and a moment.
    pub fn get(&self, key: &CacheKey, now: SystemTime, minimum_lifetime: Duration) -> Option<Arc<Token>> {
        let needed = now.checked_add(minimum_lifetime)?;
        self.lock().get(key).filter(|token| token.expires_on > needed).cloned()
    }

    /// Keeps `token` for `key`, in place of an older one.
    pub fn put(&self, key: CacheKey, token: Arc<Token>, now: SystemTime) {
        let mut tokens = self.lock();
        if tokens.len() >= CAPACITY && !tokens.contains_key(&key) {
            tokens.retain(|_, token| token.expires_on > now);
            if tokens.len() >= CAPACITY {
                let first = tokens
                    .iter()
                    .min_by_key(|(_, token)| token.expires_on)
                    .map(|(key, _)| *key);
                first.and_then(|key| tokens.remove(&key));
            }
        }
        tokens.insert(key, token);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<CacheKey, Arc<Token>>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_unix_seconds;
    use crate::secret::Secret;
    use crate::token::TokenSource;

    fn key(name: usize) -> CacheKey {
        CacheKey {
            client: Digest::of(&[b"client"]),
            request: Digest::of(&[&name.to_le_bytes()]),
        }
    }

    fn token(expires_on: i64) -> Arc<Token> {
        Arc::new(Token {
            access_token: Secret::copy_of(b"t"),
            refresh_token: None,
            id_token: None,
            token_type: "Bearer".to_owned(),
            scopes: Vec::new(),
            expires_on: from_unix_seconds(expires_on),
            refresh_on: None,
            username: String::new(),
            tenant_id: String::new(),
            client_id: String::new(),
            correlation_id: String::new(),
            source: TokenSource::Network,
        })
    }

    #[test]
    fn a_token_is_found_while_it_lives_longer_than_asked() {
        let cache = TokenCache::default();
        cache.put(key(1), token(1301), from_unix_seconds(0));
        let five_minutes = Duration::from_secs(300);
        assert!(cache.get(&key(1), from_unix_seconds(1000), five_minutes).is_some());
        assert!(cache.get(&key(1), from_unix_seconds(1001), five_minutes).is_none());
        assert!(cache.get(&key(1), from_unix_seconds(1001), Duration::ZERO).is_some());
        assert!(cache.get(&key(2), from_unix_seconds(0), Duration::ZERO).is_none());
    }

    #[test]
    fn when_it_is_full_the_expired_go_first_and_then_what_expires_next() {
        let cache = TokenCache::default();
        for name in 0..CAPACITY {
            let expires_on = if name < 10 {
                5
            } else {
                1_000 + i64::try_from(name).unwrap()
            };
            cache.put(key(name), token(expires_on), from_unix_seconds(0));
        }
        cache.put(key(CAPACITY), token(9_999_999), from_unix_seconds(6));
        assert_eq!(cache.lock().len(), CAPACITY - 9);
        for name in 0..10 {
            cache.put(key(CAPACITY + 1 + name), token(9_999_999), from_unix_seconds(6));
        }
        assert_eq!(cache.lock().len(), CAPACITY);
        assert!(cache.get(&key(10), from_unix_seconds(6), Duration::ZERO).is_none());
        assert!(cache.get(&key(11), from_unix_seconds(6), Duration::ZERO).is_some());
    }
}

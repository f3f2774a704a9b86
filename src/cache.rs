//! Tokens kept in memory until they expire.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use crate::clock::Moment;
use crate::digest::Digest;
use crate::jitter;
use crate::token::Token;

/// Who asked (authority, client and proof) and for what (grant, user, scopes, claims).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CacheKey {
    /// The client's share.
    pub client: Digest,
    /// The request's share.
    pub request: Digest,
}

/// A token that lives long enough.
pub struct Hit {
    /// The token.
    pub token: Arc<Token>,
    /// The token should be renewed, and this caller is the one to see to it. Until then, or until a while has passed
    /// in vain, no other caller is told so.
    pub renewal_due: bool,
}

/// Tokens by key. Bounded: when it is full, what expires first makes room.
#[derive(Default)]
pub struct TokenCache {
    entries: Mutex<HashMap<CacheKey, Entry>>,
}

struct Entry {
    token: Arc<Token>,
    /// When the token expires, by the clock that nobody sets: setting the other one back revives no token.
    expires_at: Instant,
    renew_at: SystemTime,
}

/// Most tokens kept at a time.
const CAPACITY: usize = 10_000;

/// How long after an early renewal has begun another one may begin, if it has brought nothing.
const RENEWAL_PAUSE: Duration = Duration::from_secs(30);

/// A token without a wish of the service is renewed in the last tenth of its life, but not later than this before its
/// end.
const LATEST_RENEWAL: Duration = Duration::from_secs(300);

impl TokenCache {
    /// The one cache that clients of this process may share.
    pub fn of_process() -> Arc<Self> {
        static CACHE: OnceLock<Arc<TokenCache>> = OnceLock::new();
        Arc::clone(CACHE.get_or_init(Arc::default))
    }

    /// The token for `key` if at `now` it still lives for `minimum_lifetime` and a moment.
    ///
    /// Both clocks must say so: one may have been set back, and the other may have slept with the machine.
    pub fn get(&self, key: &CacheKey, now: Moment, minimum_lifetime: Duration) -> Option<Hit> {
        let needed = now.wall.checked_add(minimum_lifetime)?;
        let needed_at = now.monotonic.checked_add(minimum_lifetime)?;
        let mut entries = self.lock();
        let entry = entries
            .get_mut(key)
            .filter(|entry| entry.token.expires_on > needed && entry.expires_at > needed_at)?;
        let renewal_due = entry.renew_at <= now.wall;
        if renewal_due {
            entry.renew_at = now.wall + RENEWAL_PAUSE + jitter::up_to(RENEWAL_PAUSE);
        }
        Some(Hit {
            token: Arc::clone(&entry.token),
            renewal_due,
        })
    }

    /// Keeps `token` for `key`, in place of an older one.
    pub fn put(&self, key: CacheKey, token: Arc<Token>, now: Moment) {
        let mut entries = self.lock();
        if entries.len() >= CAPACITY && !entries.contains_key(&key) {
            entries.retain(|_, entry| entry.token.expires_on > now.wall);
            if entries.len() >= CAPACITY {
                let first = entries
                    .iter()
                    .min_by_key(|(_, entry)| entry.token.expires_on)
                    .map(|(key, _)| *key);
                first.and_then(|key| entries.remove(&key));
            }
        }
        let life = token.expires_on.duration_since(now.wall).unwrap_or_default();
        let entry = Entry {
            expires_at: now.monotonic + life,
            renew_at: renew_at(&token, now.wall),
            token,
        };
        entries.insert(key, entry);
    }

    /// Forgets all of them.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<CacheKey, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When `token`, issued at `now`, is to be renewed: when the service wishes, or else in the last part of its life. Up to
/// a tenth of what is left then is added, so that processes that began together do not renew together.
fn renew_at(token: &Token, now: SystemTime) -> SystemTime {
    let life = token.expires_on.duration_since(now).unwrap_or_default();
    let by_itself = || now + life.saturating_sub(LATEST_RENEWAL.max(life / 10)).max(life / 2);
    let start = token.refresh_on.unwrap_or_else(by_itself);
    let left = token.expires_on.duration_since(start).unwrap_or_default();
    start + jitter::up_to(left / 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_unix_seconds;
    use crate::secret::Secret;
    use crate::token::Holder;

    fn key(name: usize) -> CacheKey {
        CacheKey {
            client: Digest::of(&[b"client"]),
            request: Digest::of(&[&name.to_le_bytes()]),
        }
    }

    fn at(seconds: i64) -> Moment {
        Moment {
            wall: from_unix_seconds(seconds),
            monotonic: Instant::now(),
        }
    }

    fn token(expires_on: i64) -> Arc<Token> {
        Arc::new(Token {
            access_token: Secret::copy_of(b"t"),
            scopes: "".into(),
            holder: Arc::new(Holder {
                tenant_id: String::new(),
                client_id: String::new(),
            }),
            user: None,
            expires_on: from_unix_seconds(expires_on),
            refresh_on: None,
            correlation_id: None,
        })
    }

    #[test]
    fn a_token_is_found_while_it_lives_longer_than_asked() {
        let cache = TokenCache::default();
        cache.put(key(1), token(1301), at(0));
        let five_minutes = Duration::from_secs(300);
        assert!(cache.get(&key(1), at(1000), five_minutes).is_some());
        assert!(cache.get(&key(1), at(1001), five_minutes).is_none());
        assert!(cache.get(&key(1), at(1001), Duration::ZERO).is_some());
        assert!(cache.get(&key(2), at(0), Duration::ZERO).is_none());
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
            cache.put(key(name), token(expires_on), at(0));
        }
        cache.put(key(CAPACITY), token(9_999_999), at(6));
        assert_eq!(cache.lock().len(), CAPACITY - 9);
        for name in 0..10 {
            cache.put(key(CAPACITY + 1 + name), token(9_999_999), at(6));
        }
        assert_eq!(cache.lock().len(), CAPACITY);
        assert!(cache.get(&key(10), at(6), Duration::ZERO).is_none());
        assert!(cache.get(&key(11), at(6), Duration::ZERO).is_some());
    }

    #[test]
    fn a_clock_that_is_set_back_revives_nothing_and_one_that_slept_keeps_nothing() {
        let cache = TokenCache::default();
        let start = at(0);
        cache.put(key(1), token(3600), start);
        let an_hour_later = start.monotonic + Duration::from_secs(3600);
        let set_back = Moment {
            monotonic: an_hour_later,
            ..start
        };
        assert!(cache.get(&key(1), set_back, Duration::ZERO).is_none());
        let slept = Moment {
            wall: from_unix_seconds(3600),
            ..start
        };
        assert!(cache.get(&key(1), slept, Duration::ZERO).is_none());
        assert!(cache.get(&key(1), start, Duration::ZERO).is_some());
    }
}

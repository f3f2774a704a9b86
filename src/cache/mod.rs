//! Tokens kept in memory until they expire.

pub mod refresh_tokens;

mod key;
mod last_token;
mod ring;
mod shard;
mod timeline;
mod wheel;

use std::sync::{Arc, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use crossbeam_utils::sync::ShardedLock;

pub use key::CacheKey;
use shard::{End, Limits, Shard};
use timeline::{Point, Timeline, micros_since_1970};

use crate::base::clock::Moment;
use crate::base::jitter;
use crate::token::{SharedToken, Token};

/// A token that lives long enough, found in the cache.
pub struct Hit {
    /// The token.
    pub token: SharedToken,
    /// Whether this caller should renew the token early. No other caller is told so until the token is renewed, or
    /// until a pause has passed without success.
    pub renewal_due: bool,
    /// How much longer the token lives, by the clock that says less.
    pub lifetime: Duration,
}

/// Tokens by key. The size is bounded: a full cache drops expired tokens, then the least recently used ones (to the
/// minute).
///
/// A hit allocates nothing and does not wait for other hits: each reading thread locks its own shard of a lock, and
/// threads that keep using the same token have reference counts of their own. Adding a token locks one part of the
/// cache.
#[derive(Debug)]
pub struct TokenCache {
    parts: Box<[Part]>,
    limits: Limits,
    timeline: Timeline,
}

/// A part with its lock, created when it is first needed.
#[derive(Debug, Default)]
struct Part(OnceLock<Box<ShardedLock<Shard>>>);

/// The most tokens in a cache.
const ENTRIES: usize = 1 << 20;

/// The most memory for the tokens of a cache, in bytes.
const BYTES: usize = 2 << 30;

/// The parts of a cache. The lock of each one takes a kilobyte.
const PARTS: usize = 16;

/// How long after the start of an early renewal that brings no token another one may start.
const RENEWAL_PAUSE: Duration = Duration::from_secs(30);

/// The latest early renewal before the expiry. If the service suggests no time, a token is renewed in the last tenth of
/// its life, but no later than this.
const LATEST_RENEWAL: Duration = Duration::from_secs(300);

impl Default for TokenCache {
    fn default() -> Self {
        Self::new(PARTS, ENTRIES, BYTES, Instant::now())
    }
}

impl TokenCache {
    /// The cache that clients of this process may share.
    pub fn of_process() -> Arc<Self> {
        static CACHE: OnceLock<Arc<TokenCache>> = OnceLock::new();
        Arc::clone(CACHE.get_or_init(Arc::default))
    }

    /// A cache with limits for its tokens and their memory in bytes. No time in it is before `start`.
    fn new(parts: usize, entries: usize, bytes: usize, start: Instant) -> Self {
        Self {
            parts: (0..parts).map(|_| Part::default()).collect(),
            limits: Limits {
                entries: entries / parts,
                bytes: bytes / parts,
            },
            timeline: Timeline::new(start),
        }
    }

    /// The token for `key`, if at `now` it lives for longer than `minimum_lifetime`.
    ///
    /// Both clocks must agree: the wall clock may have been set back, and the monotonic one may have stood still while
    /// the machine slept.
    pub fn get(&self, key: &CacheKey, now: Moment, minimum_lifetime: Duration) -> Option<Hit> {
        let now = self.timeline.point(now);
        let lock = self.part(key).0.get()?;
        let (hit, needs_replica, is_to_be_noted) = {
            let shard = lock.read().unwrap_or_else(PoisonError::into_inner);
            let slot = shard.find(key)?;
            let (token, needs_replica) = last_token::share(slot.token_until(now.after(minimum_lifetime))?);
            let renewal_due = slot.claims_renewal(now, || next_renewal(now));
            let hit = Hit {
                token,
                renewal_due,
                lifetime: slot.lifetime(now),
            };
            (hit, needs_replica, slot.was_not_used_lately(now))
        };
        if needs_replica || is_to_be_noted {
            // If another thread has the lock, a later use does it.
            if let Ok(mut shard) = lock.try_write() {
                if is_to_be_noted {
                    shard.touch(key, now);
                }
                let replica = needs_replica.then(|| shard.replicate(key, &hit.token)).flatten();
                replica.inspect(last_token::remember);
            }
        }
        Some(hit)
    }

    /// Keeps `token` for `key`, in place of an older one.
    pub fn put(&self, key: CacheKey, token: Arc<Token>, now: Moment) {
        let point = self.timeline.point(now);
        let life = token.expires_on.duration_since(now.wall).unwrap_or_default();
        let end = End {
            wall: micros_since_1970(token.expires_on),
            monotonic: point.after(life).monotonic_seconds(),
        };
        let renew_at = micros_since_1970(renew_at(&token, now.wall));
        let new = || Box::new(ShardedLock::new(Shard::new(self.limits, point.monotonic_seconds())));
        let lock = self.part(&key).0.get_or_init(new);
        let dropped = {
            let mut shard = lock.write().unwrap_or_else(PoisonError::into_inner);
            shard.put(key, token, end, renew_at, point)
        };
        // Dropped without the lock: there may be many tokens, and the memory of each is overwritten.
        drop(dropped);
    }

    /// The tokens that are there, in no order.
    pub fn tokens(&self) -> Vec<Arc<Token>> {
        let shards = self.parts.iter().filter_map(|part| part.0.get());
        shards
            .flat_map(|lock| lock.read().unwrap_or_else(PoisonError::into_inner).tokens())
            .collect()
    }

    /// Forgets the tokens that `is_meant` names, and returns them.
    pub fn remove(&self, is_meant: impl Fn(&Token) -> bool) -> Vec<Arc<Token>> {
        let shards = self.parts.iter().filter_map(|part| part.0.get());
        shards
            .flat_map(|lock| {
                lock.write()
                    .unwrap_or_else(PoisonError::into_inner)
                    .remove_all(&is_meant)
            })
            .collect()
    }

    /// Forgets every token.
    pub fn clear(&self) {
        for lock in self.parts.iter().filter_map(|part| part.0.get()) {
            let dropped = lock.write().unwrap_or_else(PoisonError::into_inner).clear();
            drop(dropped);
        }
    }

    fn part(&self, key: &CacheKey) -> &Part {
        // The index of a part uses the lower bits and the highest few.
        let parts = self.parts.len() as u64;
        let number = (key.hash() >> 32) % parts;
        &self.parts[usize::try_from(number).unwrap_or_default()]
    }
}

/// When the renewal is due again if a caller starts one at `now`.
fn next_renewal(now: Point) -> i64 {
    now.after(RENEWAL_PAUSE + jitter::up_to(RENEWAL_PAUSE)).wall
}

/// When to renew `token`, issued at `now`: when the service suggests, or else in the last part of its life. A random
/// part of up to a tenth of the remaining life is added, which keeps processes from renewing together.
fn renew_at(token: &Token, now: SystemTime) -> SystemTime {
    let life = token.expires_on.duration_since(now).unwrap_or_default();
    let by_itself = || now + life.saturating_sub(LATEST_RENEWAL.max(life / 10)).max(life / 2);
    let start = token.refresh_on.unwrap_or_else(by_itself);
    let left = token.expires_on.duration_since(start).unwrap_or_default();
    start + jitter::up_to(left / 10)
}

#[cfg(test)]
mod model;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::from_unix_seconds;
    use crate::base::digest::Digest;
    use crate::base::secret::Secret;
    use crate::token::Holder;

    fn key(name: usize) -> CacheKey {
        CacheKey::new(Digest::of(&[b"client"]), Digest::of(&[&name.to_le_bytes()]))
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
    fn a_token_is_found_while_it_lives_longer_than_the_minimum() {
        let cache = TokenCache::default();
        cache.put(key(1), token(1301), at(0));
        let five_minutes = Duration::from_secs(300);
        assert!(cache.get(&key(1), at(1000), five_minutes).is_some());
        assert!(cache.get(&key(1), at(1001), five_minutes).is_none());
        assert!(cache.get(&key(1), at(1001), Duration::ZERO).is_some());
        assert!(cache.get(&key(2), at(0), Duration::ZERO).is_none());
    }

    #[test]
    fn neither_a_clock_that_is_set_back_nor_one_that_stood_still_revives_a_token() {
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

    #[test]
    fn one_caller_renews_a_token_and_another_one_after_a_pause() {
        let cache = TokenCache::default();
        let start = at(0);
        cache.put(key(1), token(3600), start);
        let due = |seconds| {
            let now = Moment {
                wall: from_unix_seconds(seconds),
                ..start
            };
            cache.get(&key(1), now, Duration::ZERO).unwrap().renewal_due
        };
        assert!(!due(3239));
        assert_eq!([due(3400), due(3400), due(3429)], [true, false, false]);
        assert_eq!([due(3460), due(3460)], [true, false]);
    }

    #[test]
    fn a_cleared_cache_is_empty_and_can_be_used_again() {
        let cache = TokenCache::default();
        for name in 0..100 {
            cache.put(key(name), token(3600), at(0));
        }
        cache.clear();
        assert!((0..100).all(|name| cache.get(&key(name), at(0), Duration::ZERO).is_none()));
        cache.put(key(1), token(3600), at(0));
        assert!(cache.get(&key(1), at(0), Duration::ZERO).is_some());
    }

    #[test]
    fn all_parts_are_used() {
        let cache = TokenCache::new(16, 1_600, usize::MAX, Instant::now());
        for name in 0..1_000 {
            cache.put(key(name), token(3600), at(0));
        }
        assert!(cache.parts.iter().all(|part| part.0.get().is_some()));
        let kept = (0..1_000).filter(|name| cache.get(&key(*name), at(0), Duration::ZERO).is_some());
        assert_eq!(kept.count(), 1_000);
    }
}

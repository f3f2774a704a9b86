//! Compares the cache with a simple model in long sequences of random steps.

use std::sync::Arc;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::shard::OVERHEAD;
use super::{CacheKey, TokenCache};
use crate::base::clock::{Moment, from_unix_seconds};
use crate::base::digest::Digest;
use crate::base::secret::Secret;
use crate::token::{Holder, Token};

const ENTRIES: usize = 6;
const BYTES: usize = 6 * OVERHEAD;

#[derive(Clone, Debug)]
enum Step {
    Put {
        key: u8,
        life: u64,
        size: usize,
    },
    Get {
        key: u8,
        minimum_lifetime: u64,
    },
    /// The wall clock advances by `wall` seconds, the monotonic clock by `monotonic`.
    Wait {
        wall: i64,
        monotonic: u64,
    },
    Clear,
}

fn step() -> impl Strategy<Value = Step> {
    let key = 0..10_u8;
    prop_oneof![
        6 => (key.clone(), 1..5_000_u64, 0..2 * OVERHEAD)
            .prop_map(|(key, life, size)| Step::Put { key, life, size }),
        6 => (key, 0..600_u64).prop_map(|(key, minimum_lifetime)| Step::Get { key, minimum_lifetime }),
        3 => prop_oneof![0..300_u64, Just(60)].prop_map(|seconds| Step::Wait {
            wall: i64::try_from(seconds).unwrap(),
            monotonic: seconds,
        }),
        1 => (-300..300_i64, 0..5_000_u64).prop_map(|(wall, monotonic)| Step::Wait { wall, monotonic }),
        1 => Just(Step::Clear),
    ]
}

/// The tokens in the cache, least recently used first.
#[derive(Default)]
struct Model {
    entries: Vec<Entry>,
}

struct Entry {
    key: u8,
    token: Arc<Token>,
    ends_by_wall: i64,
    ends_by_monotonic: u64,
    used_at: u64,
}

impl Model {
    fn put(&mut self, key: u8, token: Arc<Token>, life: u64, wall: i64, monotonic: u64) {
        self.entries
            .retain(|entry| entry.key != key && entry.ends_by_monotonic > monotonic);
        let size = size_of(&token);
        if size > BYTES {
            return;
        }
        while self.entries.len() >= ENTRIES || self.bytes() + size > BYTES {
            self.entries.remove(0);
        }
        self.entries.push(Entry {
            key,
            token,
            ends_by_wall: wall + i64::try_from(life).unwrap(),
            ends_by_monotonic: monotonic + life,
            used_at: monotonic,
        });
    }

    fn get(&mut self, key: u8, minimum_lifetime: u64, wall: i64, monotonic: u64) -> Option<Arc<Token>> {
        let place = self.entries.iter().position(|entry| entry.key == key)?;
        let entry = &self.entries[place];
        let lives = entry.ends_by_wall > wall + i64::try_from(minimum_lifetime).unwrap()
            && entry.ends_by_monotonic > monotonic + minimum_lifetime;
        let token = lives.then(|| Arc::clone(&entry.token))?;
        if monotonic >= entry.used_at + 60 {
            let mut entry = self.entries.remove(place);
            entry.used_at = monotonic;
            self.entries.push(entry);
        }
        Some(token)
    }

    fn bytes(&self) -> usize {
        self.entries.iter().map(|entry| size_of(&entry.token)).sum()
    }
}

fn size_of(token: &Token) -> usize {
    OVERHEAD + token.access_token.expose().len()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_cache_behaves_like_the_model(steps in prop::collection::vec(step(), 1..200)) {
        let start = Instant::now();
        let (cache, mut model) = (TokenCache::new(1, ENTRIES, BYTES, start), Model::default());
        let (mut wall, mut monotonic) = (1_800_000_000, 0);
        for step in steps {
            let now = Moment {
                wall: from_unix_seconds(wall),
                monotonic: start + Duration::from_secs(monotonic),
            };
            match step {
                Step::Put { key, life, size } => {
                    let token = token(size, wall + i64::try_from(life).unwrap());
                    cache.put(key_of(key), Arc::clone(&token), now);
                    model.put(key, token, life, wall, monotonic);
                }
                Step::Get { key, minimum_lifetime } => {
                    let hit = cache.get(&key_of(key), now, Duration::from_secs(minimum_lifetime));
                    let expected = model.get(key, minimum_lifetime, wall, monotonic);
                    let found = hit.map(|hit| std::ptr::from_ref::<Token>(&hit.token));
                    prop_assert_eq!(found, expected.as_ref().map(Arc::as_ptr));
                }
                Step::Wait { wall: by, monotonic: seconds } => {
                    wall += by;
                    monotonic += seconds;
                }
                Step::Clear => {
                    cache.clear();
                    model = Model::default();
                }
            }
            let size = cache.parts[0].0.get().map_or((0, 0), |lock| lock.read().unwrap().size());
            prop_assert_eq!(size, (model.entries.len(), model.bytes()));
        }
    }
}

fn key_of(name: u8) -> CacheKey {
    CacheKey::new(Digest::of(&[b"client"]), Digest::of(&[&[name]]))
}

fn token(size: usize, expires_on: i64) -> Arc<Token> {
    Arc::new(Token {
        access_token: Secret::new(vec![b't'; size]),
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

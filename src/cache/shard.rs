//! A part of the cache with a lock of its own.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use hashbrown::HashTable;

use crate::cache::key::CacheKey;
use crate::cache::ring::Rings;
use crate::cache::timeline::{MICROS, Point};
use crate::cache::wheel::Wheel;
use crate::token::{Replica, Token};

/// Some of the tokens. Lookup, insertion and eviction take constant time.
#[derive(Debug)]
pub struct Shard {
    limits: Limits,
    /// The number of the slot that holds a key's token.
    index: HashTable<u32>,
    slots: Vec<Slot>,
    /// The slots in use, most recently used first, and the free slots.
    recency: Rings,
    expiry: Wheel,
    /// Replicas for threads that keep using the same token, by slot. The oldest are dropped first.
    replicas: VecDeque<(u32, Arc<Replica>)>,
    bytes: usize,
}

/// How much a shard may hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most tokens.
    pub entries: usize,
    /// The most memory, in bytes.
    pub bytes: usize,
}

/// A token with its key and its times. A lookup reads all of it, so it is one cache line of the processor.
#[derive(Debug)]
#[repr(align(64))]
pub struct Slot {
    key: CacheKey,
    /// `None` in a free slot.
    token: Option<Arc<Token>>,
    /// As in `End::wall`.
    ends_by_wall: i64,
    /// When the early renewal is due, by the wall clock. Moved forward when a caller starts one.
    renew_at: AtomicI64,
    /// As in `End::monotonic`.
    ends_by_monotonic: u32,
    /// Seconds of the monotonic clock.
    used_at: u32,
}
const _: () = assert!(size_of::<Slot>() == 64);

/// When a token expires.
#[derive(Clone, Copy, Debug)]
pub struct End {
    /// Microseconds by the wall clock.
    pub wall: i64,
    /// Seconds by the monotonic clock.
    pub monotonic: u32,
}

/// The lists of `Shard::recency`.
const IN_USE: u32 = 0;
const FREE: u32 = 1;

/// The memory of a token beside its text, in bytes, rounded up: its slot, its share of index and lists, the other
/// fields of the token, and the overhead of the allocator.
pub const OVERHEAD: usize = 300;

/// A use is noted only if the last noted one is this many seconds old: noting one takes the exclusive lock.
const RECENCY: u32 = 60;

/// The most expired tokens that one insertion drops, which limits the time it takes.
const SWEEP: usize = 64;

/// The most replicas in a shard.
const REPLICAS: usize = 64;

impl Shard {
    /// An empty shard. `now` is in seconds of the monotonic clock.
    pub fn new(limits: Limits, now: u32) -> Self {
        Self {
            limits,
            index: HashTable::new(),
            slots: Vec::new(),
            recency: Rings::new(2),
            expiry: Wheel::new(now.into()),
            replicas: VecDeque::new(),
            bytes: 0,
        }
    }

    /// The slot for `key`.
    pub fn find(&self, key: &CacheKey) -> Option<&Slot> {
        self.place(key).map(|place| &self.slots[place as usize])
    }

    /// Notes that the token for `key` has been used.
    pub fn touch(&mut self, key: &CacheKey, now: Point) {
        if let Some(place) = self.place(key) {
            self.recency.put_first(IN_USE, place);
            self.slots[place as usize].used_at = now.monotonic_seconds();
        }
    }

    /// Makes a replica of the token for `key`, if it is still `token`. The replica is dropped with the token at the
    /// latest.
    pub fn replicate(&mut self, key: &CacheKey, token: &Token) -> Option<Arc<Replica>> {
        let place = self.place(key)?;
        let kept = self.slots[place as usize].token.as_ref();
        let kept = kept.filter(|kept| std::ptr::eq(Arc::as_ptr(kept), token))?;
        let replica = Arc::new(Replica(Arc::clone(kept)));
        if self.replicas.len() == REPLICAS {
            self.replicas.pop_front();
        }
        self.replicas.push_back((place, Arc::clone(&replica)));
        Some(replica)
    }

    /// Keeps `token` for `key` in place of an older one. Evicts expired tokens, then the least recently used ones.
    /// Returns the tokens that are no longer kept: the caller drops them without the lock.
    pub fn put(&mut self, key: CacheKey, token: Arc<Token>, end: End, renew_at: i64, now: Point) -> Vec<Arc<Token>> {
        let mut dropped = Vec::new();
        let size = bytes_of(&token);
        if let Some(place) = self.place(&key) {
            dropped.extend(self.remove(place));
        }
        self.sweep(now, &mut dropped);
        if size > self.limits.bytes || self.limits.entries == 0 {
            dropped.push(token);
            return dropped;
        }
        while self.index.len() >= self.limits.entries || self.bytes + size > self.limits.bytes {
            let Some(place) = self.recency.last(IN_USE) else { break };
            dropped.extend(self.remove(place));
        }
        let slot = Slot {
            key,
            token: Some(token),
            ends_by_wall: end.wall,
            renew_at: AtomicI64::new(renew_at),
            ends_by_monotonic: end.monotonic,
            used_at: now.monotonic_seconds(),
        };
        self.bytes += size;
        self.insert(slot);
        dropped
    }

    /// Forgets all tokens and returns them: the caller drops them without the lock.
    pub fn clear(&mut self) -> Vec<Arc<Token>> {
        let mut dropped = Vec::with_capacity(self.index.len());
        while let Some(place) = self.recency.last(IN_USE) {
            dropped.extend(self.remove(place));
        }
        dropped
    }

    /// The tokens, in no order.
    pub fn tokens(&self) -> Vec<Arc<Token>> {
        self.slots.iter().filter_map(|slot| slot.token.clone()).collect()
    }

    /// Forgets the tokens that `is_meant` names, and returns them: the caller drops them without the lock.
    pub fn remove_all(&mut self, is_meant: impl Fn(&Token) -> bool) -> Vec<Arc<Token>> {
        let is_meant = |slot: &Slot| slot.token.as_deref().is_some_and(&is_meant);
        let places = (0u32..).zip(&self.slots).filter(|(_, slot)| is_meant(slot));
        let places: Vec<u32> = places.map(|(place, _)| place).collect();
        places.into_iter().filter_map(|place| self.remove(place)).collect()
    }

    /// The number of tokens, and their memory in bytes.
    #[cfg(test)]
    pub fn size(&self) -> (usize, usize) {
        (self.index.len(), self.bytes)
    }

    fn sweep(&mut self, now: Point, dropped: &mut Vec<Arc<Token>>) {
        for _ in 0..SWEEP {
            let slots = &self.slots;
            let expiry = |place: u32| slots[place as usize].ends_by_monotonic.into();
            let expired = self.expiry.expired(now.monotonic_seconds().into(), expiry);
            let Some(place) = expired else { return };
            dropped.extend(self.remove(place));
        }
    }

    fn insert(&mut self, slot: Slot) {
        let (key, expiry) = (slot.key, slot.ends_by_monotonic.into());
        let place = match self.recency.last(FREE) {
            Some(place) => {
                self.slots[place as usize] = slot;
                place
            }
            None => self.add(slot),
        };
        self.recency.put_first(IN_USE, place);
        self.expiry.enter(place, expiry);
        let slots = &self.slots;
        self.index
            .insert_unique(key.hash(), place, |&place| slots[place as usize].key.hash());
    }

    fn add(&mut self, slot: Slot) -> u32 {
        // The limits of a cache are far below the numbers of 32 bits.
        let place = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        self.slots.push(slot);
        self.recency.add_place();
        self.expiry.add_place();
        place
    }

    fn remove(&mut self, place: u32) -> Option<Arc<Token>> {
        let slot = &mut self.slots[place as usize];
        let token = slot.token.take();
        self.bytes -= token.as_deref().map_or(0, bytes_of);
        let entry = self.index.find_entry(slot.key.hash(), |&other| other == place);
        if let Ok(entry) = entry {
            entry.remove();
        }
        self.recency.put_first(FREE, place);
        self.expiry.leave(place);
        self.replicas.retain(|(of, _)| *of != place);
        token
    }

    fn place(&self, key: &CacheKey) -> Option<u32> {
        let is_it = |&place: &u32| self.slots[place as usize].key == *key;
        self.index.find(key.hash(), is_it).copied()
    }
}

impl Slot {
    /// The token, if it expires after `time` by both clocks.
    pub fn token_until(&self, time: Point) -> Option<&Arc<Token>> {
        let lives = self.ends_by_wall > time.wall && u64::from(self.ends_by_monotonic) * MICROS > time.monotonic;
        self.token.as_ref().filter(|_| lives)
    }

    /// How much longer the token lives, by the clock that says less.
    pub fn lifetime(&self, now: Point) -> Duration {
        let by_wall = u64::try_from(self.ends_by_wall.saturating_sub(now.wall)).unwrap_or_default();
        let by_monotonic = (u64::from(self.ends_by_monotonic) * MICROS).saturating_sub(now.monotonic);
        Duration::from_micros(by_wall.min(by_monotonic))
    }

    /// Whether the renewal is due and no other caller has claimed it. If so, it is due again at the time of `next`.
    pub fn claims_renewal(&self, now: Point, next: impl FnOnce() -> i64) -> bool {
        let due = self.renew_at.load(Ordering::Relaxed);
        due <= now.wall
            && self
                .renew_at
                .compare_exchange(due, next(), Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }

    /// Whether this use should be noted.
    pub fn was_not_used_lately(&self, now: Point) -> bool {
        now.monotonic_seconds() >= self.used_at + RECENCY
    }
}

fn bytes_of(token: &Token) -> usize {
    let user = token.user.as_deref().map_or(0, |user| {
        let secrets = [&user.refresh_token, &user.id_token];
        let secrets = secrets
            .iter()
            .map(|secret| secret.as_ref().map_or(0, |secret| secret.expose().len()));
        mem::size_of_val(user) + secrets.sum::<usize>() + user.username.len()
    });
    OVERHEAD + token.access_token.expose().len() + user
}

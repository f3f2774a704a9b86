//! Which assertions have been used.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::clock::Moment;

/// The `jti` of every assertion that was accepted, until it expires (RFC 7523 section 3, item 7). Of more than
/// [`MOST`], those that expire first are forgotten.
pub(crate) struct UsedAssertions(Mutex<Used>);

struct Used {
    /// By the digest of client and `jti`, which may be long.
    expiry: HashMap<[u8; 32], Moment>,
    /// At this many entries the expired ones are thrown out; doubling it keeps that cheap.
    full: usize,
}

impl UsedAssertions {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Used {
            expiry: HashMap::new(),
            full: SMALLEST_FULL,
        }))
    }

    /// Notes the use of `jti` by the client; `false` when it was used before.
    pub(crate) fn note(&self, client_id: &str, jti: &str, expiry: Moment, now: Moment) -> bool {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if used.expiry.len() >= used.full {
            used.expiry.retain(|_, expiry| *expiry > now);
            used.forget_surplus();
            used.full = MOST.min(SMALLEST_FULL.max(used.expiry.len() * 2));
        }
        used.expiry.insert(digest(client_id, jti), expiry).is_none()
    }
}

impl Used {
    /// Leaves at most half as many as there may be.
    fn forget_surplus(&mut self) {
        if self.expiry.len() < MOST {
            return;
        }
        let mut ends: Vec<Moment> = self.expiry.values().copied().collect();
        let surplus = ends.len() - MOST / 2;
        let (_, last, _) = ends.select_nth_unstable(surplus);
        let last = *last;
        self.expiry.retain(|_, expiry| *expiry > last);
    }
}

const SMALLEST_FULL: usize = 1024;

/// They take some 10 MB of memory.
const MOST: usize = 128 * 1024;

fn digest(client_id: &str, jti: &str) -> [u8; 32] {
    Sha256::digest([Sha256::digest(client_id), Sha256::digest(jti)].concat()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_expired_entries_are_thrown_out() {
        let (used, now) = (UsedAssertions::new(), Moment::from_unix(1000));
        assert!(used.note("client", "kept", now.plus(1), now));
        for number in 1..SMALLEST_FULL {
            assert!(used.note("client", &number.to_string(), now, now));
        }
        assert!(used.note("client", "one more", now.plus(1), now));
        assert!(!used.note("client", "kept", now.plus(1), now));
        assert!(used.note("client", "1", now, now));
        assert!(used.note("other client", "kept", now, now));
    }

    #[test]
    fn of_too_many_those_that_expire_first_are_forgotten() {
        let (used, now) = (UsedAssertions::new(), Moment::from_unix(1000));
        assert!(used.note("client", "first", now.plus(1), now));
        assert!(used.note("client", "last", now.plus(1_000_000), now));
        let others = (0..MOST as u64).map(|number| {
            let mut digest = [0; 32];
            digest[..8].copy_from_slice(&number.to_le_bytes());
            (digest, now.plus(1000))
        });
        used.0.lock().unwrap().expiry.extend(others);
        assert!(used.note("client", "new", now.plus(1000), now));
        assert!(used.0.lock().unwrap().expiry.len() <= MOST);
        assert!(!used.note("client", "last", now.plus(1), now));
        assert!(used.note("client", "first", now.plus(1), now));
    }
}

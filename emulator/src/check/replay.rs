//! Which assertions have been used.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::clock::Moment;

/// The `jti` of every assertion that was accepted, until it expires (RFC 7523 section 3, item 7).
pub(crate) struct UsedAssertions(Mutex<Used>);

struct Used {
    expiry: HashMap<(String, String), Moment>,
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
            used.full = SMALLEST_FULL.max(used.expiry.len() * 2);
        }
        used.expiry
            .insert((client_id.to_owned(), jti.to_owned()), expiry)
            .is_none()
    }
}

const SMALLEST_FULL: usize = 1024;

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
}

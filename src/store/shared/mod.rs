//! Tokens that several processes and machines share in a place that need not be trusted.

pub mod cipher;
pub mod circuit_breaker;
pub mod format;
pub mod name;
pub mod records;

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use crate::base::clock::Clock;
use crate::base::correlation_id::random_uuid;
use crate::base::error::Result;
use crate::base::jitter;
use crate::store::key::StoreKey;
use crate::store::shared::cipher::RecordCipher;
use crate::store::shared::name::RecordNames;
use crate::store::shared::records::RecordStore;
use crate::store::{Found, TokenStore, Turn, Wanted};
use crate::token::Token;

/// Names, seals and opens records, and lets one process at a time ask the service for the same token.
///
/// A place that fails is not used for a while. Meanwhile no token is found, and no caller waits for a turn.
pub struct SharedStore {
    records: Arc<dyn RecordStore>,
    names: RecordNames,
    cipher: RecordCipher,
    clock: Arc<dyn Clock>,
    /// Whether a record that does not open was logged: only the first one is.
    has_reported_damage: AtomicBool,
}

/// The longest turn. It is longer than almost every request, and others wait that long for a process that died. If a
/// request takes longer, another process may send one too, which does no harm.
const TURN: Duration = Duration::from_secs(10);

/// The longest wait: for the turn of a process that died, and for the turn of another process after that.
const LONGEST_WAIT: Duration = Duration::from_secs(2 * TURN.as_secs());

/// The first and the longest pause between two attempts to get a turn.
const PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// How long a refresh token is kept. An unused one expires after that time ("Refresh tokens in the Microsoft identity
/// platform: Token lifetime").
const REFRESH_TOKEN_LIFETIME: Duration = Duration::from_secs(90 * 24 * 60 * 60);

impl SharedStore {
    /// A store that keeps tokens in `records`, sealed with `key`.
    pub fn new(records: Arc<dyn RecordStore>, key: &StoreKey, clock: Arc<dyn Clock>) -> Self {
        Self {
            records,
            names: RecordNames::new(key),
            cipher: RecordCipher::new(key),
            clock,
            has_reported_damage: AtomicBool::new(false),
        }
    }

    fn hold(&self, lock: String, owner: String) -> Box<dyn Any + Send> {
        Box::new(Hold {
            records: Arc::clone(&self.records),
            clock: Arc::clone(&self.clock),
            lock,
            owner,
        })
    }

    fn open(&self, name: &str, record: &[u8]) -> Option<Token> {
        let token = self.cipher.open(name, record);
        if token.is_none() && !self.has_reported_damage.swap(true, Ordering::Relaxed) {
            log::warn!(
                "a stored token cannot be read and will be replaced: it is damaged, or was stored with another key or \
                 by another version"
            );
        }
        token
    }
}

impl TokenStore for SharedStore {
    fn find(&self, wanted: &Wanted<'_>) -> Result<Found> {
        let name = self.names.name(wanted);
        let record = attempt(&*self.records, &*self.clock, |records| records.read(&name))?.flatten();
        let token = record.and_then(|record| self.open(&name, &record));
        let given = wanted.grant.refresh_token();
        let newest = token.as_ref().and_then(Token::refresh_token);
        Ok(Found {
            refresh_token: newest
                .filter(|newest| given.is_some_and(|given| given != *newest))
                .cloned(),
            token,
        })
    }

    fn keep(&self, wanted: &Wanted<'_>, token: &Token, now: SystemTime) -> Result<()> {
        let left = token.expires_on.duration_since(now).unwrap_or_default();
        let name = self.names.name(wanted);
        let lifetime = match wanted.grant.refresh_token() {
            Some(_) => left.max(REFRESH_TOKEN_LIFETIME),
            None => left,
        };
        if lifetime.is_zero() {
            if wanted.refuses_older {
                attempt(&*self.records, &*self.clock, |records| records.remove(&name))?;
            }
            return Ok(());
        }
        let record = self.cipher.seal(&name, token)?;
        attempt(&*self.records, &*self.clock, |records| {
            records.write(&name, &record, lifetime)
        })
        .map(drop)
    }

    fn forget_refresh_token(&self, wanted: &Wanted<'_>) -> Result<()> {
        let name = self.names.name(wanted);
        attempt(&*self.records, &*self.clock, |records| records.remove(&name)).map(drop)
    }

    fn take_turn(&self, wanted: &Wanted<'_>, patience: Duration) -> Result<Turn> {
        let lock = format!("{}:turn", self.names.name(wanted));
        let owner = random_uuid()?;
        let end = self.clock.monotonic() + patience.min(LONGEST_WAIT);
        let mut pause = PAUSE;
        let mut others_were_first = false;
        loop {
            let hold = match attempt(&*self.records, &*self.clock, |records| {
                records.lock(&lock, &owner, TURN)
            })? {
                None => None,
                Some(true) => Some(self.hold(lock, owner)),
                Some(false) => {
                    others_were_first = true;
                    let left = end.saturating_duration_since(self.clock.monotonic());
                    if !left.is_zero() {
                        self.clock.sleep((pause / 2 + jitter::up_to(pause / 2)).min(left));
                        pause = (pause * 2).min(LONGEST_PAUSE);
                        continue;
                    }
                    None
                }
            };
            return Ok(Turn {
                hold,
                others_were_first,
            });
        }
    }
}

impl fmt::Debug for SharedStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SharedStore")
            .field("records", &self.records)
            .finish_non_exhaustive()
    }
}

/// A turn, until it is dropped.
struct Hold {
    records: Arc<dyn RecordStore>,
    clock: Arc<dyn Clock>,
    lock: String,
    owner: String,
}

impl Drop for Hold {
    fn drop(&mut self) {
        let unlock = |records: &dyn RecordStore| records.unlock(&self.lock, &self.owner);
        if let Err(error) = attempt(&*self.records, &*self.clock, unlock) {
            log::info!(
                "cannot end the turn, and other processes may wait up to {} s: {error}",
                TURN.as_secs()
            );
        }
    }
}

/// Runs `operation` on the records; `None` while the circuit is open.
fn attempt<T>(
    records: &dyn RecordStore,
    clock: &dyn Clock,
    operation: impl FnOnce(&dyn RecordStore) -> Result<T>,
) -> Result<Option<T>> {
    if !records.breaker().allows(clock.monotonic()) {
        return Ok(None);
    }
    let outcome = operation(records);
    records.breaker().record(outcome.is_ok(), clock.monotonic());
    outcome.map(Some)
}

//! A place for records: bytes under names. Others may read them, but cannot decrypt them.

use std::fmt;
use std::time::Duration;

use crate::base::error::Result;
use crate::base::time_limited::Callee;
use crate::store::shared::circuit_breaker::CircuitBreaker;

/// The time limit of one operation. The service usually issues a token in less time.
pub const TIME_LIMIT: Duration = Duration::from_secs(1);

/// The store, as what is given limited time.
pub const STORE: Callee = Callee {
    thread: "graphtoken-store",
    name: "the token store",
    hint: "Check the token store. Until it answers again, tokens are kept in memory only.",
};

/// The size of the largest record, in bytes. A token with many groups has some ten thousand.
pub const LARGEST_RECORD: usize = 1024 * 1024;

/// Keeps records for all processes that share tokens. Several threads use it at once.
///
/// Every operation returns within [`TIME_LIMIT`] or a little more.
pub trait RecordStore: fmt::Debug + Send + Sync {
    /// The record under `name`.
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>>;

    /// Puts `record` under `name`, in place of an older one, for `lifetime`.
    fn write(&self, name: &str, record: &[u8], lifetime: Duration) -> Result<()>;

    /// Removes the record under `name`, if there is one.
    fn remove(&self, name: &str) -> Result<()>;

    /// Gives the lock `name` to `owner` for `lifetime`. Returns `false` if another owner has it.
    fn lock(&self, name: &str, owner: &str, lifetime: Duration) -> Result<bool>;

    /// Releases the lock `name`, if `owner` still has it.
    fn unlock(&self, name: &str, owner: &str) -> Result<()>;

    /// The circuit breaker of the place.
    fn breaker(&self) -> &CircuitBreaker;
}

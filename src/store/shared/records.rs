//! A place for records: bytes under names, which others may read but not understand.

use std::fmt;
use std::time::Duration;

use crate::base::error::Result;
use crate::store::shared::circuit_breaker::Breaker;

/// How long one operation may take. A token from the service takes less than that most of the time.
pub const TIME_LIMIT: Duration = Duration::from_secs(1);

/// The largest record, in bytes. A token with many groups has some ten thousand.
pub const LARGEST_RECORD: usize = 1024 * 1024;

/// Keeps records for all processes that share tokens. Used from many threads at once.
///
/// Every operation returns within [`TIME_LIMIT`] or a little more.
pub trait RecordStore: fmt::Debug + Send + Sync {
    /// The record under `name`.
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>>;

    /// Puts `record` under `name`, in place of an older one, for `lifetime`.
    fn write(&self, name: &str, record: &[u8], lifetime: Duration) -> Result<()>;

    /// Removes the record under `name`, if there is one.
    fn remove(&self, name: &str) -> Result<()>;

    /// Gives the lock `name` to `owner` for `lifetime`, and says so; `false` when somebody else has it.
    fn lock(&self, name: &str, owner: &str, lifetime: Duration) -> Result<bool>;

    /// Gives the lock `name` back, if `owner` still has it.
    fn unlock(&self, name: &str, owner: &str) -> Result<()>;

    /// Keeps callers away while the place does not work.
    fn breaker(&self) -> &Breaker;
}

//! The callbacks of a `gt_token_store`.

use std::ffi::c_void;
use std::time::Duration;

use crate::base::error::{Error, Result, Status};
use crate::ffi::argument::null;
use crate::store::shared::records::LARGEST_RECORD;

/// What a callback of a token store returns when there is no such record, or when another owner holds the lock.
pub const GT_TOKEN_STORE_NONE: i32 = -1;

/// Room for a record at first; most have some thousand bytes.
const USUAL_RECORD: usize = 64 * 1024;

/// How often a record is read. The first time its length may be unknown, and before the second time it may grow.
const READS: usize = 3;

/// Reads the record under a name.
///
/// Gets `context`, the name (ASCII text with a zero byte behind it, which `name_len` does not count), and room for the
/// record with its size. Puts the record there and its length into `record_len`, and returns 0; returns
/// `GT_TOKEN_STORE_NONE` (-1) when there is none, anything else on failure. A record that is larger than the room is
/// not put there: only its length is told, and the callback is called again with so much room, and then once more with
/// 1 MiB. No record is larger.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct GtTokenStoreRead(
    pub(super)  Option<
        extern "C" fn(
            context: *mut c_void,
            name: *const u8,
            name_len: u64,
            record: *mut u8,
            record_capacity: u64,
            record_len: *mut u64,
        ) -> i32,
    >,
);

/// Keeps a record under a name, in place of an older one, for so many seconds. Returns 0, or anything else on failure.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct GtTokenStoreWrite(
    pub(super)  Option<
        extern "C" fn(
            context: *mut c_void,
            name: *const u8,
            name_len: u64,
            record: *const u8,
            record_len: u64,
            lifetime_seconds: u64,
        ) -> i32,
    >,
);

/// Removes the record under a name. Returns 0, also when there was none, or anything else on failure.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct GtTokenStoreRemove(
    pub(super) Option<extern "C" fn(context: *mut c_void, name: *const u8, name_len: u64) -> i32>,
);

/// Gives the lock of this name to `owner` (text like the name) for so many seconds, after which the lock is free.
/// Returns 0 when `owner` has it now, `GT_TOKEN_STORE_NONE` (-1) when another owner holds it, anything else on failure.
/// Does not wait. Must be one step for all processes.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct GtTokenStoreLock(
    pub(super)  Option<
        extern "C" fn(
            context: *mut c_void,
            name: *const u8,
            name_len: u64,
            owner: *const u8,
            owner_len: u64,
            lifetime_seconds: u64,
        ) -> i32,
    >,
);

/// Gives the lock of this name back if `owner` still has it. Returns 0, or anything else on failure.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct GtTokenStoreUnlock(
    pub(super)  Option<
        extern "C" fn(context: *mut c_void, name: *const u8, name_len: u64, owner: *const u8, owner_len: u64) -> i32,
    >,
);

/// Told once that `context` will not be used again.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct GtTokenStoreRelease(pub(super) Option<extern "C" fn(context: *mut c_void)>);

/// Callbacks of the caller's, with their context until it is released.
pub(super) struct Callbacks {
    pub(super) context: *mut c_void,
    pub(super) read: GtTokenStoreRead,
    pub(super) write: GtTokenStoreWrite,
    pub(super) remove: GtTokenStoreRemove,
    pub(super) lock: GtTokenStoreLock,
    pub(super) unlock: GtTokenStoreUnlock,
    pub(super) release: GtTokenStoreRelease,
}

// SAFETY: `gt_token_store_new` asks for callbacks that may be called with `context` from any thread, on several at once;
// nothing else is done with the pointer.
unsafe impl Send for Callbacks {}
// SAFETY: as above.
unsafe impl Sync for Callbacks {}

impl Callbacks {
    pub(super) fn check(&self) -> Result<()> {
        let missing = [
            ("read_record", self.read.0.is_none()),
            ("write_record", self.write.0.is_none()),
            ("remove_record", self.remove.0.is_none()),
            ("take_lock", self.lock.0.is_none() && self.unlock.0.is_some()),
            ("give_lock_back", self.unlock.0.is_none() && self.lock.0.is_some()),
        ];
        match missing.into_iter().find(|(_, is_missing)| *is_missing) {
            Some((name, _)) => Err(null(name)),
            None => Ok(()),
        }
    }

    pub(super) fn read(&self, name: &Name) -> Result<Option<Vec<u8>>> {
        let read = self.read.0.ok_or_else(|| null("read_record"))?;
        let mut room = USUAL_RECORD;
        let mut reads = 0;
        loop {
            reads += 1;
            let (mut record, mut length) = (vec![0; room], 0);
            let outcome = read(
                self.context,
                name.data(),
                name.len(),
                record.as_mut_ptr(),
                room as u64,
                &raw mut length,
            );
            if !is_there(outcome, "read_record")? {
                return Ok(None);
            }
            room = match usize::try_from(length) {
                Ok(length) if length <= room => {
                    record.truncate(length);
                    return Ok(Some(record));
                }
                Ok(length) if length <= LARGEST_RECORD && reads + 1 < READS => length,
                Ok(length) if length <= LARGEST_RECORD => LARGEST_RECORD,
                _ => {
                    return Err(failed(&format!(
                        "read_record found a record of {length} bytes, and the limit is {LARGEST_RECORD}"
                    )));
                }
            };
        }
    }

    pub(super) fn write(&self, name: &Name, record: &[u8], lifetime: Duration) -> Result<()> {
        let write = self.write.0.ok_or_else(|| null("write_record"))?;
        let (data, length) = (record.as_ptr(), record.len() as u64);
        let outcome = write(self.context, name.data(), name.len(), data, length, seconds(lifetime));
        succeeded(outcome, "write_record")
    }

    pub(super) fn remove(&self, name: &Name) -> Result<()> {
        let remove = self.remove.0.ok_or_else(|| null("remove_record"))?;
        succeeded(remove(self.context, name.data(), name.len()), "remove_record")
    }

    pub(super) fn lock(&self, name: &Name, owner: &Name, lifetime: Duration) -> Result<bool> {
        let lock = self.lock.0.ok_or_else(|| null("take_lock"))?;
        let (data, length) = (owner.data(), owner.len());
        let outcome = lock(self.context, name.data(), name.len(), data, length, seconds(lifetime));
        is_there(outcome, "take_lock")
    }

    pub(super) fn unlock(&self, name: &Name, owner: &Name) -> Result<()> {
        let unlock = self.unlock.0.ok_or_else(|| null("give_lock_back"))?;
        let outcome = unlock(self.context, name.data(), name.len(), owner.data(), owner.len());
        succeeded(outcome, "give_lock_back")
    }
}

impl Drop for Callbacks {
    fn drop(&mut self) {
        if let Some(release) = self.release.0 {
            release(self.context);
        }
    }
}

/// A text with a zero byte behind it.
pub(super) struct Name(Vec<u8>);

impl Name {
    pub(super) fn of(text: &str) -> Self {
        Self([text.as_bytes(), b"\0"].concat())
    }

    fn data(&self) -> *const u8 {
        self.0.as_ptr()
    }

    fn len(&self) -> u64 {
        self.0.len() as u64 - 1
    }
}

/// Rounded up, so that little is not nothing.
fn seconds(lifetime: Duration) -> u64 {
    lifetime.as_secs() + u64::from(lifetime.subsec_nanos() > 0)
}

fn is_there(outcome: i32, callback: &str) -> Result<bool> {
    match outcome {
        GT_TOKEN_STORE_NONE => Ok(false),
        outcome => succeeded(outcome, callback).map(|()| true),
    }
}

fn succeeded(outcome: i32, callback: &str) -> Result<()> {
    match outcome {
        0 => Ok(()),
        code => Err(failed(&format!("{callback} failed with the number {code}"))),
    }
}

fn failed(what: &str) -> Error {
    Error::new(
        Status::ConnectionFailed,
        format!("The token store's {what}."),
        "Look at the program that provides the store; tokens are kept in memory until it works again.",
    )
}

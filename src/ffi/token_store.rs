//! `gt_token_store`: a place of the caller's in which processes share tokens.

use std::ffi::c_void;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::base::clock::SystemClock;
use crate::base::error::{Error, Result, Status};
use crate::ffi::argument::null;
use crate::ffi::call::{call, free};
use crate::ffi::error::GtError;
use crate::ffi::handle::Object;
use crate::ffi::options::GtOptions;
use crate::ffi::text::GtStr;
use crate::store::TokenStore;
use crate::store::key::StoreKey;
use crate::store::shared::SharedStore;
use crate::store::shared::circuit_breaker::CircuitBreaker;
use crate::store::shared::records::{LARGEST_RECORD, RecordStore, TIME_LIMIT};
use crate::store::shared::time_limited::TimeLimited;

/// What a callback of a token store returns when there is no such record, or when somebody else has the lock.
pub const GT_TOKEN_STORE_NONE: i32 = -1;

/// Room for a record at first; most have some thousand bytes.
const USUAL_RECORD: usize = 64 * 1024;

/// Reads the record under a name.
///
/// Gets `context`, the name (ASCII text with a zero byte behind it, which `name_len` does not count), and room for the
/// record with its size. Puts the record there and its length into `record_len`, and returns 0; returns
/// `GT_TOKEN_STORE_NONE` (-1) when there is none, anything else on failure. A record that is larger than the room is not
/// put there: only its length is told, and the callback is called again with more room, up to 1 MiB.
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

/// Gives the lock of this name to `owner` (text like the name) for so many seconds, after which it is nobody's. Returns 0
/// when `owner` has it now, `GT_TOKEN_STORE_NONE` (-1) when somebody else has it, anything else on failure. Does not
/// wait. Must be one step for all processes.
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

/// A place in which processes share tokens. Any thread may use it; any number of clients may have it. Freed with
/// `gt_token_store_free`.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtTokenStore {
    store: Arc<dyn TokenStore>,
}

impl Object for GtTokenStore {}

/// Makes a token store of callbacks, through which any database or cache can keep tokens for several processes.
///
/// What the callbacks see is useless to others: records are encrypted with `key` (AES-256-GCM), names are keyed hashes
/// that begin with `graphtoken:`. `key` is 32 random bytes, the same in every process; it is copied. Status 100 for any
/// other length.
///
/// `read_record`, `write_record` and `remove_record` must not be NULL. `take_lock` and `give_lock_back` may both be NULL;
/// then several processes may ask the service for the same token at the same time. All are called with `context` on
/// threads of the engine, perhaps several at once. Each should return within a second: after that it is not waited for,
/// what it does later counts for nothing, and nothing else is called before it has returned. A store that fails or is
/// slow costs nobody a token: it is left alone for a while (1 second at first, at most about a minute), and tokens come
/// from memory and from the service.
///
/// `release` may be NULL; otherwise it is called exactly once with `context` when the engine will call nothing again,
/// also when this function fails. That is after this handle and all clients with the store are freed, and the last
/// call has returned.
///
/// # Safety
/// The callbacks may be called with `context` from any thread until `release` was called; `key` is readable for its
/// length; `token_store_out` points to memory for a pointer or is NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
#[allow(
    clippy::too_many_arguments,
    reason = "C has no closures: each callback is an argument"
)]
pub unsafe extern "C" fn gt_token_store_new(
    context: *mut c_void,
    read_record: GtTokenStoreRead,
    write_record: GtTokenStoreWrite,
    remove_record: GtTokenStoreRemove,
    take_lock: GtTokenStoreLock,
    give_lock_back: GtTokenStoreUnlock,
    release: GtTokenStoreRelease,
    key: GtStr,
    token_store_out: *mut *mut GtTokenStore,
    error_out: *mut *mut GtError,
) -> i32 {
    // Made first, so that every way out of this function releases the context.
    let callbacks = Callbacks {
        context,
        read: read_record,
        write: write_record,
        remove: remove_record,
        lock: take_lock,
        unlock: give_lock_back,
        release,
    };
    call!(token_store_out, error_out, |key: &[u8]| {
        callbacks.check()?;
        let key = StoreKey::from_bytes(key)?;
        let records = Arc::new(ExternalRecords {
            callbacks: Arc::new(callbacks),
            watched: TimeLimited::default(),
            breaker: CircuitBreaker::default(),
        });
        Ok(GtTokenStore {
            store: Arc::new(SharedStore::new(records, &key, Arc::new(SystemClock))),
        })
    })
}

/// Shares tokens through `store` in the clients that are made with these options; NULL for through none. The store may
/// be freed afterwards.
///
/// Independent of the option `cache`, which is about this process's memory. Not together with the options `cache.name` and
/// `cache.redis`.
///
/// # Safety
/// Handles are live or NULL, `error_out` points to memory for a pointer or is NULL.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_options_set_token_store(
    options: *mut GtOptions,
    store: *const GtTokenStore,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(error_out, |options: &GtOptions, store: Option<&GtTokenStore>| {
        options.set_store(store.map(|store| Arc::clone(&store.store)));
        Ok(())
    })
}

/// Frees a token store; options and clients that have it keep it. NULL is ignored.
///
/// # Safety
/// `store` is NULL, or a live handle that nobody uses any more.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_store_free(store: *mut GtTokenStore) {
    free!(store);
}

/// Callbacks of the caller's, with their context until it is released.
struct Callbacks {
    context: *mut c_void,
    read: GtTokenStoreRead,
    write: GtTokenStoreWrite,
    remove: GtTokenStoreRemove,
    lock: GtTokenStoreLock,
    unlock: GtTokenStoreUnlock,
    release: GtTokenStoreRelease,
}

// SAFETY: `gt_token_store_new` asks for callbacks that may be called with `context` from any thread, on several at once;
// nothing else is done with the pointer.
unsafe impl Send for Callbacks {}
// SAFETY: as above.
unsafe impl Sync for Callbacks {}

impl Callbacks {
    fn check(&self) -> Result<()> {
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

    fn read(&self, name: &Name) -> Result<Option<Vec<u8>>> {
        let read = self.read.0.ok_or_else(|| null("read_record"))?;
        let mut record = vec![0; USUAL_RECORD];
        loop {
            let (capacity, mut length) = (record.len(), 0);
            let outcome = read(
                self.context,
                name.data(),
                name.len(),
                record.as_mut_ptr(),
                capacity as u64,
                &raw mut length,
            );
            if !is_there(outcome, "read_record")? {
                return Ok(None);
            }
            match usize::try_from(length) {
                Ok(length) if length <= capacity => {
                    record.truncate(length);
                    return Ok(Some(record));
                }
                Ok(length) if length <= LARGEST_RECORD => record.resize(length, 0),
                _ => return Err(failed(&format!("read_record found a record of {length} bytes"))),
            }
        }
    }

    fn write(&self, name: &Name, record: &[u8], lifetime: Duration) -> Result<()> {
        let write = self.write.0.ok_or_else(|| null("write_record"))?;
        let (data, length) = (record.as_ptr(), record.len() as u64);
        let outcome = write(self.context, name.data(), name.len(), data, length, seconds(lifetime));
        succeeded(outcome, "write_record")
    }

    fn remove(&self, name: &Name) -> Result<()> {
        let remove = self.remove.0.ok_or_else(|| null("remove_record"))?;
        succeeded(remove(self.context, name.data(), name.len()), "remove_record")
    }

    fn lock(&self, name: &Name, owner: &Name, lifetime: Duration) -> Result<bool> {
        let lock = self.lock.0.ok_or_else(|| null("take_lock"))?;
        let (data, length) = (owner.data(), owner.len());
        let outcome = lock(self.context, name.data(), name.len(), data, length, seconds(lifetime));
        is_there(outcome, "take_lock")
    }

    fn unlock(&self, name: &Name, owner: &Name) -> Result<()> {
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
struct Name(Vec<u8>);

impl Name {
    fn of(text: &str) -> Self {
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

/// Records in the caller's place, which is given a limited time for each call.
struct ExternalRecords {
    callbacks: Arc<Callbacks>,
    watched: TimeLimited,
    breaker: CircuitBreaker,
}

impl ExternalRecords {
    fn call<T: Send + 'static>(
        &self,
        name: &str,
        call: impl FnOnce(&Callbacks, &Name) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (callbacks, name) = (Arc::clone(&self.callbacks), Name::of(name));
        self.watched.run(TIME_LIMIT, move || call(&callbacks, &name))?
    }
}

impl RecordStore for ExternalRecords {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.call(name, Callbacks::read)
    }

    fn write(&self, name: &str, record: &[u8], lifetime: Duration) -> Result<()> {
        let record = record.to_vec();
        self.call(name, move |callbacks, name| callbacks.write(name, &record, lifetime))
    }

    fn remove(&self, name: &str) -> Result<()> {
        self.call(name, Callbacks::remove)
    }

    fn lock(&self, name: &str, owner: &str, lifetime: Duration) -> Result<bool> {
        if self.callbacks.lock.0.is_none() {
            return Ok(true);
        }
        let owner = Name::of(owner);
        self.call(name, move |callbacks, name| callbacks.lock(name, &owner, lifetime))
    }

    fn unlock(&self, name: &str, owner: &str) -> Result<()> {
        if self.callbacks.unlock.0.is_none() {
            return Ok(());
        }
        let owner = Name::of(owner);
        self.call(name, move |callbacks, name| callbacks.unlock(name, &owner))
    }

    fn breaker(&self) -> &CircuitBreaker {
        &self.breaker
    }
}

impl fmt::Debug for ExternalRecords {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ExternalRecords")
    }
}

//! `gt_token_store`: a place of the caller's in which processes share tokens.

use std::ffi::c_void;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::base::clock::SystemClock;
use crate::base::error::Result;
use crate::base::time_limited::TimeLimited;
use crate::ffi::call::{call, free};
use crate::ffi::error::GtError;
use crate::ffi::handle::Object;
use crate::ffi::options::GtOptions;
use crate::ffi::text::GtStr;
use crate::ffi::token_store_callbacks::{
    Callbacks, GtTokenStoreLock, GtTokenStoreRead, GtTokenStoreRelease, GtTokenStoreRemove, GtTokenStoreUnlock,
    GtTokenStoreWrite, Name,
};
use crate::store::TokenStore;
use crate::store::key::StoreKey;
use crate::store::shared::SharedStore;
use crate::store::shared::circuit_breaker::CircuitBreaker;
use crate::store::shared::records::{RecordStore, STORE, TIME_LIMIT};

/// A place in which processes share tokens. Any thread may use it; any number of clients may have it. Freed with
/// `gt_token_store_free`.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtTokenStore {
    store: Arc<dyn TokenStore>,
}

impl Object for GtTokenStore {
    const NAME: &'static str = "gt_token_store";
}

/// Makes a token store of callbacks, through which any database or cache can keep tokens for several processes.
///
/// What the callbacks see is useless to others: records are encrypted with `key` (AES-256-GCM), names are keyed hashes
/// that begin with `graphtoken:`. `key` is 32 random bytes, the same in every process; it is copied. Status 100 for any
/// other length.
///
/// `read_record`, `write_record` and `remove_record` must not be NULL. `take_lock` and `give_lock_back` may both be
/// NULL; then several processes may ask the service for the same token at the same time. All are called with `context`
/// on threads of the engine, perhaps several at once. Each should return within a second: after that it is not waited
/// for, what it does later counts for nothing, and nothing else is called before it has returned. A store that fails or
/// is slow does not fail a call: it is left alone for a while (1 second at first, at most about a minute), and tokens
/// come from memory and from the service.
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
            time_limited: TimeLimited::new(STORE),
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
/// Independent of the option `cache`, which is about this process's memory. Not together with the options `cache.name`
/// and `cache.redis`.
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
/// `store` is NULL, or a live handle that is no longer in use.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_store_free(store: *mut GtTokenStore) {
    free!(store);
}

/// Records in the caller's place, which is given a limited time for each call.
struct ExternalRecords {
    callbacks: Arc<Callbacks>,
    time_limited: TimeLimited,
    breaker: CircuitBreaker,
}

impl ExternalRecords {
    fn call<T: Send + 'static>(
        &self,
        name: &str,
        call: impl FnOnce(&Callbacks, &Name) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (callbacks, name) = (Arc::clone(&self.callbacks), Name::of(name));
        self.time_limited.run(TIME_LIMIT, move || call(&callbacks, &name))?
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

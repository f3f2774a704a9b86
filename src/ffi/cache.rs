//! The tokens that were kept: in the memory of the process, and in files.

use crate::cache::TokenCache;
use crate::cache::refresh_tokens::RefreshTokens;
use crate::ffi::call::call;
use crate::ffi::error::GtError;
use crate::ffi::options::GtOptions;
use crate::store::file::FileStore;

/// Removes the file of the cache that the option `cache.name` names, with its tokens and its locks. Without a name, or
/// if `options` is NULL, forgets the tokens that clients with the option `cache` = `process` share in this process.
///
/// That there is no such file is no error. Files that were set aside because they were damaged stay. Status 401 or 402
/// when the file cannot be removed.
///
/// # Safety
/// `options` is a live handle or NULL, `error_out` points to memory for a pointer or is NULL.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_cache_clear(options: *const GtOptions, error_out: *mut *mut GtError) -> i32 {
    call!(error_out, |options: Option<&GtOptions>| {
        let options = GtOptions::copy(options);
        let file = FileStore::clear(&options.client.file_store, options.client.transport.timeout)?;
        if file.is_none() {
            TokenCache::of_process().clear();
            RefreshTokens::of_process().clear();
        }
        Ok(())
    })
}

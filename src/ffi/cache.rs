//! The tokens that were kept: in the memory of the process, and in files.

use crate::cache::TokenCache;
use crate::cache::refresh_tokens::RefreshTokens;
use crate::ffi::call::call;
use crate::ffi::error::GtError;
use crate::ffi::options::GtOptions;
use crate::ffi::text::GtStr;
#[cfg(feature = "flows")]
use crate::store::file::MemoryAccounts;
use crate::store::file::{FileStore, TokenSelection};

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
            #[cfg(feature = "flows")]
            MemoryAccounts::of_process().clear();
        }
        Ok(())
    })
}

/// Removes the tokens of one tenant, application or account, as `gt_cached_tokens_new` lists them, and gives the number
/// of access tokens that were removed. Without any of the three it is `gt_cache_clear`, and the number is that of the
/// listed tokens; 0 if the file cannot be read.
///
/// Of an account its access tokens of any application and tenant, its id tokens, its refresh tokens and its entry are
/// removed. A refresh token is for every tenant: with `tenant` it is removed when nothing of its user and application
/// is left in another one. The service is not told: tokens that were issued live on, and so does the browser's session.
/// A file with nothing left is removed with its locks. Status 100 when several accounts have the name, 400 to 403 when
/// the file cannot be read, written or locked.
///
/// # Safety
/// `options` is a live handle or NULL, texts are readable for their length, `count_out` points to memory for the value
/// or is NULL, `error_out` to memory for a pointer or is NULL.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_cache_remove(
    options: *const GtOptions,
    tenant: GtStr,
    client_id: GtStr,
    account: GtStr,
    count_out: *mut u64,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(count_out, error_out, |options: Option<&GtOptions>,
                                 tenant: &str,
                                 client_id: &str,
                                 account: &str| {
        let client = GtOptions::copy(options).client;
        let selection = TokenSelection::new(tenant, client_id, account);
        let (settings, key) = (&client.file_store, client.store_key.as_ref());
        let limit = client.transport.timeout;
        if selection.is_everything() {
            let listed = FileStore::list(settings, key, limit, &selection).map_or(0, |tokens| tokens.len());
            if let Some(_was_there) = FileStore::clear(settings, limit)? {
                return Ok(listed as u64);
            }
        }
        if let Some(removed) = FileStore::remove(settings, key, limit, &selection)? {
            return Ok(removed as u64);
        }
        #[cfg(feature = "flows")]
        MemoryAccounts::of_process().remove(&selection)?;
        let removed = TokenCache::of_process().remove(|token| selection.covers(token));
        let refresh_tokens: Vec<_> = removed.iter().filter_map(|token| token.refresh_token()).collect();
        RefreshTokens::of_process().forget_newest(&refresh_tokens);
        Ok(removed.len() as u64)
    })
}

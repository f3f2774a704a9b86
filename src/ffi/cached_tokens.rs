//! `gt_cached_tokens`: what a token cache has, without the tokens themselves.

use crate::base::clock::unix_seconds;
use crate::base::error::{Error, Result, Status};
use crate::cache::TokenCache;
use crate::ffi::call::{call, free, plain_call};
use crate::ffi::error::GtError;
use crate::ffi::handle::Object;
use crate::ffi::options::GtOptions;
use crate::ffi::text::GtStr;
use crate::store::file::{FileStore, ListedToken, TokenSelection};
use crate::token::UNKNOWN_END;

/// The access tokens in a cache, as they were when it was looked at. Immutable; any thread may read it. Freed with
/// `gt_cached_tokens_free`.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtCachedTokens {
    tokens: Vec<ListedToken>,
    file: String,
}

impl Object for GtCachedTokens {
    const NAME: &'static str = "gt_cached_tokens";
}

impl GtCachedTokens {
    fn at(&self, index: u64) -> Result<&ListedToken> {
        let token = usize::try_from(index).ok().and_then(|index| self.tokens.get(index));
        token.ok_or_else(|| {
            Error::new(
                Status::InvalidArgument,
                format!("There is no token number {index}."),
                "Pass an index below the number of tokens.",
            )
        })
    }
}

/// Lists the access tokens in the file of the cache that the option `cache.name` names. Without a name, or if `options`
/// is NULL, lists those that clients with the option `cache` = `process` share in this process. A file that is not there
/// has none, and is not created.
///
/// `tenant`, `client_id` and `account` narrow the list; an empty text stands for all. They are compared with what the
/// list shows, in any letter case: the tenant as the cache names it, and as the account the user's sign-in name. The
/// id of the account (`uid.utid`), or of the user in a tenant, is accepted in its place. Status 400 or 402 when the file
/// cannot be read.
///
/// # Safety
/// `options` is a live handle or NULL, texts are readable for their length, `cached_tokens_out` points to memory for a
/// pointer or is NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_cached_tokens_new(
    options: *const GtOptions,
    tenant: GtStr,
    client_id: GtStr,
    account: GtStr,
    cached_tokens_out: *mut *mut GtCachedTokens,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(
        cached_tokens_out,
        error_out,
        |options: Option<&GtOptions>, tenant: &str, client_id: &str, account: &str| {
            let client = GtOptions::copy(options).client;
            let selection = TokenSelection::new(tenant, client_id, account);
            let Some(path) = client.file_store.path()? else {
                return Ok(in_memory(&selection));
            };
            let (key, limit) = (client.store_key.as_ref(), client.transport.timeout);
            Ok(GtCachedTokens {
                tokens: FileStore::list(&client.file_store, key, limit, &selection)?,
                file: path.display().to_string(),
            })
        }
    )
}

fn in_memory(selection: &TokenSelection) -> GtCachedTokens {
    let kept = TokenCache::of_process().tokens();
    let meant = kept
        .iter()
        .filter(|token| token.expires_on != UNKNOWN_END && selection.covers(token));
    let mut tokens: Vec<ListedToken> = meant.map(|token| ListedToken::of(token)).collect();
    ListedToken::sort(&mut tokens);
    GtCachedTokens {
        tokens,
        file: String::new(),
    }
}

/// How many tokens there are.
///
/// # Safety
/// `tokens` is a live handle or NULL, `count_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_cached_tokens_count(tokens: *const GtCachedTokens, count_out: *mut u64) -> i32 {
    plain_call!(count_out, |tokens: &GtCachedTokens| tokens.tokens.len() as u64)
}

/// The path of the file that was looked at; empty for the memory of the process.
///
/// # Safety
/// `tokens` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_cached_tokens_file(tokens: *const GtCachedTokens, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |tokens: &GtCachedTokens| &*tokens.file)
}

/// The tenant of the token at `index`, from 0 on, as the cache names it. Status 100 when there
/// is none there.
///
/// # Safety
/// `tokens` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_cached_tokens_tenant(
    tokens: *const GtCachedTokens,
    index: u64,
    text_out: *mut GtStr,
) -> i32 {
    plain_call!(text_out, |tokens: &GtCachedTokens| &*tokens.at(index)?.tenant)
}

/// The application of the token at `index`, from 0 on. Status 100 when there
/// is none there.
///
/// # Safety
/// `tokens` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_cached_tokens_client_id(
    tokens: *const GtCachedTokens,
    index: u64,
    text_out: *mut GtStr,
) -> i32 {
    plain_call!(text_out, |tokens: &GtCachedTokens| &*tokens.at(index)?.client_id)
}

/// The cloud or the host of the token at `index`, from 0 on; empty in memory. Status 100 when there
/// is none there.
///
/// # Safety
/// `tokens` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_cached_tokens_environment(
    tokens: *const GtCachedTokens,
    index: u64,
    text_out: *mut GtStr,
) -> i32 {
    plain_call!(text_out, |tokens: &GtCachedTokens| &*tokens.at(index)?.environment)
}

/// The user's sign-in name of the token at `index`, from 0 on; empty for applications and if it is unknown. Status 100 when there
/// is none there.
///
/// # Safety
/// `tokens` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_cached_tokens_username(
    tokens: *const GtCachedTokens,
    index: u64,
    text_out: *mut GtStr,
) -> i32 {
    plain_call!(text_out, |tokens: &GtCachedTokens| &*tokens.at(index)?.username)
}

/// The scopes of the token at `index`, from 0 on, separated by spaces. Status 100 when there
/// is none there.
///
/// # Safety
/// `tokens` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_cached_tokens_scopes(
    tokens: *const GtCachedTokens,
    index: u64,
    text_out: *mut GtStr,
) -> i32 {
    plain_call!(text_out, |tokens: &GtCachedTokens| &*tokens.at(index)?.scopes)
}

/// Whether the token at `index`, from 0 on, was issued for a user: 1, or 0 for the application itself. Status 100 when
/// there is none there.
///
/// # Safety
/// `tokens` is a live handle or NULL, `flag_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_cached_tokens_is_for_user(
    tokens: *const GtCachedTokens,
    index: u64,
    flag_out: *mut i32,
) -> i32 {
    plain_call!(flag_out, |tokens: &GtCachedTokens| i32::from(
        tokens.at(index)?.is_for_user
    ))
}

/// When the token at `index`, from 0 on, expires, in seconds since 1970-01-01T00:00:00Z; 0 if that is unknown. Status
/// 100 when there is none there.
///
/// # Safety
/// `tokens` is a live handle or NULL, `seconds_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_cached_tokens_expires_on(
    tokens: *const GtCachedTokens,
    index: u64,
    seconds_out: *mut i64,
) -> i32 {
    plain_call!(seconds_out, |tokens: &GtCachedTokens| tokens
        .at(index)?
        .expires_on
        .map_or(0, unix_seconds))
}

/// Frees the list. NULL is ignored.
///
/// # Safety
/// `tokens` is a live handle that no other thread is using, or NULL.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_cached_tokens_free(tokens: *mut GtCachedTokens) {
    free!(tokens);
}

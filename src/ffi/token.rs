//! `gt_token`: an access token and what came with it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::base::clock::unix_seconds;
use crate::base::error::Result;
use crate::base::secret::Secret;
use crate::ffi::guard::guard_plain;
use crate::ffi::handle::{Out, reference};
use crate::ffi::text::GtStr;
use crate::token::{AcquiredToken, Replica, SharedToken, TOKEN_TYPE, Token, TokenSource};

/// A token. Immutable; any thread may read it. Freed with `gt_token_free`, which overwrites the token when nothing else
/// (such as the cache) holds it.
//
// The handle is the shared token itself, so that a call that is answered from the cache allocates nothing. What is the
// call's own stands in the lowest bits of the address, which are 0 in the address of a token: where the call got it from,
// and whether a replica stands for it.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtToken {
    _token: [u8; 0],
}

/// The bit of a handle's address that holds a `TokenSource`.
const SOURCE: usize = 1;
const _: () = assert!(TokenSource::Network as usize == 0 && TokenSource::Cache as usize == SOURCE);

/// The bit that is set when the address is a replica's.
const REPLICA: usize = 2;

const MARKS: usize = SOURCE | REPLICA;
const _: () = assert!(align_of::<Token>() > MARKS && align_of::<Replica>() > MARKS);

impl GtToken {
    /// Gives `acquired` away to C.
    pub(super) fn give(acquired: AcquiredToken) -> *mut Self {
        let (token, kind) = match acquired.token {
            SharedToken::Counted(token) => (Arc::into_raw(token).cast::<Self>(), 0),
            SharedToken::Replica(replica) => (Arc::into_raw(replica).cast::<Self>(), REPLICA),
        };
        let marks = kind | acquired.source as usize;
        token.cast_mut().map_addr(|address| address | marks)
    }

    /// The address without what stands in its lowest bits.
    fn address<T>(handle: *const Self) -> *const T {
        handle.cast::<T>().map_addr(|address| address & !MARKS)
    }

    /// # Safety
    /// `handle` is NULL or live, and stays so while the reference lives.
    unsafe fn token<'a>(handle: *const Self) -> Result<&'a Token> {
        if Self::is_replica(handle) {
            // SAFETY: so marked it came from a replica.
            let replica: &Replica = unsafe { reference(Self::address(handle), "token") }?;
            return Ok(&replica.0);
        }
        // SAFETY: not so marked it came from a token.
        unsafe { reference(Self::address(handle), "token") }
    }

    fn is_replica(handle: *const Self) -> bool {
        handle.addr() & REPLICA != 0
    }
}

/// Frees a token. NULL is ignored.
///
/// # Safety
/// `token` is NULL, or a live handle that nobody uses any more.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_free(token: *mut GtToken) {
    if token.is_null() {
        return;
    }
    let shared = if GtToken::is_replica(token) {
        // SAFETY: a live handle came from `give`, which took what is so marked from an `Arc` of a replica.
        SharedToken::Replica(unsafe { Arc::from_raw(GtToken::address(token)) })
    } else {
        // SAFETY: likewise, of a token.
        SharedToken::Counted(unsafe { Arc::from_raw(GtToken::address(token)) })
    };
    // A panic while dropping must not unwind into C, and there is nobody to report it to.
    let _ = catch_unwind(AssertUnwindSafe(|| drop(shared)));
}

/// The access token. Secret: overwrite copies after use.
///
/// # Safety
/// `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_access_token(token: *const GtToken, text_out: *mut GtStr) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { read(token, text_out, |token| GtStr::lend(token.access_token.expose())) }
}

/// The refresh token; empty when there is none. Secret: overwrite copies after use.
///
/// # Safety
/// `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_refresh_token(token: *const GtToken, text_out: *mut GtStr) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { read(token, text_out, |token| lend_optional(token.refresh_token())) }
}

/// The id token; empty when there is none.
///
/// # Safety
/// `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_id_token(token: *const GtToken, text_out: *mut GtStr) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { read(token, text_out, |token| lend_optional(token.id_token())) }
}

/// The token type: `Bearer`.
///
/// # Safety
/// `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_token_type(token: *const GtToken, text_out: *mut GtStr) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { read(token, text_out, |_| GtStr::lend(TOKEN_TYPE.as_bytes())) }
}

/// The granted scopes, separated by spaces.
///
/// # Safety
/// `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_scopes(token: *const GtToken, text_out: *mut GtStr) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { read(token, text_out, |token| GtStr::lend(token.scopes.as_bytes())) }
}

/// The user's sign-in name; empty for an application.
///
/// # Safety
/// `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_username(token: *const GtToken, text_out: *mut GtStr) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { read(token, text_out, |token| GtStr::lend(token.username().as_bytes())) }
}

/// The tenant, as the authority has it.
///
/// # Safety
/// `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_tenant_id(token: *const GtToken, text_out: *mut GtStr) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { read(token, text_out, |token| GtStr::lend(token.holder.tenant_id.as_bytes())) }
}

/// The application.
///
/// # Safety
/// `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_client_id(token: *const GtToken, text_out: *mut GtStr) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { read(token, text_out, |token| GtStr::lend(token.holder.client_id.as_bytes())) }
}

/// The correlation id of the request that obtained the token.
///
/// # Safety
/// `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_correlation_id(token: *const GtToken, text_out: *mut GtStr) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { read(token, text_out, |token| GtStr::lend(token.correlation_id().as_bytes())) }
}

/// When the token expires, in seconds since 1970-01-01T00:00:00Z.
///
/// # Safety
/// `token` is a live handle or NULL, `unix_seconds_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_expires_on(token: *const GtToken, unix_seconds_out: *mut i64) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { read(token, unix_seconds_out, |token| unix_seconds(token.expires_on)) }
}

/// From when on the service wishes the token renewed, in seconds since 1970-01-01T00:00:00Z; 0 when it does not say.
///
/// # Safety
/// `token` is a live handle or NULL, `unix_seconds_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_refresh_on(token: *const GtToken, unix_seconds_out: *mut i64) -> i32 {
    // SAFETY: the caller's promise.
    unsafe {
        read(token, unix_seconds_out, |token| {
            token.refresh_on.map_or(0, unix_seconds)
        })
    }
}

/// Where the token came from: a `GtTokenSource`.
///
/// # Safety
/// `token` is a live handle or NULL, `source_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_source(token: *const GtToken, source_out: *mut i32) -> i32 {
    let is_from_cache = token.addr() & SOURCE != 0;
    let source = if is_from_cache {
        TokenSource::Cache
    } else {
        TokenSource::Network
    };
    // SAFETY: the caller's promise.
    unsafe { read(token, source_out, |_| source as i32) }
}

fn lend_optional(secret: Option<&Secret>) -> GtStr {
    GtStr::lend(secret.map(Secret::expose).unwrap_or_default())
}

/// # Safety
/// `token` is a live handle or NULL, `place` points to memory for the value or is NULL.
unsafe fn read<T>(token: *const GtToken, place: *mut T, value: impl FnOnce(&Token) -> T) -> i32 {
    guard_plain(|| {
        // SAFETY: the caller's promise.
        let token = unsafe { GtToken::token(token) }?;
        // SAFETY: the caller's promise.
        unsafe { Out::new(place, "the result's place") }?.set(value(token));
        Ok(())
    })
}

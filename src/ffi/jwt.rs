//! `gt_jwt`: a token taken apart.

use crate::ffi::error::{GtError, report};
use crate::ffi::guard::guard_plain;
use crate::ffi::handle::{Out, free, reference};
use crate::ffi::text::GtStr;
use crate::token::jwt::DecodedJwt;

/// The header and claims of a token. Immutable; any thread may read it. Freed with `gt_jwt_free`.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtJwt {
    jwt: DecodedJwt,
}

/// Takes a token apart **without verifying it**: anybody could have written what is inside.
///
/// `text` may have white space around it and `Bearer ` before it. Status 100 when it is not a JWT.
///
/// # Safety
/// `text` is readable for its length; `jwt_out` points to memory for a pointer or is NULL; `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_jwt_new(text: GtStr, jwt_out: *mut *mut GtJwt, error_out: *mut *mut GtError) -> i32 {
    let body = || {
        // SAFETY: the caller's promise.
        let place = unsafe { Out::handle(jwt_out, "jwt_out") }?;
        // SAFETY: the caller's promise.
        let text = unsafe { text.text("text") }?;
        place.give(GtJwt {
            jwt: DecodedJwt::decode(text)?,
        });
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { report(error_out, body) }
}

/// Frees a decoded token. NULL is ignored.
///
/// # Safety
/// `jwt` is NULL, or a live handle that nobody uses any more.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_jwt_free(jwt: *mut GtJwt) {
    // SAFETY: the caller's promise.
    unsafe { free(jwt) };
}

/// The header as JSON text.
///
/// # Safety
/// `jwt` is a live handle or NULL, `json_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_jwt_header(jwt: *const GtJwt, json_out: *mut GtStr) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { read(jwt, json_out, |jwt| GtStr::lend(jwt.jwt.header().as_bytes())) }
}

/// The claims as JSON text.
///
/// # Safety
/// `jwt` is a live handle or NULL, `json_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_jwt_claims(jwt: *const GtJwt, json_out: *mut GtStr) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { read(jwt, json_out, |jwt| GtStr::lend(jwt.jwt.claims().as_bytes())) }
}

/// # Safety
/// `jwt` is a live handle or NULL, `place` points to memory for the value or is NULL.
unsafe fn read<T>(jwt: *const GtJwt, place: *mut T, value: impl FnOnce(&GtJwt) -> T) -> i32 {
    guard_plain(|| {
        // SAFETY: the caller's promise.
        let jwt = unsafe { reference(jwt, "jwt") }?;
        // SAFETY: the caller's promise.
        unsafe { Out::new(place, "the result's place") }?.set(value(jwt));
        Ok(())
    })
}

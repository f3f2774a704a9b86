//! `gt_jwt`: a token taken apart.

use crate::ffi::call::{call, free, plain_call};
use crate::ffi::error::GtError;
use crate::ffi::handle::Object;
use crate::ffi::text::GtStr;
use crate::token::jwt::DecodedJwt;

/// The header and claims of a token. Immutable; any thread may read it. Freed with `gt_jwt_free`.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtJwt {
    jwt: DecodedJwt,
}

impl Object for GtJwt {
    const NAME: &'static str = "gt_jwt";
}

/// Takes a token apart **without verifying it**: anybody could have written what is inside.
///
/// `text` may have white space and quotation marks around it and `Bearer ` before it, or be a token response: a JSON
/// object with the token as `access_token`. Status 100 when it is not a JWT.
///
/// # Safety
/// `text` is readable for its length; `jwt_out` points to memory for a pointer or is NULL; `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_jwt_new(text: GtStr, jwt_out: *mut *mut GtJwt, error_out: *mut *mut GtError) -> i32 {
    call!(jwt_out, error_out, |text: &str| {
        let jwt = DecodedJwt::decode(text)?;
        Ok(GtJwt { jwt })
    })
}

/// Frees a decoded token. NULL is ignored.
///
/// # Safety
/// `jwt` is NULL, or a live handle that is no longer in use.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_jwt_free(jwt: *mut GtJwt) {
    free!(jwt);
}

/// The header as JSON text.
///
/// # Safety
/// `jwt` is a live handle or NULL, `json_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_jwt_header(jwt: *const GtJwt, json_out: *mut GtStr) -> i32 {
    plain_call!(json_out, |jwt: &GtJwt| jwt.jwt.header())
}

/// The claims as JSON text.
///
/// # Safety
/// `jwt` is a live handle or NULL, `json_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_jwt_claims(jwt: *const GtJwt, json_out: *mut GtStr) -> i32 {
    plain_call!(json_out, |jwt: &GtJwt| jwt.jwt.claims())
}

//! `gt_request`: what is asked for, and with which grant.

use std::sync::Arc;

use crate::base::error::Result;
use crate::ffi::error::{GtError, report};
use crate::ffi::handle::{Out, free, optional};
use crate::ffi::options::GtOptions;
use crate::ffi::text::GtStr;
use crate::request::Request;
use crate::request::grant::{ClientCredentials, Grant, Password, RefreshToken};
use crate::request::scope::Scopes;

/// A request. Immutable; any thread may use it, with any client, as often as wished. Freed with `gt_request_free`.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtRequest {
    pub(super) request: Request,
}

/// A token for the application itself (client credentials grant, RFC 6749 section 4.4).
///
/// `scopes` are separated by spaces; none stands for everything that was granted on Graph in the client's cloud.
/// `options` may be NULL.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `request_out` points to memory for a pointer or is NULL,
/// `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_request_new_client_credentials(
    scopes: GtStr,
    options: *const GtOptions,
    request_out: *mut *mut GtRequest,
    error_out: *mut *mut GtError,
) -> i32 {
    let body = || {
        // SAFETY: the caller's promise.
        let place = unsafe { Out::handle(request_out, "request_out") }?;
        // SAFETY: the caller's promise.
        let scopes = unsafe { scopes.text("scopes") }?;
        // SAFETY: the caller's promise.
        let options = unsafe { optional(options) };
        let grant = Arc::new(ClientCredentials);
        place.give(request(grant, scopes, options)?);
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { report(error_out, body) }
}

/// A token for a user by name and password (resource owner password credentials grant, RFC 6749 section 4.3).
///
/// Discouraged by Microsoft: it fails as soon as multi-factor authentication is asked for. The password is copied;
/// overwrite your own copy. `scopes` and `options` as for `gt_request_new_client_credentials`.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `request_out` points to memory for a pointer or is NULL,
/// `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_request_new_password(
    scopes: GtStr,
    username: GtStr,
    password: GtStr,
    options: *const GtOptions,
    request_out: *mut *mut GtRequest,
    error_out: *mut *mut GtError,
) -> i32 {
    let body = || {
        // SAFETY: the caller's promise.
        let place = unsafe { Out::handle(request_out, "request_out") }?;
        // SAFETY: the caller's promise.
        let scopes = unsafe { scopes.text("scopes") }?;
        // SAFETY: the caller's promise.
        let options = unsafe { optional(options) };
        // SAFETY: the caller's promise.
        let username = unsafe { username.text("username") }?;
        // SAFETY: the caller's promise.
        let password = unsafe { password.secret("password") }?;
        let grant = Arc::new(Password::new(username, password)?);
        place.give(request(grant, scopes, options)?);
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { report(error_out, body) }
}

/// A token for a user by a refresh token from an earlier answer (RFC 6749 section 6).
///
/// The refresh token is copied. The answer may bring a new one, which then replaces it. `scopes` and `options` as for
/// `gt_request_new_client_credentials`.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `request_out` points to memory for a pointer or is NULL,
/// `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_request_new_refresh_token(
    scopes: GtStr,
    refresh_token: GtStr,
    options: *const GtOptions,
    request_out: *mut *mut GtRequest,
    error_out: *mut *mut GtError,
) -> i32 {
    let body = || {
        // SAFETY: the caller's promise.
        let place = unsafe { Out::handle(request_out, "request_out") }?;
        // SAFETY: the caller's promise.
        let scopes = unsafe { scopes.text("scopes") }?;
        // SAFETY: the caller's promise.
        let options = unsafe { optional(options) };
        // SAFETY: the caller's promise.
        let refresh_token = unsafe { refresh_token.secret("refresh_token") }?;
        let grant = Arc::new(RefreshToken::new(refresh_token)?);
        place.give(request(grant, scopes, options)?);
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { report(error_out, body) }
}

/// Frees a request. NULL is ignored.
///
/// # Safety
/// `request` is NULL, or a live handle that nobody uses any more.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_request_free(request: *mut GtRequest) {
    // SAFETY: the caller's promise.
    unsafe { free(request) };
}

fn request(grant: Arc<dyn Grant>, scopes: &str, options: Option<&GtOptions>) -> Result<GtRequest> {
    let settings = GtOptions::copy(options).request;
    Ok(GtRequest {
        request: Request::new(grant, Scopes::parse(scopes)?, settings),
    })
}

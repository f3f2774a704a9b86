//! `gt_request`: what is asked for, and with which grant.

use std::sync::Arc;

use crate::base::error::Result;
use crate::base::secret::Secret;
use crate::ffi::call::{call, free};
use crate::ffi::error::GtError;
use crate::ffi::handle::Object;
use crate::ffi::options::GtOptions;
use crate::ffi::text::GtStr;
use crate::request::Request;
use crate::request::grant::{ClientCredentials, Grant, OnBehalfOf, Password, RefreshToken};
use crate::request::scope::Scopes;

/// A request. Immutable; any thread may use it, with any client, as often as wished. Freed with `gt_request_free`.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtRequest {
    pub(super) request: Request,
}

impl Object for GtRequest {
    const NAME: &'static str = "gt_request";
}

/// A token for the application itself (client credentials grant, RFC 6749 section 4.4).
///
/// `scopes` are separated by spaces; none stands for everything that was granted on Graph in the client's cloud.
/// `options` may be NULL.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `request_out` points to memory for a pointer or is
/// NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_request_new_client_credentials(
    scopes: GtStr,
    options: *const GtOptions,
    request_out: *mut *mut GtRequest,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(request_out, error_out, |scopes: &str, options: Option<&GtOptions>| {
        let grant = Arc::new(ClientCredentials);
        request(grant, scopes, options)
    })
}

/// A token for a user by name and password (resource owner password credentials grant, RFC 6749 section 4.3).
///
/// Discouraged by Microsoft: it fails as soon as multi-factor authentication is asked for. The password is copied;
/// overwrite your own copy. `scopes` and `options` as for `gt_request_new_client_credentials`.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `request_out` points to memory for a pointer or is
/// NULL, `error_out` likewise.
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
    call!(
        request_out,
        error_out,
        |scopes: &str, username: &str, password: Secret, options: Option<&GtOptions>| {
            let grant = Arc::new(Password::new(username, password)?);
            request(grant, scopes, options)
        }
    )
}

/// A token for a user by a refresh token from an earlier answer (RFC 6749 section 6).
///
/// The refresh token is copied. The answer may bring a new one, which then replaces it. `scopes` and `options` as for
/// `gt_request_new_client_credentials`.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `request_out` points to memory for a pointer or is
/// NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_request_new_refresh_token(
    scopes: GtStr,
    refresh_token: GtStr,
    options: *const GtOptions,
    request_out: *mut *mut GtRequest,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(
        request_out,
        error_out,
        |scopes: &str, refresh_token: Secret, options: Option<&GtOptions>| {
            let grant = Arc::new(RefreshToken::new(refresh_token)?);
            request(grant, scopes, options)
        }
    )
}

/// A token for the user whose access token `assertion` a caller has sent to this application: the on-behalf-of grant
/// (RFC 7523 section 2.1; "Microsoft identity platform and OAuth 2.0 On-Behalf-Of flow").
///
/// `assertion` is copied. It is an access token that was issued for this application, as it stands in the caller's
/// `Authorization` header, with or without `Bearer`; an id token and a token for another API are refused by the service.
/// The client needs a credential of the application and a tenant: that of the assertion. Tokens are cached for this
/// assertion alone, and there is no refresh token. If the service demands more of the user, the error's claims
/// (`gt_error_claims`) are for the caller. `scopes` and `options` as for `gt_request_new_client_credentials`.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `request_out` points to memory for a pointer or is
/// NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_request_new_on_behalf_of(
    assertion: GtStr,
    scopes: GtStr,
    options: *const GtOptions,
    request_out: *mut *mut GtRequest,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(
        request_out,
        error_out,
        |assertion: Secret, scopes: &str, options: Option<&GtOptions>| {
            let grant = Arc::new(OnBehalfOf::new(&assertion)?);
            request(grant, scopes, options)
        }
    )
}

/// Frees a request. NULL is ignored.
///
/// # Safety
/// `request` is NULL, or a live handle that is no longer in use.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_request_free(request: *mut GtRequest) {
    free!(request);
}

fn request(grant: Arc<dyn Grant>, scopes: &str, options: Option<&GtOptions>) -> Result<GtRequest> {
    let settings = GtOptions::copy(options).request;
    Ok(GtRequest {
        request: Request::new(grant, Scopes::parse(scopes)?, settings),
    })
}

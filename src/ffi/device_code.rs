//! `gt_device_code`: a code with which a user signs in on another device.

use crate::ffi::call::{call, free, plain_call};
use crate::ffi::cancel::GtCancel;
use crate::ffi::client::GtClient;
use crate::ffi::error::GtError;
use crate::ffi::handle::Object;
use crate::ffi::options::GtOptions;
use crate::ffi::request::GtRequest;
use crate::ffi::text::GtStr;
use crate::request::scope::Scopes;
use crate::sign_in::device_code::DeviceCode;

/// A code for a device, and the page on which its user enters it. Immutable; any thread may use it. Freed with
/// `gt_device_code_free`, also while a request with it is in use.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtDeviceCode {
    code: DeviceCode,
}

impl Object for GtDeviceCode {
    const NAME: &'static str = "gt_device_code";
}

/// Asks the service for a code with which a user can sign in on another device (RFC 8628; "Microsoft identity platform
/// and the OAuth 2.0 device authorization grant flow").
///
/// Show the user `gt_device_code_message`, then make a request with `gt_request_new_device_code` and pass it to
/// `gt_client_acquire`, which waits for the user. `scopes` and `options` as for `gt_request_new_client_credentials`; the
/// options `claims`, `correlation_id` and `timeout_seconds` hold for this call. `cancel` may be NULL; otherwise it ends
/// the call from another thread (status 3).
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `device_code_out` points to memory for a pointer or
/// is NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_device_code_new(
    client: *const GtClient,
    scopes: GtStr,
    options: *const GtOptions,
    cancel: *const GtCancel,
    device_code_out: *mut *mut GtDeviceCode,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(
        device_code_out,
        error_out,
        |client: &GtClient, scopes: &str, options: Option<&GtOptions>, cancel: Option<&GtCancel>| {
            let settings = GtOptions::copy(options).request;
            let code = DeviceCode::new(&client.client, Scopes::parse(scopes)?, &settings, GtCancel::of(cancel))?;
            Ok(GtDeviceCode { code })
        }
    )
}

/// What to tell the user: which page to open, and which code to enter there. One line, in the service's words and
/// language, without control characters.
///
/// # Safety
/// `device_code` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_device_code_message(device_code: *const GtDeviceCode, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |device_code: &GtDeviceCode| device_code.code.message())
}

/// The code that the user enters.
///
/// # Safety
/// `device_code` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_device_code_user_code(device_code: *const GtDeviceCode, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |device_code: &GtDeviceCode| device_code.code.user_code())
}

/// The page on which the user enters the code. Text of the service: see `gt_device_code_link` for an address to open or
/// to draw.
///
/// # Safety
/// `device_code` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_device_code_verification_uri(
    device_code: *const GtDeviceCode,
    text_out: *mut GtStr,
) -> i32 {
    plain_call!(text_out, |device_code: &GtDeviceCode| device_code
        .code
        .verification_uri())
}

/// The page with the code filled in; empty when the service has none, as Entra.
///
/// # Safety
/// `device_code` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_device_code_verification_uri_complete(
    device_code: *const GtDeviceCode,
    text_out: *mut GtStr,
) -> i32 {
    plain_call!(text_out, |device_code: &GtDeviceCode| {
        let uri = device_code.code.verification_uri_complete();
        uri.unwrap_or_default()
    })
}

/// The address that may be shown as a link or a QR code: the page, with the code filled in when the service has such a
/// page. Empty when it is neither an https address nor one of this machine. Never open it unasked: the code must be one
/// that its user has asked for (RFC 8628 section 5.4).
///
/// # Safety
/// `device_code` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_device_code_link(device_code: *const GtDeviceCode, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |device_code: &GtDeviceCode| device_code
        .code
        .link()
        .unwrap_or_default())
}

/// How long the code is still valid, in seconds, rounded up; 0 when it has expired.
///
/// # Safety
/// `device_code` is a live handle or NULL, `seconds_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_device_code_expires_in(device_code: *const GtDeviceCode, seconds_out: *mut i64) -> i32 {
    plain_call!(seconds_out, |device_code: &GtDeviceCode| device_code.code.expires_in())
}

/// How long the engine waits before each time that it asks the service, in seconds.
///
/// # Safety
/// `device_code` is a live handle or NULL, `seconds_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_device_code_interval(device_code: *const GtDeviceCode, seconds_out: *mut i64) -> i32 {
    plain_call!(seconds_out, |device_code: &GtDeviceCode| device_code.code.interval())
}

/// Frees a device code. NULL is ignored.
///
/// # Safety
/// `device_code` is NULL, or a live handle that is no longer in use.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_device_code_free(device_code: *mut GtDeviceCode) {
    free!(device_code);
}

/// A token for the user who enters a device code. Pass it to the client that the code was asked with.
///
/// `gt_client_acquire` then waits until the user has signed in (status 0), has declined (300), or the code has expired
/// (303); the option `timeout_seconds` bounds the wait (203), and `cancel` ends it (3). After the last two the same
/// request can be passed again while the code is valid. A code gives one token. `options` may be NULL.
///
/// # Safety
/// Handles are live or NULL, `request_out` points to memory for a pointer or is NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_request_new_device_code(
    device_code: *const GtDeviceCode,
    options: *const GtOptions,
    request_out: *mut *mut GtRequest,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(
        request_out,
        error_out,
        |device_code: &GtDeviceCode, options: Option<&GtOptions>| {
            let request = device_code.code.request(GtOptions::copy(options).request);
            Ok(GtRequest { request })
        }
    )
}

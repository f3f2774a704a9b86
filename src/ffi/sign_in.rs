//! `gt_sign_in`: a sign-in in a web browser on this machine.

use crate::ffi::call::{call, free, plain_call};
use crate::ffi::client::GtClient;
use crate::ffi::error::GtError;
use crate::ffi::handle::Object;
use crate::ffi::options::GtOptions;
use crate::ffi::request::GtRequest;
use crate::ffi::text::GtStr;
use crate::request::scope::Scopes;
use crate::sign_in::browser::SignIn;

/// A sign-in in a web browser: the address that the browser opens, and the port of this machine that it brings the
/// answer to. Immutable; any thread may use it. Freed with `gt_sign_in_free`, also while a request with it is in use.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtSignIn {
    sign_in: SignIn,
}

impl Object for GtSignIn {
    const NAME: &'static str = "gt_sign_in";
}

/// Prepares a sign-in in a web browser (authorization code grant with PKCE, RFC 6749 section 4.1 and RFC 7636;
/// "Microsoft identity platform and OAuth 2.0 authorization code flow"), and listens on 127.0.0.1 and `::1` for its
/// answer. Nothing is sent, except for the metadata of an OpenID Connect issuer.
///
/// Then call `gt_sign_in_open_browser`, or show the user `gt_sign_in_url`; make a request with `gt_request_new_sign_in`
/// and pass it to `gt_client_acquire`, which waits for the user. `scopes` as for `gt_request_new_client_credentials`.
/// `options` may be NULL; the options `redirect.port`, `redirect.host`, `login_hint`, `prompt`, `claims` and
/// `correlation_id` hold for this call. Status 100 if the port is in use. At Entra the application has `http://localhost`
/// registered as a redirect URI for mobile and desktop applications; the port does not count.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `sign_in_out` points to memory for a pointer or is
/// NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_sign_in_new(
    client: *const GtClient,
    scopes: GtStr,
    options: *const GtOptions,
    sign_in_out: *mut *mut GtSignIn,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(
        sign_in_out,
        error_out,
        |client: &GtClient, scopes: &str, options: Option<&GtOptions>| {
            let options = GtOptions::copy(options);
            let sign_in = SignIn::new(
                &client.client,
                Scopes::parse(scopes)?,
                &options.request,
                &options.sign_in,
            )?;
            Ok(GtSignIn { sign_in })
        }
    )
}

/// The address that the user's browser has to open. It holds no secret, and is of use to this sign-in only.
///
/// # Safety
/// `sign_in` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_sign_in_url(sign_in: *const GtSignIn, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |sign_in: &GtSignIn| sign_in.sign_in.url())
}

/// Where the browser brings the answer: `http://localhost:PORT`, or with `127.0.0.1` at AD FS and OpenID Connect issuers
/// and by the option `redirect.host`. The application has it registered; at Entra the port does not count.
///
/// # Safety
/// `sign_in` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_sign_in_redirect_uri(sign_in: *const GtSignIn, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |sign_in: &GtSignIn| sign_in.sign_in.redirect_uri())
}

/// Opens the address in the user's web browser, without a shell: on Unix with the commands of the environment variable
/// `BROWSER` (separated by colons, with `%s` for the address or the address behind them), then `xdg-open` and in WSL
/// `wslview`, or `open` on macOS; on Windows with the program that is registered. Status 303 if there is none, and for
/// root and sessions without a display, unless `BROWSER` names one: show the user the address then.
///
/// # Safety
/// `sign_in` is a live handle or NULL, `error_out` points to memory for a pointer or is NULL.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_sign_in_open_browser(sign_in: *const GtSignIn, error_out: *mut *mut GtError) -> i32 {
    call!(error_out, |sign_in: &GtSignIn| sign_in.sign_in.open_browser())
}

/// Frees a sign-in, and stops listening unless a request waits for its answer. NULL is ignored.
///
/// # Safety
/// `sign_in` is NULL, or a live handle that is no longer in use.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_sign_in_free(sign_in: *mut GtSignIn) {
    free!(sign_in);
}

/// A token for the user who signs in in the browser. Pass it to the client that the sign-in was prepared with.
///
/// `gt_client_acquire` then waits until the user has signed in (status 0), has declined (300), or could not without
/// being shown anything (303, option `prompt`). The option `timeout_seconds` bounds the wait, by default 300 seconds
/// (203), and `cancel` ends it (3). A sign-in ends with its first request, in whatever way: the same request is then
/// answered from the cache, or with status 100. `options` may be NULL.
///
/// # Safety
/// Handles are live or NULL, `request_out` points to memory for a pointer or is NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_request_new_sign_in(
    sign_in: *const GtSignIn,
    options: *const GtOptions,
    request_out: *mut *mut GtRequest,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(
        request_out,
        error_out,
        |sign_in: &GtSignIn, options: Option<&GtOptions>| {
            let request = sign_in.sign_in.request(GtOptions::copy(options).request);
            Ok(GtRequest { request })
        }
    )
}

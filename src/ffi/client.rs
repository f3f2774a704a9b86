//! `gt_client`: an application that acquires tokens.

use crate::client::Client;
use crate::ffi::assertion::GtAssertion;
use crate::ffi::cancel::GtCancel;
use crate::ffi::credential::GtCredential;
use crate::ffi::error::{GtError, report};
use crate::ffi::guard::guard_plain;
use crate::ffi::handle::{Out, free, optional, reference};
use crate::ffi::options::GtOptions;
use crate::ffi::request::GtRequest;
use crate::ffi::text::GtStr;
use crate::ffi::token::GtToken;

/// An application at an authority, with its proof and its tokens. Any thread may use it, many at once. Freed with
/// `gt_client_free`.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtClient {
    client: Client,
}

/// Makes a client. Nothing is sent yet.
///
/// `tenant` is a GUID, a domain, or a whole authority URL; it may be empty when the option `authority` is whole.
/// `credential` NULL makes a public client, which can only ask for users. `options` may be NULL. Both may be freed
/// afterwards. Status 101 when the tenant or authority cannot be used.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `client_out` points to memory for a pointer or is NULL,
/// `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_new(
    tenant: GtStr,
    client_id: GtStr,
    credential: *const GtCredential,
    options: *const GtOptions,
    client_out: *mut *mut GtClient,
    error_out: *mut *mut GtError,
) -> i32 {
    let body = || {
        // SAFETY: the caller's promise.
        let place = unsafe { Out::handle(client_out, "client_out") }?;
        // SAFETY: the caller's promise.
        let (tenant, client_id) = unsafe {
            tenant
                .text("tenant")
                .and_then(|tenant| Ok((tenant, client_id.text("client_id")?)))
        }?;
        // SAFETY: the caller's promise.
        let (credential, options) = unsafe { (optional(credential), optional(options)) };
        let credential = credential.map(|credential| credential.credential.clone());
        let settings = GtOptions::copy(options).client;
        place.give(GtClient {
            client: Client::new(tenant, client_id, credential, settings)?,
        });
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { report(error_out, body) }
}

/// Gets a token from the cache, or from the service when none there lives long enough. Waits for it.
///
/// Callers who want the same token at the same time share one request, and a failure of it. A token whose renewal is due
/// (the service says when, or in the last tenth of its life) is given at once and renewed in the background.
///
/// `cancel` may be NULL; otherwise it ends the wait from another thread (status 3).
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `token_out` points to memory for a pointer or is NULL,
/// `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_acquire(
    client: *const GtClient,
    request: *const GtRequest,
    cancel: *const GtCancel,
    token_out: *mut *mut GtToken,
    error_out: *mut *mut GtError,
) -> i32 {
    let body = || {
        // SAFETY: the caller's promise.
        let place = unsafe { Out::handle(token_out, "token_out") }?;
        // SAFETY: the caller's promise.
        let (client, request) = unsafe { (reference(client, "client")?, reference(request, "request")?) };
        // SAFETY: the caller's promise.
        let cancel = unsafe { optional(cancel) }.map(|cancel| &cancel.cancel);
        place.give(GtToken {
            token: client.client.acquire(&request.request, cancel)?,
        });
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { report(error_out, body) }
}

/// Gets the token that is in the cache, if there is one that lives long enough; otherwise `*token_out` becomes NULL, which
/// is no failure. Never asks the service and never waits, so that an event loop may call it before it hands
/// `gt_client_acquire` to another thread. A renewal that is due is started in the background.
///
/// # Safety
/// Handles are live or NULL, `token_out` points to memory for a pointer or is NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_cached(
    client: *const GtClient,
    request: *const GtRequest,
    token_out: *mut *mut GtToken,
    error_out: *mut *mut GtError,
) -> i32 {
    let body = || {
        // SAFETY: the caller's promise.
        let place = unsafe { Out::handle(token_out, "token_out") }?;
        // SAFETY: the caller's promise.
        let (client, request) = unsafe { (reference(client, "client")?, reference(request, "request")?) };
        if let Some(token) = client.client.cached(&request.request) {
            place.give(GtToken { token });
        }
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { report(error_out, body) }
}

/// Signs a fresh client assertion, as the next request would send it. Nothing is sent. Status 102 without a certificate.
///
/// `cancel` may be NULL; otherwise it ends the wait for an external signer.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `assertion_out` points to memory for a pointer or is NULL,
/// `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_assertion(
    client: *const GtClient,
    cancel: *const GtCancel,
    assertion_out: *mut *mut GtAssertion,
    error_out: *mut *mut GtError,
) -> i32 {
    let body = || {
        // SAFETY: the caller's promise.
        let place = unsafe { Out::handle(assertion_out, "assertion_out") }?;
        // SAFETY: the caller's promise.
        let client = unsafe { reference(client, "client") }?;
        // SAFETY: the caller's promise.
        let cancel = unsafe { optional(cancel) }.map(|cancel| &cancel.cancel);
        place.give(GtAssertion {
            assertion: client.client.assertion(cancel)?,
        });
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { report(error_out, body) }
}

/// Why the place that keeps tokens for other processes (a file, Redis, a store of the program's own) has not worked since
/// this was asked last: status 0 when it has, otherwise the status and error of the first failure (400 to 403 for a file).
///
/// Such a failure costs nobody a token: it is in memory or comes from the service. But the next process has none, so that
/// somebody should know.
///
/// # Safety
/// `client` is a live handle or NULL, `error_out` points to memory for a pointer or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_cache_failure(client: *const GtClient, error_out: *mut *mut GtError) -> i32 {
    let body = || {
        // SAFETY: the caller's promise.
        let client = unsafe { reference(client, "client") }?;
        client.client.take_store_failure().map_or(Ok(()), Err)
    };
    // SAFETY: the caller's promise.
    unsafe { report(error_out, body) }
}

/// The address that token requests are sent to.
///
/// # Safety
/// `client` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_token_endpoint(client: *const GtClient, text_out: *mut GtStr) -> i32 {
    // SAFETY: the caller's promise.
    unsafe {
        read(client, text_out, |client| {
            GtStr::lend(client.client.authority().token_endpoint().as_bytes())
        })
    }
}

/// The tenant, as the authority has it.
///
/// # Safety
/// `client` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_tenant(client: *const GtClient, text_out: *mut GtStr) -> i32 {
    // SAFETY: the caller's promise.
    unsafe {
        read(client, text_out, |client| {
            GtStr::lend(client.client.authority().tenant().as_bytes())
        })
    }
}

/// Frees a client and the tokens that it keeps. NULL is ignored.
///
/// # Safety
/// `client` is NULL, or a live handle that nobody uses any more.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_free(client: *mut GtClient) {
    // SAFETY: the caller's promise.
    unsafe { free(client) };
}

/// # Safety
/// `client` is a live handle or NULL, `place` points to memory for the value or is NULL.
unsafe fn read<T>(client: *const GtClient, place: *mut T, value: impl FnOnce(&GtClient) -> T) -> i32 {
    guard_plain(|| {
        // SAFETY: the caller's promise.
        let client = unsafe { reference(client, "client") }?;
        // SAFETY: the caller's promise.
        unsafe { Out::new(place, "the result's place") }?.set(value(client));
        Ok(())
    })
}

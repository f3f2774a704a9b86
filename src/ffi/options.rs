//! `gt_options`: settings as text keys and values.

use std::sync::{Arc, Mutex, PoisonError};

use crate::ffi::call::{call, free};
use crate::ffi::error::GtError;
use crate::ffi::handle::Object;
use crate::ffi::text::GtStr;
use crate::options::Options;
use crate::store::TokenStore;

/// Settings of clients and requests. Any thread may set and use them; what is built keeps a copy. Freed with
/// `gt_options_free`.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtOptions {
    options: Mutex<Options>,
}

impl Object for GtOptions {}

impl GtOptions {
    pub(super) fn copy(options: Option<&Self>) -> Options {
        options.map_or_else(Options::default, |options| options.lock().clone())
    }

    pub(super) fn set_store(&self, store: Option<Arc<dyn TokenStore>>) {
        self.lock().client.store = store;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Options> {
        self.options.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes settings in which everything has its default.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `options_out` points to memory for a pointer or is NULL,
/// `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_options_new(options_out: *mut *mut GtOptions, error_out: *mut *mut GtError) -> i32 {
    call!(options_out, error_out, || Ok(GtOptions {
        options: Mutex::default()
    }))
}

/// Sets one setting. Status 100 for a key that is not known (the hint lists those that are) and for a value that the key
/// cannot have.
///
/// Keys of clients: `cloud` (`global`, `usgov`, `usgovdod`, `china`), `authority` (a base address or whole authority
/// URL), `assertion.algorithm` (`auto`, `PS256`, `RS256`; default `auto`), `assertion.audience` (default: the token
/// endpoint), `assertion.lifetime_seconds` (1 to 86400; default 600), `assertion.send_chain` (`true`, `false`),
/// `http.proxy` (`http://[user:password@]host:port`, empty for none; default: the environment's `HTTPS_PROXY`),
/// `http.no_proxy` (default: the environment's `NO_PROXY`), `http.ca_file` (a PEM file with the authorities to trust,
/// empty for the system's store; default: the environment's `SSL_CERT_FILE`, else the system's store), `http.connect_timeout_seconds` (default 10),
/// `http.timeout_seconds` (of a call in all, repetitions and pauses included; default 100), `http.retries` (how often a
/// request is sent again after a failure that may pass: no connection, no answer, 408, 429, 5xx; 0 to 10, default 3), `http.product` (`Name/Version` of the program), `cache` (`client`, `process`,
/// `none`; default `client`).
///
/// Keys of clients for the next process, or for others at the same time; one place at most. `cache.name`: the file of this name
/// in the user's data folder (letters, digits, `.`, `_`, `-`; without a dot it gets `.json`; default: no file),
/// `cache.folder` (another folder), `cache.protection` (of the file: `user`, with what the operating system has for the
/// user, or `none`, plain JSON as MSAL has it; default `user`). `cache.redis`: a Redis server
/// (`redis://[user@]host[:port][/database]`, `rediss://` for TLS, `unix:///path`; empty for none, the default),
/// `cache.redis_password` or `cache.redis_password_file` (a file that is read anew for each connection). `cache.key` (32
/// random bytes in Base64, the same in every process): encrypts the tokens in either; Redis needs it, and a file has it in
/// place of `cache.protection`.
///
/// Keys of requests: `claims` (a JSON object), `correlation_id` (a GUID), `force_refresh` (`true`, `false`),
/// `minimum_lifetime_seconds` (default 300), `timeout_seconds`.
///
/// # Safety
/// `options` is a live handle or NULL, texts are readable for their length, `error_out` points to memory for a pointer
/// or is NULL.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_options_set(
    options: *mut GtOptions,
    key: GtStr,
    value: GtStr,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(error_out, |options: &GtOptions, key: &str, value: &str| {
        options.lock().set(key, value)
    })
}

/// Frees settings. NULL is ignored.
///
/// # Safety
/// `options` is NULL, or a live handle that nobody uses any more.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_options_free(options: *mut GtOptions) {
    free!(options);
}

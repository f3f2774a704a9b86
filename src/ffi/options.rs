//! `gt_options`: settings as text keys and values.

use std::sync::{Arc, Mutex, PoisonError};

use crate::client::options::Options;
use crate::ffi::error::{GtError, report};
use crate::ffi::handle::{Out, free, reference};
use crate::ffi::text::GtStr;
use crate::store::TokenStore;

/// Settings of clients and requests. Any thread may set and use them; what is built keeps a copy. Freed with
/// `gt_options_free`.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtOptions {
    options: Mutex<Options>,
}

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
    let body = || {
        // SAFETY: the caller's promise.
        let place = unsafe { Out::handle(options_out, "options_out") }?;
        place.give(GtOptions {
            options: Mutex::default(),
        });
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { report(error_out, body) }
}

/// Sets an option. Status 100 for an unknown key (the hint lists the known ones) and for a value that the option does not
/// take; status 202 for the address of a proxy that cannot be used.
///
/// Tokens are kept outside of the process in at most one place: a file (`cache.name`), Redis (`cache.redis`), or a store of
/// the program (`gt_options_set_token_store`).
///
/// Options of clients:
/// - `cloud`: The national cloud whose sign-in host and Microsoft Graph are meant. Values: `global`, `usgov`,
///   `usgovdod` or `china`. Default: `global`.
/// - `authority`: The authority: a base address to which the tenant is added, or a whole authority URL. Values: an
///   `https` address. Default: that of the cloud.
/// - `assertion.algorithm`: The signature algorithm of client assertions. `auto` is `PS256`, or `RS256` where the
///   authority or the key cannot do that. Values: `auto`, `PS256` or `RS256`. Default: `auto`.
/// - `assertion.audience`: The audience (`aud`) of client assertions. Values: a URL. Default: the token endpoint.
/// - `assertion.lifetime_seconds`: How long a client assertion is valid, from the time of signing. Values: 1 to 86400
///   seconds. Default: `600`, of which one minute lies in the past.
/// - `assertion.send_chain`: Whether client assertions carry the certificate with its chain (`x5c`), as subject name
///   and issuer authentication needs it. Values: `true` or `false`. Default: `false`.
/// - `http.proxy`: The HTTP proxy. Empty connects directly, whatever the environment says. Values:
///   `http://[user:password@]host[:port]` or empty. Default: the environment variable `HTTPS_PROXY`.
/// - `http.no_proxy`: Hosts that are reached without the proxy. Values: a list as in `NO_PROXY`. Default: the
///   environment variable `NO_PROXY`.
/// - `http.ca_file`: The file with the only certificate authorities to trust. Empty trusts those of the operating
///   system, whatever the environment says. Values: the path of a PEM file, or empty. Default: the environment variable
///   `SSL_CERT_FILE`, else those of the operating system.
/// - `http.connect_timeout_seconds`: How long one connection may take to be made, name resolution and TLS included.
///   Values: 1 to 3600 seconds. Default: `10`.
/// - `http.timeout_seconds`: How long a call may take in all, repetitions included, where the request does not say.
///   Values: 1 to 86400 seconds. Default: `100`.
/// - `http.retries`: How often a request is sent again after a failure that may pass, as far as the time limit allows
///   it. Values: 0 to 10. Default: `3`.
/// - `http.product`: The program that asks, for the `User-Agent` header. Values: a name and version, such as
///   `Contoso.Backup/1.0`. Default: none.
/// - `cache`: Where tokens are kept in memory: with the client, in the process for all clients with the same
///   credential, or nowhere. Values: `client`, `process` or `none`. Default: `client`.
/// - `cache.name`: The name of a file that keeps tokens for other processes of the user. Values: up to 100 letters,
///   digits, `.`, `_` and `-`. Default: no file.
/// - `cache.folder`: The folder of that file. Values: a path. Default: the user's data folder.
/// - `cache.protection`: What protects that file: the user's account, or nothing but its permissions. Values: `user` or
///   `none`. Default: `user`.
/// - `cache.key`: The key that encrypts tokens in the file, in place of the user's account, and in Redis. Secret.
///   Values: 32 bytes as Base64. Default: none.
/// - `cache.redis`: The Redis server that shares tokens between machines. Needs the key. Values:
///   `rediss://[user@]host[:port][/database]`, `redis://` or `unix://`. Default: no server.
/// - `cache.redis_password`: The password of the Redis server. Secret. Values: text. Default: none.
/// - `cache.redis_password_file`: The file with that password, which is read anew for each connection. Values: a path.
///   Default: none.
///
/// Options of requests:
/// - `claims`: A claims request or challenge to pass on (OpenID Connect Core section 5.5). Values: a JSON object, or
///   empty. Default: none.
/// - `correlation_id`: The id that finds the request in the tenant's sign-in logs. Values: a GUID. Default: random.
/// - `force_refresh`: Whether the service is asked even when the cache has a token. Values: `true` or `false`. Default:
///   `false`.
/// - `minimum_lifetime_seconds`: How long a token of the cache must still be valid. Values: 0 to 86400 seconds.
///   Default: `300`.
/// - `timeout_seconds`: How long this call may take in all. Values: 1 to 86400 seconds. Default: that of the client.
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
    let body = || {
        // SAFETY: the caller's promise.
        let options = unsafe { reference(options, "options") }?;
        // SAFETY: the caller's promise.
        let (key, value) = unsafe { (key.text("key")?, value.text("value")?) };
        options.lock().set(key, value)
    };
    // SAFETY: the caller's promise.
    unsafe { report(error_out, body) }
}

/// Frees settings. NULL is ignored.
///
/// # Safety
/// `options` is NULL, or a live handle that nobody uses any more.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_options_free(options: *mut GtOptions) {
    // SAFETY: the caller's promise.
    unsafe { free(options) };
}

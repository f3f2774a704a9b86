//! `gt_options`: settings as text keys and values.

use std::sync::{Arc, Mutex, PoisonError};

use crate::client::options::Options;
use crate::ffi::call::{call, free};
use crate::ffi::error::GtError;
use crate::ffi::handle::Object;
use crate::ffi::text::GtStr;
use crate::store::TokenStore;

/// Settings of clients and requests. Any thread may set and use them; what is built keeps a copy. Freed with
/// `gt_options_free`.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtOptions {
    options: Mutex<Options>,
}

impl Object for GtOptions {
    const NAME: &'static str = "gt_options";
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
/// Handles are live or NULL, texts are readable for their length, `options_out` points to memory for a pointer or is
/// NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_options_new(options_out: *mut *mut GtOptions, error_out: *mut *mut GtError) -> i32 {
    call!(options_out, error_out, || Ok(GtOptions {
        options: Mutex::default()
    }))
}

/// Sets an option. Status 100 for an unknown key (the hint lists the known ones) and for a value that the option does
/// not take; status 202 for a proxy of a kind that is not supported. White space, quotation marks and invisible
/// characters around a value are ignored, unless it is a secret.
///
/// Tokens are kept outside of the process in at most one place: a file (`cache.name`), Redis (`cache.redis`), or a
/// store of the program (`gt_options_set_token_store`).
///
/// Options of clients:
/// - `cloud`: The national cloud. It determines the sign-in host and the address of Microsoft Graph. Values: `global`,
///   `usgov`, `usgovdod` or `china`. Default: `global`.
/// - `authority`: The authority: a base URL to which the tenant is added, or an authority URL that includes the tenant.
///   Values: an `https` URL. Default: the sign-in host of the cloud.
/// - `authority.type`: The kind of authority: Microsoft Entra ID, AD FS, Azure AD B2C, Microsoft Entra External ID, or
///   an issuer that OpenID Connect Discovery describes. Values: `aad`, `adfs`, `b2c`, `ciam` or `oidc`. Default: what
///   host and path of the authority tell: `adfs` for the path `/adfs`, `b2c` for hosts below `b2clogin.com` and the
///   path `/tfp`, `ciam` for hosts below `ciamlogin.com`, and else `aad`.
/// - `authority.region`: The region of Azure whose token service answers requests of applications. `auto` finds it when
///   a token is requested: in the environment variable `REGION_NAME`, or else from the metadata service of the virtual
///   machine. Values: the name of a region such as `westeurope`, or `auto`. Default: none: the authority itself
///   answers.
/// - `assertion.algorithm`: The signature algorithm of client assertions. `auto` selects `PS256`, or `RS256` if the
///   authority or the key does not support `PS256`. Values: `auto`, `PS256` or `RS256`. Default: `auto`.
/// - `assertion.audience`: The audience (`aud`) of client assertions. Values: a URL. Default: the token endpoint.
/// - `assertion.lifetime_seconds`: How long a client assertion is valid after it is signed. Its validity begins up to
///   one minute earlier, to tolerate clocks that differ, unless it would then last longer than 600 seconds. Values: 1
///   to 86400 seconds. Default: `540`.
/// - `assertion.send_chain`: Whether client assertions include the certificate and its chain (`x5c`), which subject
///   name and issuer authentication requires. Values: `true` or `false`. Default: `false`.
/// - `http.proxy`: The HTTP proxy. An empty value connects directly and ignores the environment. User name and password
///   are percent-encoded. Programs that read the environment by themselves put `HTTPS_PROXY=` before the address, and
///   errors then name that variable. Values: `http://[user:password@]host[:port]` or empty. Default: the environment
///   variable `HTTPS_PROXY`.
/// - `http.no_proxy`: The hosts that are reached without the proxy. Values: names, IP addresses and networks (CIDR),
///   separated by commas or spaces as in `NO_PROXY`; a name includes its sub-domains. Default: the environment variable
///   `NO_PROXY`.
/// - `http.ca_file`: A file with the certificate authorities to trust, in place of all others. An empty value trusts
///   those of the operating system and ignores the environment. Values: the path of a PEM file, or empty. Default: the
///   environment variable `SSL_CERT_FILE`, or else the certificate authorities of the operating system.
/// - `http.connect_timeout_seconds`: The time limit for establishing a connection, including name resolution and TLS.
///   Values: 1 to 3600 seconds. Default: `10`.
/// - `http.timeout_seconds`: The time limit of a call, including retries, if the request sets none. Values: 1 to 86400
///   seconds. Default: `100`.
/// - `http.retries`: How often a request is sent again after a transient failure, within the time limit. Values: 0 to
///   10. Default: `3`.
/// - `http.product`: The name and version of the calling program, for the `User-Agent` header. Values: a name and
///   version, such as `Contoso.Backup/1.0`. Default: none.
/// - `federation.request_url`: The address of the token service of a job, for programs that read the environment by
///   themselves. Values: an `https` URL. Default: the environment variable `ACTIONS_ID_TOKEN_REQUEST_URL` or
///   `SYSTEM_OIDCREQUESTURI`.
/// - `federation.request_token`: The token that this service demands. Secret. Values: text. Default: the environment
///   variable `ACTIONS_ID_TOKEN_REQUEST_TOKEN` or `SYSTEM_ACCESSTOKEN`.
/// - `cache`: Where tokens are cached in memory: in the client, in the process for all clients with the same
///   application and credential, or nowhere. Values: `client`, `process` or `none`. Default: `client`.
/// - `cache.name`: The name of a token cache file, which shares tokens between processes of the same user. Values: up
///   to 100 letters, digits, `.`, `_` and `-`, without the extension of a file beside a cache (`.new`, `.lockfile`).
///   Default: no file.
/// - `cache.folder`: The folder of the token cache file. Values: a path. Default: the user's data folder.
/// - `cache.protection`: What protects the token cache file: encryption that is bound to the user's account, or file
///   permissions only, for which no other user may write the folder. Values: `user` or `none`. Default: `user`.
/// - `cache.key`: The key that encrypts tokens in Redis, and in the token cache file in place of the user's account.
///   Secret. Values: 32 bytes as Base64. Default: none.
/// - `cache.redis`: The Redis server that shares tokens between machines. Requires a key. Values:
///   `rediss://[user@]host[:port][/database]`, `redis://` or `unix://`. Default: no server.
/// - `cache.redis_password`: The password of the Redis server. Secret. Values: text. Default: none.
/// - `cache.redis_password_file`: A file with the password of the Redis server. It is read again for each connection.
///   Values: a path. Default: none.
/// - `identity.client_id`: The client id of the user-assigned managed identity to use. Only for clients of a managed
///   identity, and only one of the three ids. Values: a GUID. Default: the machine's own identity, or the only one.
/// - `identity.object_id`: The object (principal) id of the user-assigned managed identity to use. Values: a GUID.
///   Default: the machine's own identity, or the only one.
/// - `identity.resource_id`: The Azure resource id of the user-assigned managed identity to use. Values: a path that
///   begins with `/subscriptions/`. Default: the machine's own identity, or the only one.
/// - `identity.source`: The platform whose managed identity is used. Clients of a managed identity find it by the
///   variables that it sets. Values: `auto`, `service_fabric`, `app_service`, `machine_learning`, `cloud_shell`, `arc`
///   or `imds`. Default: `auto`.
/// - `identity.variables`: The environment variables that name a platform's endpoint and its secret, or describe a
///   credential, for programs whose environment is not that of the process. Secret. Values: pairs `NAME=value`, each
///   ended by U+0000. Default: the environment of the process.
/// - `developer_tool.tenant`: The tenant whose token a developer tool is asked for. Only for clients of a developer
///   tool. Values: a GUID or a domain. Default: the tenant that the tool is signed in to.
/// - `capabilities`: What the client tells the service that it can do. `cp1`: it answers claims challenges, so that
///   tokens live longer and APIs refuse them as soon as a critical event occurs (continuous access evaluation). Values:
///   names with spaces between them. Default: none.
///
/// Options of requests:
/// - `claims`: A claims request to send to the service (OpenID Connect Core section 5.5). A new token is issued, and
///   replaces the cached one. Values: a JSON object, or empty. Default: none.
/// - `challenge`: The header `WWW-Authenticate` of an API that refuses a token for want of claims. They are sent to the
///   service, and a new token is issued, which replaces the cached one. They take precedence over those of `claims`.
///   Values: the header's value, up to 16 KiB. Default: none.
/// - `correlation_id`: The id by which the request can be found in the tenant's sign-in logs. Values: a GUID. Default:
///   random.
/// - `force_refresh`: Whether to request a new token even if the cache has one. Values: `true` or `false`. Default:
///   `false`.
/// - `minimum_lifetime_seconds`: How long a cached token must still be valid to be returned. Values: 0 to 86400
///   seconds. Default: `300`.
/// - `timeout_seconds`: The time limit of the call, including retries. Values: 1 to 86400 seconds. Default: the time
///   limit of the client.
///
/// Options of sign-ins in a browser:
/// - `redirect.port`: The port of this machine that the browser brings the answer to. One that is forwarded from
///   another machine, on which the browser runs, must be known before. Values: 1 to 65535. Default: any that is free.
/// - `redirect.host`: The name of this machine in the redirect URI, as it is registered for the application. Values:
///   `localhost` or `127.0.0.1`. Default: that of the kind of authority: `localhost`, or `127.0.0.1` at AD FS and
///   OpenID Connect issuers.
/// - `login_hint`: The sign-in name of the user who is expected. Values: a name such as `user@contoso.com`. Default:
///   none.
/// - `prompt`: What the user is shown: the accounts to choose from, the fields for name and password, what the
///   application may do, or nothing, so that the sign-in fails if the user would have to act. Values: `select_account`,
///   `login`, `consent` or `none`. Default: the accounts, or with a login hint what the service chooses.
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
/// `options` is NULL, or a live handle that is no longer in use.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_options_free(options: *mut GtOptions) {
    free!(options);
}

//! `gt_client`: an application that acquires tokens.

use crate::client::Client;
#[cfg(feature = "flows")]
use crate::client::tool::Tool;
use crate::ffi::assertion::GtAssertion;
use crate::ffi::call::{call, free, plain_call};
use crate::ffi::cancel::GtCancel;
use crate::ffi::credential::GtCredential;
use crate::ffi::error::GtError;
use crate::ffi::handle::Object;
use crate::ffi::options::GtOptions;
use crate::ffi::request::GtRequest;
use crate::ffi::text::GtStr;
use crate::ffi::token::GtToken;

/// An application at an authority, with its proof and its tokens. Any thread may use it, many at once. Freed with
/// `gt_client_free`.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtClient {
    pub(super) client: Client,
}

impl Object for GtClient {
    const NAME: &'static str = "gt_client";
}

/// Makes a client. Nothing is sent yet.
///
/// `tenant` is a GUID, a domain, or a whole authority URL; it may be empty when the option `authority` is whole. What
/// was pasted around it and around `client_id` is ignored: white space, quotation marks, the braces of a GUID.
/// `credential` NULL makes a public client, which can only ask for users. `options` may be NULL. Both may be freed
/// afterwards. Status 101 when the tenant or authority cannot be used.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `client_out` points to memory for a pointer or is
/// NULL, `error_out` likewise.
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
    call!(
        client_out,
        error_out,
        |tenant: &str, client_id: &str, credential: Option<&GtCredential>, options: Option<&GtOptions>| {
            let credential = credential.map(|credential| credential.credential.clone());
            let settings = GtOptions::copy(options).client;
            let client = Client::new(tenant, client_id, credential, settings)?;
            Ok(GtClient { client })
        }
    )
}

/// Makes a client for the managed identity of this machine: an identity that a platform of Azure gives the programs on
/// it, which need no tenant, no application and no credential. Nothing is sent yet.
///
/// The platform tells itself by variables of the environment: Service Fabric, App Service (and Functions, Container
/// Apps, Automation), Machine Learning, Cloud Shell, Azure Arc; otherwise it is a virtual machine. The options
/// `identity.client_id`, `identity.object_id` and `identity.resource_id` choose a user-assigned identity. `options` may
/// be NULL, and may be freed afterwards.
///
/// Acquire tokens with a request of `gt_request_new_client_credentials` for one scope that ends in `/.default`. Requests
/// never go through a proxy. Tokens are kept in memory only: the platform keeps them for all processes of the machine.
///
/// Status 100 for variables that no platform sets, for an identity that the platform cannot choose, and for options that
/// make no sense here (`authority`, `cache.name`, `cache.redis`, a store); status 102 when variables lack of the platform
/// that `identity.source` names. When no platform answers, `gt_client_acquire` gives status 200.
///
/// # Safety
/// `options` is a live handle or NULL, `client_out` points to memory for a pointer or is NULL, `error_out` likewise.
#[cfg(feature = "flows")]
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_new_managed_identity(
    options: *const GtOptions,
    client_out: *mut *mut GtClient,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(client_out, error_out, |options: Option<&GtOptions>| {
        let client = Client::for_managed_identity(&GtOptions::copy(options).client)?;
        Ok(GtClient { client })
    })
}

/// Makes a client for the application that the environment variables describe, as the Azure SDKs read them, which needs
/// no other argument. Nothing is sent yet.
///
/// An application: `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and `AZURE_CLIENT_SECRET`, or `AZURE_CLIENT_CERTIFICATE_PATH`
/// (with `AZURE_CLIENT_CERTIFICATE_PASSWORD`, and `AZURE_CLIENT_SEND_CERTIFICATE_CHAIN` `1` or `true`). A user:
/// `AZURE_USERNAME`, `AZURE_PASSWORD` and `AZURE_CLIENT_ID`; `gt_client_warning` warns of it. `AZURE_AUTHORITY_HOST` names
/// the authority unless the option `authority` does. An empty variable counts as unset. `options` may be NULL, and may be
/// freed afterwards.
///
/// Acquire tokens with a request of `gt_request_new_client_credentials`, for a user too.
///
/// Status 102 when the variables describe nothing, or only a part: the message says which are set and which lack, and
/// quotes no value. Otherwise the status for what is wrong with what they say.
///
/// # Safety
/// `options` is a live handle or NULL, `client_out` points to memory for a pointer or is NULL, `error_out` likewise.
#[cfg(feature = "flows")]
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_new_environment(
    options: *const GtOptions,
    client_out: *mut *mut GtClient,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(client_out, error_out, |options: Option<&GtOptions>| {
        let client = Client::from_environment(&GtOptions::copy(options).client)?;
        Ok(GtClient { client })
    })
}

/// Makes a client that uses the first of these that applies here, and keeps to it: the credential of the environment
/// variables (`gt_client_new_environment`), the workload of `AZURE_FEDERATED_TOKEN_FILE`, the managed identity of this
/// machine (`AZURE_CLIENT_ID` names a user-assigned one), the Azure CLI, the Azure Developer CLI. Nothing is sent yet.
///
/// What is not set, does not answer, is not installed or not signed in does not apply. What applies and is refused ends
/// the call with its own error: the rest of the chain is not tried. `AZURE_TOKEN_CREDENTIALS` narrows the chain down:
/// `prod`, `dev` or the name of one credential of the Azure SDKs. Once a token is issued, `gt_client_chosen` names the link
/// and `gt_client_passed_over` says why those before it did not apply.
///
/// `options` may be NULL, and may be freed afterwards. Tokens are kept in memory only.
///
/// Status 100 for options that make no sense here (`authority`, `identity.client_id`, `cache.name`, `cache.redis`, a
/// store) and for a value of `AZURE_TOKEN_CREDENTIALS` that is not known. When nothing applies, `gt_client_acquire` gives
/// status 102 and a message with a line for each link.
///
/// # Safety
/// `options` is a live handle or NULL, `client_out` points to memory for a pointer or is NULL, `error_out` likewise.
#[cfg(feature = "flows")]
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_new_chain(
    options: *const GtOptions,
    client_out: *mut *mut GtClient,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(client_out, error_out, |options: Option<&GtOptions>| {
        let client = Client::for_chain(&GtOptions::copy(options).client)?;
        Ok(GtClient { client })
    })
}

/// Makes a client for the user who is signed in to a developer tool: `az`, the Azure CLI, or `azd`, the Azure Developer
/// CLI. Nothing is run yet.
///
/// The tool is looked for in the folders of `PATH` that are whole paths, and runs as a child process without a shell, for
/// up to 10 seconds. The option `developer_tool.tenant` chooses the tenant. `options` may be NULL, and may be freed
/// afterwards. Tokens are kept in memory only.
///
/// Status 100 for another name and for options that make no sense here. `gt_client_acquire` gives status 102 when the
/// tool is not installed or not signed in, 303 when its user has to sign in again, 203 when it does not end, and 300
/// with its own message for any other failure.
///
/// # Safety
/// `name` is readable for its length, `options` is a live handle or NULL, `client_out` points to memory for a pointer or
/// is NULL, `error_out` likewise.
#[cfg(feature = "flows")]
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_new_developer_tool(
    name: GtStr,
    options: *const GtOptions,
    client_out: *mut *mut GtClient,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(client_out, error_out, |name: &str, options: Option<&GtOptions>| {
        let client = Client::for_developer_tool(Tool::from_name(name)?, &GtOptions::copy(options).client)?;
        Ok(GtClient { client })
    })
}

/// Gets a token from the cache, or from the service when none there lives long enough. Waits for it.
///
/// Callers who want the same token at the same time share one request, and a failure of it. A token whose renewal is
/// due (the service says when, or in the last tenth of its life) is given at once and renewed in the background.
///
/// `cancel` may be NULL; otherwise it ends the wait from another thread (status 3).
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `token_out` points to memory for a pointer or is
/// NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_acquire(
    client: *const GtClient,
    request: *const GtRequest,
    cancel: *const GtCancel,
    token_out: *mut *mut GtToken,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(
        token_out,
        error_out,
        |client: &GtClient, request: &GtRequest, cancel: Option<&GtCancel>| {
            let token = client.client.acquire(&request.request, GtCancel::of(cancel))?;
            Ok(GtToken { token })
        }
    )
}

/// Gets the token that is in the cache, if there is one that lives long enough; otherwise `*token_out` becomes NULL,
/// which is no failure. Never asks the service and never waits, so that an event loop may call it before it hands
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
    call!(token_out, error_out, |client: &GtClient, request: &GtRequest| {
        let token = client.client.cached(&request.request);
        Ok(token.map(|token| GtToken { token }))
    })
}

/// Signs a fresh client assertion, as the next request would send it. Nothing is sent. Status 102 without a
/// certificate.
///
/// `cancel` may be NULL; otherwise it ends the wait for an external signer.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `assertion_out` points to memory for a pointer or is
/// NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_assertion(
    client: *const GtClient,
    cancel: *const GtCancel,
    assertion_out: *mut *mut GtAssertion,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(
        assertion_out,
        error_out,
        |client: &GtClient, cancel: Option<&GtCancel>| {
            let assertion = client.client.assertion(GtCancel::of(cancel))?;
            Ok(GtAssertion { assertion })
        }
    )
}

/// Why the place that keeps tokens for other processes (a file, Redis, a store of the program's own) has not worked
/// since this was asked last: status 0 when it has, otherwise the status and error of the first failure (400 to 403 for
/// a file).
///
/// Such a failure does not fail the call: the token comes from memory or from the service. But the next process finds
/// no token in the store, so report the failure.
///
/// # Safety
/// `client` is a live handle or NULL, `error_out` points to memory for a pointer or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_cache_failure(client: *const GtClient, error_out: *mut *mut GtError) -> i32 {
    call!(error_out, |client: &GtClient| {
        client.client.take_store_failure().map_or(Ok(()), Err)
    })
}

/// The link of a chain that is in use: `environment`, `workload identity`, `managed identity`, `Azure CLI` or
/// `Azure Developer CLI`. Empty until the chain has issued a token, and for other clients. It stays the same for the
/// client's life.
///
/// # Safety
/// `client` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[cfg(feature = "flows")]
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_chosen(client: *const GtClient, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |client: &GtClient| client.client.chosen().unwrap_or_default())
}

/// Why the links of a chain before the one in use did not apply: `NAME: REASON`, a line for each. Empty until the chain
/// has issued a token, and for other clients.
///
/// # Safety
/// `client` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[cfg(feature = "flows")]
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_passed_over(client: *const GtClient, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |client: &GtClient| client.client.passed_over())
}

/// What the user should know about the client, in a sentence; empty if there is nothing.
///
/// Of environment variables: that they have a user's password, that the certificate has expired, or that the token proxy
/// of Azure Kubernetes Service, which they name, is not supported. Of an application with the option `authority.region`: that
/// the region of this machine was not found when the last token was requested. Of a managed identity: that a request
/// left out claims, which platforms do not take. A chain has none before it has issued a token.
///
/// # Safety
/// `client` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[cfg(feature = "flows")]
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_warning(client: *const GtClient, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |client: &GtClient| client.client.warning())
}

/// The address that token requests are sent to, without the query of one for a managed identity; empty for a developer
/// tool, and for a chain until it has issued a token.
///
/// # Safety
/// `client` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_token_endpoint(client: *const GtClient, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |client: &GtClient| client.client.token_endpoint())
}

/// The tenant, as the authority has it; empty for a managed identity, whose platform knows it, and for a chain until it
/// has issued a token.
///
/// # Safety
/// `client` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_tenant(client: *const GtClient, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |client: &GtClient| client.client.tenant())
}

/// The application's id, as requests send it: without quotation marks, white space and the braces of a GUID that were
/// around it. Empty for a managed identity that was not chosen by its client id.
///
/// # Safety
/// `client` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_client_id(client: *const GtClient, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |client: &GtClient| client.client.client_id())
}

/// Frees a client and the tokens that it keeps. NULL is ignored.
///
/// # Safety
/// `client` is NULL, or a live handle that is no longer in use.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_free(client: *mut GtClient) {
    free!(client);
}

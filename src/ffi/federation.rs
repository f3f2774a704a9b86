//! `gt_credential`: what proves a workload whose platform gives it tokens.

use std::ffi::c_void;
use std::path::Path;
use std::sync::Arc;

use crate::base::parameter::FEDERATED_TOKEN_FILE;
use crate::credential::Credential;
use crate::credential::assertion_callback::CalledAssertion;
use crate::ffi::assertion_callback::{ExternalAssertion, GtAssertionCallback, GtAssertionRelease};
use crate::ffi::call::call;
use crate::ffi::credential::GtCredential;
use crate::ffi::error::GtError;
use crate::ffi::options::GtOptions;
use crate::ffi::text::GtStr;
use crate::service::federation::WorkloadService;

/// A credential that is the token in a file, such as that of `AZURE_FEDERATED_TOKEN_FILE` in Kubernetes.
///
/// The file is read for each token request, and links are followed. It holds one token of at most 64 KiB. An empty file
/// is read once more after 100 ms. A call ends with status 102 if the file is missing or empty, and with 100 if it
/// cannot be read, is not a regular file, or holds something else. Status 102 here if `path` is empty.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `credential_out` points to memory for a pointer or is
/// NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_credential_new_federated_token_file(
    path: GtStr,
    credential_out: *mut *mut GtCredential,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(credential_out, error_out, |path: &str| {
        let credential = Credential::from_assertion_file(Path::new(path), &FEDERATED_TOKEN_FILE)?;
        Ok(GtCredential { credential })
    })
}

/// A credential that is a token of GitHub Actions, which is asked for before each token request.
///
/// `options` may be NULL; its `federation.request_url` and `federation.request_token` stand in for the variables
/// `ACTIONS_ID_TOKEN_REQUEST_URL` and `ACTIONS_ID_TOKEN_REQUEST_TOKEN`. A client connects to GitHub with its own options
/// (`http.proxy` and so on). Status 102 if a variable is missing: the job needs the permission `id-token: write`.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `credential_out` points to memory for a pointer or is
/// NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_credential_new_github_actions(
    options: *const GtOptions,
    credential_out: *mut *mut GtCredential,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(credential_out, error_out, |options: Option<&GtOptions>| {
        let service = WorkloadService::github_actions(&GtOptions::copy(options).client.federation)?;
        let credential = Credential::from_source(service);
        Ok(GtCredential { credential })
    })
}

/// A credential that is a token of Azure Pipelines for a service connection, which is asked for before each token
/// request.
///
/// An empty `service_connection_id` stands for the variable `AZURESUBSCRIPTION_SERVICE_CONNECTION_ID`. `options` may be
/// NULL; its `federation.request_url` and `federation.request_token` stand in for the variables `SYSTEM_OIDCREQUESTURI`
/// and `SYSTEM_ACCESSTOKEN`. A client connects to Azure Pipelines with its own options. Status 102 if a variable is
/// missing: the task needs `env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `credential_out` points to memory for a pointer or is
/// NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_credential_new_azure_pipelines(
    service_connection_id: GtStr,
    options: *const GtOptions,
    credential_out: *mut *mut GtCredential,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(
        credential_out,
        error_out,
        |service_connection_id: &str, options: Option<&GtOptions>| {
            let settings = GtOptions::copy(options).client.federation;
            let service = WorkloadService::azure_pipelines(service_connection_id, &settings)?;
            let credential = Credential::from_source(service);
            Ok(GtCredential { credential })
        }
    )
}

/// A credential that is what `callback` returns, which is called with `context` for each token request.
///
/// `free` may be NULL; otherwise it is called exactly once with `context` when the engine will not call `callback`
/// again, also when this function fails. Only clients with this credential share the tokens that it obtains.
///
/// # Safety
/// `callback` and `free` may be called with `context` from any thread until `free` was called; `credential_out` points
/// to memory for a pointer or is NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_credential_new_with_assertion(
    callback: GtAssertionCallback,
    context: *mut c_void,
    free: GtAssertionRelease,
    credential_out: *mut *mut GtCredential,
    error_out: *mut *mut GtError,
) -> i32 {
    // Made first, so that every way out of this function releases the context.
    let callback = ExternalAssertion::new(callback, context, free);
    call!(credential_out, error_out, || {
        let source = CalledAssertion::new(Arc::new(callback?))?;
        let credential = Credential::from_source(source);
        Ok(GtCredential { credential })
    })
}

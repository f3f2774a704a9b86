//! `gt_credential`: what proves who the application is.

use std::sync::Arc;

use crate::base::secret::Secret;
use crate::credential::Credential;
use crate::ffi::call::{call, free};
use crate::ffi::certificate::GtCertificate;
use crate::ffi::error::GtError;
use crate::ffi::handle::Object;
use crate::ffi::text::GtStr;

/// The proof of an application. Immutable; any thread may use it. What is built with it keeps what it needs. Freed with
/// `gt_credential_free`.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtCredential {
    pub(super) credential: Credential,
}

impl Object for GtCredential {
    const NAME: &'static str = "gt_credential";
}

/// A credential that signs a client assertion for every request. `certificate` may be freed afterwards.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `credential_out` points to memory for a pointer or is
/// NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_credential_new_certificate(
    certificate: *const GtCertificate,
    credential_out: *mut *mut GtCredential,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(credential_out, error_out, |certificate: &GtCertificate| {
        let credential = Credential::from_certificate(Arc::clone(&certificate.certificate));
        Ok(GtCredential { credential })
    })
}

/// A credential that is a client secret. The text is copied; overwrite your own copy.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `credential_out` points to memory for a pointer or is
/// NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_credential_new_secret(
    secret: GtStr,
    credential_out: *mut *mut GtCredential,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(credential_out, error_out, |secret: Secret| {
        let credential = Credential::from_secret(secret)?;
        Ok(GtCredential { credential })
    })
}

/// A credential that is a client assertion signed elsewhere. It is sent as it is until it expires.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `credential_out` points to memory for a pointer or is
/// NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_credential_new_assertion(
    assertion: GtStr,
    credential_out: *mut *mut GtCredential,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(credential_out, error_out, |assertion: Secret| {
        let credential = Credential::from_assertion(&assertion)?;
        Ok(GtCredential { credential })
    })
}

/// Frees a credential. NULL is ignored.
///
/// # Safety
/// `credential` is NULL, or a live handle that is no longer in use.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_credential_free(credential: *mut GtCredential) {
    free!(credential);
}

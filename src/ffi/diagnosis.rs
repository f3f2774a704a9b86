//! `gt_diagnosis`: what is wrong with the setup of an application.

use crate::base::error::{Error, Result, Status};
use crate::diagnosis::finding::Finding;
use crate::diagnosis::{Setup, diagnose};
use crate::ffi::cancel::GtCancel;
use crate::ffi::credential::GtCredential;
use crate::ffi::error::{GtError, report};
use crate::ffi::guard::guard_plain;
use crate::ffi::handle::{Out, free, optional, reference};
use crate::ffi::options::GtOptions;
use crate::ffi::text::GtStr;

/// What was found, one finding for each check. Immutable; any thread may read it. Freed with `gt_diagnosis_free`.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtDiagnosis {
    findings: Vec<(String, Finding)>,
}

/// Finds out why an application gets no token: looks at its certificate and key, the way to the service, the clock, the
/// tenant and the application, and asks for one token, which it throws away. Waits for it.
///
/// `tenant`, `client_id` and `options` are those of `gt_client_new`; settings of requests count too. `credential` is the
/// proof of the application. Where making it failed, pass NULL for it and the error of that as `credential_error`: it
/// becomes a finding. Both NULL stand for a public client. `cancel` may be NULL; otherwise it ends the wait from another
/// thread (status 3). Whatever is wrong with the setup is no failure of this function. Everything passed may be freed
/// afterwards.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `diagnosis_out` points to memory for a pointer or is
/// NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_diagnosis_new(
    tenant: GtStr,
    client_id: GtStr,
    credential: *const GtCredential,
    credential_error: *const GtError,
    options: *const GtOptions,
    cancel: *const GtCancel,
    diagnosis_out: *mut *mut GtDiagnosis,
    error_out: *mut *mut GtError,
) -> i32 {
    let body = || {
        // SAFETY: the caller's promise.
        let place = unsafe { Out::handle(diagnosis_out, "diagnosis_out") }?;
        // SAFETY: the caller's promise.
        let (tenant, client_id) = unsafe { (tenant.text("tenant")?, client_id.text("client_id")?) };
        // SAFETY: the caller's promise.
        let (credential, credential_error) = unsafe { (optional(credential), optional(credential_error)) };
        // SAFETY: the caller's promise.
        let (options, cancel) = unsafe { (optional(options), optional(cancel)) };
        let setup = Setup {
            tenant: tenant.to_owned(),
            client_id: client_id.to_owned(),
            credential: match (credential, credential_error) {
                (Some(credential), _) => Some(Ok(credential.credential.clone())),
                (None, Some(error)) => Some(Err(error.error().clone())),
                (None, None) => None,
            },
            options: GtOptions::copy(options),
        };
        let findings = diagnose(setup, cancel.map(|cancel| &cancel.cancel))?;
        place.give(GtDiagnosis {
            findings: findings
                .into_iter()
                .map(|finding| (finding.check.name(), finding))
                .collect(),
        });
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { report(error_out, body) }
}

/// How many findings there are.
///
/// # Safety
/// `diagnosis` is a live handle or NULL, `count_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_diagnosis_count(diagnosis: *const GtDiagnosis, count_out: *mut u64) -> i32 {
    guard_plain(|| {
        // SAFETY: the caller's promise.
        let diagnosis = unsafe { reference(diagnosis, "diagnosis") }?;
        // SAFETY: the caller's promise.
        unsafe { Out::new(count_out, "count_out") }?.set(diagnosis.findings.len() as u64);
        Ok(())
    })
}

/// The permanent name of the check behind the finding at `index`, from 0 on. Status 100 when there is none there.
///
/// The checks, in their order: `Certificate`, `CertificateValidity`, `Thumbprints`, `PrivateKey`, `Signature`,
/// `Authority`, `Proxy`, `Connection`, `Tls`, `Clock`, `Tenant`, `Application`, `CertificateRegistered`,
/// `ClientCredential`. Later versions may add some.
///
/// # Safety
/// `diagnosis` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_diagnosis_check(diagnosis: *const GtDiagnosis, index: u64, text_out: *mut GtStr) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { read(diagnosis, index, text_out, |(check, _)| GtStr::lend(check.as_bytes())) }
}

/// The outcome of the finding at `index`, from 0 on: a `GtFindingStatus`. Status 100 when there is none there.
///
/// # Safety
/// `diagnosis` is a live handle or NULL, `status_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_diagnosis_status(diagnosis: *const GtDiagnosis, index: u64, status_out: *mut i32) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { read(diagnosis, index, status_out, |(_, finding)| finding.status as i32) }
}

/// What was found at `index`, from 0 on, or why nothing was looked for. Holds no secret. Status 100 when there is none
/// there.
///
/// # Safety
/// `diagnosis` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_diagnosis_detail(diagnosis: *const GtDiagnosis, index: u64, text_out: *mut GtStr) -> i32 {
    // SAFETY: the caller's promise.
    unsafe {
        read(diagnosis, index, text_out, |(_, finding)| {
            GtStr::lend(finding.detail.in_c().as_bytes())
        })
    }
}

/// What to do about the finding at `index`, from 0 on; empty when there is nothing to do. Status 100 when there is none
/// there.
///
/// # Safety
/// `diagnosis` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_diagnosis_hint(diagnosis: *const GtDiagnosis, index: u64, text_out: *mut GtStr) -> i32 {
    // SAFETY: the caller's promise.
    unsafe {
        read(diagnosis, index, text_out, |(_, finding)| {
            GtStr::lend(finding.hint.in_c().as_bytes())
        })
    }
}

/// Frees a diagnosis. NULL is ignored.
///
/// # Safety
/// `diagnosis` is NULL, or a live handle that nobody uses any more.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_diagnosis_free(diagnosis: *mut GtDiagnosis) {
    // SAFETY: the caller's promise.
    unsafe { free(diagnosis) };
}

/// # Safety
/// `diagnosis` is a live handle or NULL, `place` points to memory for the value or is NULL.
unsafe fn read<T>(
    diagnosis: *const GtDiagnosis,
    index: u64,
    place: *mut T,
    value: impl FnOnce(&(String, Finding)) -> T,
) -> i32 {
    guard_plain(|| {
        // SAFETY: the caller's promise.
        let diagnosis = unsafe { reference(diagnosis, "diagnosis") }?;
        // SAFETY: the caller's promise.
        let place = unsafe { Out::new(place, "the result's place") }?;
        place.set(value(at(diagnosis, index)?));
        Ok(())
    })
}

fn at(diagnosis: &GtDiagnosis, index: u64) -> Result<&(String, Finding)> {
    let found = usize::try_from(index)
        .ok()
        .and_then(|index| diagnosis.findings.get(index));
    found.ok_or_else(|| {
        Error::new(
            Status::InvalidArgument,
            format!("There is no finding number {index}."),
            "gt_diagnosis_count tells how many there are.",
        )
    })
}

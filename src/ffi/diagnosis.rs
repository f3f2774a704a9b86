//! `gt_diagnosis`: what is wrong with the setup of an application.

use crate::base::error::{Error, Result, Status};
use crate::base::surface::Surface;
#[cfg(feature = "flows")]
use crate::diagnosis::diagnose_source;
use crate::diagnosis::finding::Finding;
#[cfg(feature = "flows")]
use crate::diagnosis::sources::AskedSource;
use crate::diagnosis::{Setup, diagnose};
use crate::ffi::call::{call, free, plain_call};
use crate::ffi::cancel::GtCancel;
use crate::ffi::credential::GtCredential;
use crate::ffi::error::GtError;
use crate::ffi::handle::Object;
use crate::ffi::options::GtOptions;
use crate::ffi::text::GtStr;

/// What was found, one finding for each check. Immutable; any thread may read it. Freed with `gt_diagnosis_free`.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtDiagnosis {
    findings: Vec<NamedFinding>,
}

/// A finding with the name of its check, which C reads as text.
struct NamedFinding {
    check: String,
    finding: Finding,
}

impl Object for GtDiagnosis {
    const NAME: &'static str = "gt_diagnosis";
}

impl GtDiagnosis {
    fn new(findings: Vec<Finding>) -> Self {
        let named = |finding: Finding| NamedFinding {
            check: finding.check.name(),
            finding,
        };
        Self {
            findings: findings.into_iter().map(named).collect(),
        }
    }

    fn at(&self, index: u64) -> Result<&NamedFinding> {
        let found = usize::try_from(index).ok().and_then(|index| self.findings.get(index));
        found.ok_or_else(|| {
            Error::new(
                Status::InvalidArgument,
                format!("There is no finding number {index}."),
                "Pass an index below the number of findings.",
            )
        })
    }
}

/// Finds out why an application gets no token: looks at its certificate and key, the way to the service, the clock, the
/// tenant and the application, and asks for one token, which it throws away. Waits for it.
///
/// `tenant`, `client_id` and `options` are those of `gt_client_new`; settings of requests count too. `credential` is
/// the proof of the application. Where making it failed, pass NULL for it and the error of that as `credential_error`:
/// it becomes a finding. Both NULL stand for a public client. `cancel` may be NULL; otherwise it ends the wait from
/// another thread (status 3). Whatever is wrong with the setup is no failure of this function. Everything passed may be
/// freed afterwards.
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
    call!(
        diagnosis_out,
        error_out,
        |tenant: &str,
         client_id: &str,
         credential: Option<&GtCredential>,
         credential_error: Option<&GtError>,
         options: Option<&GtOptions>,
         cancel: Option<&GtCancel>| {
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
            let findings = diagnose(setup, GtCancel::of(cancel))?;
            Ok(GtDiagnosis::new(findings))
        }
    )
}

/// Finds out whether a source that needs no application issues tokens: asks it for one, which it throws away. Waits for
/// it.
///
/// `source` is `managed_identity` (the options choose the identity, as for `gt_client_new_managed_identity`) or `chain`
/// (`gt_client_new_chain`), whose finding says which link it uses and why those before it do not apply. The other sources
/// are named by variables and files, as `gt_diagnosis_new` does too. The checks of an application are skipped. `options`
/// and `cancel` may be NULL. Whatever is wrong is no failure of this function. Status 100 for another source.
///
/// # Safety
/// `source` is readable for its length, handles are live or NULL, `diagnosis_out` points to memory for a pointer or is
/// NULL, `error_out` likewise.
#[cfg(feature = "flows")]
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_diagnosis_new_for_source(
    source: GtStr,
    options: *const GtOptions,
    cancel: *const GtCancel,
    diagnosis_out: *mut *mut GtDiagnosis,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(
        diagnosis_out,
        error_out,
        |source: &str, options: Option<&GtOptions>, cancel: Option<&GtCancel>| {
            let source = AskedSource::from_name(source)?;
            let findings = diagnose_source(source, GtOptions::copy(options), GtCancel::of(cancel))?;
            Ok(GtDiagnosis::new(findings))
        }
    )
}

/// How many findings there are.
///
/// # Safety
/// `diagnosis` is a live handle or NULL, `count_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_diagnosis_count(diagnosis: *const GtDiagnosis, count_out: *mut u64) -> i32 {
    plain_call!(count_out, |diagnosis: &GtDiagnosis| diagnosis.findings.len() as u64)
}

/// The permanent name of the check behind the finding at `index`, from 0 on. Status 100 when there is none there.
///
/// The checks, in their order: `Certificate`, `CertificateValidity`, `Thumbprints`, `PrivateKey`, `Signature`,
/// `Authority`, `Proxy`, `Connection`, `Tls`, `Clock`, `Tenant`, `Application`, `CertificateRegistered`,
/// `ClientCredential`, `Environment`, `Workload`, `ManagedIdentity`, `DeveloperTools`, `Chain`. Later versions may add
/// some.
///
/// # Safety
/// `diagnosis` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_diagnosis_check(diagnosis: *const GtDiagnosis, index: u64, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |diagnosis: &GtDiagnosis| &*diagnosis.at(index)?.check)
}

/// The outcome of the finding at `index`, from 0 on: a `gt_finding_status`. Status 100 when there is none there.
///
/// # Safety
/// `diagnosis` is a live handle or NULL, `status_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_diagnosis_status(diagnosis: *const GtDiagnosis, index: u64, status_out: *mut i32) -> i32 {
    plain_call!(
        status_out,
        |diagnosis: &GtDiagnosis| diagnosis.at(index)?.finding.status as i32
    )
}

/// What was found at `index`, from 0 on, or why nothing was looked for. Holds no secret. Status 100 when there is none
/// there.
///
/// # Safety
/// `diagnosis` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_diagnosis_detail(diagnosis: *const GtDiagnosis, index: u64, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |diagnosis: &GtDiagnosis| diagnosis
        .at(index)?
        .finding
        .detail
        .in_c())
}

/// What to do about the finding at `index`, from 0 on; empty when there is nothing to do. Status 100 when there is none
/// there.
///
/// # Safety
/// `diagnosis` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_diagnosis_hint(diagnosis: *const GtDiagnosis, index: u64, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |diagnosis: &GtDiagnosis| diagnosis
        .at(index)?
        .finding
        .hint
        .in_c())
}

/// What was found at `index` in the words of `surface`, a `gt_surface`, for programs that wrap this
/// library: each surface has its own names for options and arguments. Status 100 for an unknown surface. Otherwise as
/// `gt_diagnosis_detail`.
///
/// # Safety
/// `diagnosis` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_diagnosis_detail_on(
    diagnosis: *const GtDiagnosis,
    index: u64,
    surface: i32,
    text_out: *mut GtStr,
) -> i32 {
    plain_call!(text_out, |diagnosis: &GtDiagnosis, surface: Surface| {
        diagnosis.at(index)?.finding.detail.on(surface)
    })
}

/// What to do about the finding at `index` in the words of `surface`, a `gt_surface`, for programs that wrap this
/// library: each surface has its own names for options and arguments. Status 100 for an unknown surface. Otherwise as
/// `gt_diagnosis_hint`.
///
/// # Safety
/// `diagnosis` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_diagnosis_hint_on(
    diagnosis: *const GtDiagnosis,
    index: u64,
    surface: i32,
    text_out: *mut GtStr,
) -> i32 {
    plain_call!(text_out, |diagnosis: &GtDiagnosis, surface: Surface| {
        diagnosis.at(index)?.finding.hint.on(surface)
    })
}

/// Frees a diagnosis. NULL is ignored.
///
/// # Safety
/// `diagnosis` is NULL, or a live handle that is no longer in use.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_diagnosis_free(diagnosis: *mut GtDiagnosis) {
    free!(diagnosis);
}

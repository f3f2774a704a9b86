//! The findings of a diagnosis: one for each check, in the order of the checks.

use std::time::SystemTime;

use crate::base::error::{Error, Result, Status};
use crate::base::text::Text;

/// One check and its result. Holds no secret.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What was checked.
    pub check: Check,
    /// The result.
    pub status: FindingStatus,
    /// What was found, or why the check was skipped.
    pub detail: Text,
    /// What to do next; empty if there is nothing to do.
    pub hint: Text,
    /// The status with which a token request would fail because of this; `None` unless the check failed.
    pub failure: Option<Status>,
}

/// What is checked. The names of the variants are permanent identifiers that all surfaces show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The certificate was found and can be read.
    Certificate,
    /// The certificate is valid, and does not expire within days.
    CertificateValidity,
    /// The certificate's SHA-1 and SHA-256 thumbprints, to compare with the portal.
    Thumbprints,
    /// The private key exists, belongs to the certificate and may be used; its type, size and provider.
    PrivateKey,
    /// The private key signs, and the certificate verifies the signature.
    Signature,
    /// The tenant and authority are valid.
    Authority,
    /// The proxy that connections go through.
    Proxy,
    /// The token service can be reached, and a token service responds.
    Connection,
    /// The service's TLS certificate is trusted; its issuer, which reveals an inspection proxy.
    Tls,
    /// This machine's clock and the service's agree.
    Clock,
    /// The tenant exists.
    Tenant,
    /// The application exists in the tenant.
    Application,
    /// The certificate is registered with the application.
    CertificateRegistered,
    /// The service accepts the application's credential and issues a token.
    ClientCredential,
    /// The credential that the environment variables describe.
    Environment,
    /// The token file or the job from which a workload gets its token.
    Workload,
    /// The platform whose managed identity this machine has.
    ManagedIdentity,
    /// The developer tools that are installed.
    DeveloperTools,
    /// What the chain uses.
    Chain,
}

impl Check {
    /// The checks of an application, in order.
    pub(super) const OF_APPLICATION: [Self; 14] = [
        Self::Certificate,
        Self::CertificateValidity,
        Self::Thumbprints,
        Self::PrivateKey,
        Self::Signature,
        Self::Authority,
        Self::Proxy,
        Self::Connection,
        Self::Tls,
        Self::Clock,
        Self::Tenant,
        Self::Application,
        Self::CertificateRegistered,
        Self::ClientCredential,
    ];

    /// The checks of the sources that need no application, in order. They come last.
    pub(super) const OF_SOURCES: [Self; 5] = [
        Self::Environment,
        Self::Workload,
        Self::ManagedIdentity,
        Self::DeveloperTools,
        Self::Chain,
    ];

    /// Every check, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::OF_APPLICATION.into_iter().chain(Self::OF_SOURCES)
    }

    /// The identifier.
    pub fn name(self) -> String {
        format!("{self:?}")
    }
}

/// The result of a check. The numbers are permanent.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(name = "GtFindingStatus"))]
pub enum FindingStatus {
    /// There is no problem.
    Passed = 1,
    /// It works, but needs attention.
    Warning = 2,
    /// It is a reason why no token is issued.
    Failed = 3,
    /// It was not checked: it does not apply, or an earlier failure makes it pointless.
    Skipped = 4,
}

impl FindingStatus {
    /// The name that all surfaces show.
    pub fn name(self) -> String {
        format!("{self:?}")
    }
}

impl Finding {
    pub(crate) fn passed(check: Check, detail: impl Into<Text>) -> Self {
        Self::new(check, FindingStatus::Passed, detail, "", None)
    }

    pub(crate) fn warning(check: Check, detail: impl Into<Text>, hint: impl Into<Text>) -> Self {
        Self::new(check, FindingStatus::Warning, detail, hint, None)
    }

    pub(crate) fn failed(check: Check, failure: Status, detail: impl Into<Text>, hint: impl Into<Text>) -> Self {
        Self::new(check, FindingStatus::Failed, detail, hint, Some(failure))
    }

    pub(crate) fn skipped(check: Check, reason: impl Into<Text>) -> Self {
        Self::new(check, FindingStatus::Skipped, reason, "", None)
    }

    pub(crate) fn of_error(check: Check, error: &Error) -> Self {
        Self::failed(check, error.status(), error.cause(), error.advice())
    }

    fn new(
        check: Check,
        status: FindingStatus,
        detail: impl Into<Text>,
        hint: impl Into<Text>,
        failure: Option<Status>,
    ) -> Self {
        Self {
            check,
            status,
            detail: detail.into(),
            hint: hint.into(),
            failure,
        }
    }
}

/// Adds a finding that skips each check of the application that has none yet.
pub(super) fn skip_rest(findings: &mut Vec<Finding>, reason: &str) {
    let made = findings.len();
    findings.extend(
        Check::OF_APPLICATION[made..]
            .iter()
            .map(|check| Finding::skipped(*check, reason)),
    );
}

/// Separates cancellation, which ends the diagnosis, from every other error, which is a finding.
pub(super) fn found<T>(outcome: Result<T>) -> Result<std::result::Result<T, Error>> {
    match outcome {
        Err(error) if error.status() == Status::Cancelled => Err(error),
        outcome => Ok(outcome),
    }
}

/// `2026-11-24`.
pub(super) fn day(time: SystemTime) -> String {
    match der::DateTime::from_system_time(time) {
        Ok(time) => format!("{:04}-{:02}-{:02}", time.year(), time.month(), time.day()),
        Err(_) => "a day before 1970".to_owned(),
    }
}

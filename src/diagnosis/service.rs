//! Checks of the application and its credential by the service, with one real token request.

use std::sync::Arc;

use crate::authority::Authority;
use crate::base::clock::SystemClock;
use crate::base::error::{Error, Result, Status};
use crate::client::Client;
#[cfg(feature = "flows")]
use crate::client::settings::RegionChoice;
use crate::client::settings::{CachePlace, ClientSettings};
use crate::credential::Credential;
use crate::diagnosis::Setup;
use crate::diagnosis::finding::{Check, Finding, FindingStatus, found, skip_rest};
use crate::http::https::HttpsTransport;
use crate::request::Request;
use crate::request::grant::ClientCredentials;
use crate::request::scope::Scopes;
use crate::store::redis::settings::RedisSettings;

/// Requests a token with the application's credential, discards it, and adds the findings about the application.
pub(super) fn findings(
    setup: &Setup,
    authority: Authority,
    transport: Arc<HttpsTransport>,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let credential = match &setup.credential {
        None => {
            skip_rest(
                findings,
                "A public client has no credential of its own; its users sign in instead.",
            );
            return Ok(());
        }
        Some(Err(error)) => {
            findings.extend(without_credential(error, has_failed_already(findings)));
            return Ok(());
        }
        Some(Ok(credential)) => credential,
    };
    if failed(findings, Check::Signature) {
        skip_rest(findings, "No token was requested, because the key cannot sign.");
        return Ok(());
    }
    // An API of B2C has to be named; the application itself is one.
    let scopes = if authority.needs_scope() {
        Scopes::parse(&format!("{}/.default", setup.client_id))?
    } else {
        Scopes::default()
    };
    let settings = ClientSettings {
        #[cfg(feature = "flows")]
        region: setup.options.client.region.clone().map(without_request),
        cache: CachePlace::None,
        store: None,
        redis: RedisSettings::default(),
        ..setup.options.client.clone()
    };
    let client = Client::with_parts(
        authority,
        &setup.client_id,
        Some(credential.clone()),
        settings,
        transport,
        Arc::new(SystemClock),
    );
    let request = Request::new(Arc::new(ClientCredentials), scopes, setup.options.request.clone());
    let outcome = found(client.and_then(|client| client.acquire(&request, None).map(drop)))?;
    findings.extend(of_answer(outcome.as_ref().err(), credential));
    Ok(())
}

/// A diagnosis does not ask the metadata service of the machine.
#[cfg(feature = "flows")]
fn without_request(choice: RegionChoice) -> RegionChoice {
    match choice {
        RegionChoice::Auto { .. } => RegionChoice::Auto { asks_imds: false },
        named @ RegionChoice::Named(_) => named,
    }
}

fn failed(findings: &[Finding], check: Check) -> bool {
    findings
        .iter()
        .any(|finding| finding.check == check && finding.status == FindingStatus::Failed)
}

fn has_failed_already(findings: &[Finding]) -> bool {
    failed(findings, Check::Certificate) || failed(findings, Check::PrivateKey)
}

/// The findings without a credential. The error of loading it is reported once: as `told`, if the certificate caused
/// it.
fn without_credential(error: &Error, told: bool) -> Vec<Finding> {
    let reason = "No token was requested, because the application's credential could not be loaded.";
    let last = if told {
        Finding::skipped(Check::ClientCredential, reason)
    } else {
        Finding::of_error(Check::ClientCredential, error)
    };
    vec![
        Finding::skipped(Check::Application, reason),
        Finding::skipped(Check::CertificateRegistered, reason),
        last,
    ]
}

/// The findings about the application, its certificate and its credential, in this order, from the service's response.
fn of_answer(error: Option<&Error>, credential: &Credential) -> [Finding; 3] {
    let fault = error.map(|error| (Fault::of(error), error));
    let blamed = |fault: Fault| match fault {
        Fault::Application => Check::Application,
        Fault::Registration => Check::CertificateRegistered,
        Fault::Proof | Fault::Other => Check::ClientCredential,
    };
    let finding = |check: Check, fine: &str| match fault {
        None => Finding::passed(check, fine),
        Some((fault, error)) if blamed(fault) == check => Finding::of_error(check, error),
        // The service looks up the application first, then verifies the credential against the registered certificates.
        Some((Fault::Registration | Fault::Proof, _)) if check == Check::Application => Finding::passed(check, fine),
        Some(_) => Finding::skipped(check, "The service refused the request before this check."),
    };
    let registered = if matches!(credential, Credential::Certificate(_)) {
        finding(
            Check::CertificateRegistered,
            "The certificate is registered with the application.",
        )
    } else {
        Finding::skipped(
            Check::CertificateRegistered,
            "The application does not use a certificate.",
        )
    };
    let proof = match credential {
        Credential::Certificate(_) => {
            "The service accepted the client assertion and issued a token, which was discarded."
        }
        Credential::Secret(_) => "The service accepted the client secret and issued a token, which was discarded.",
        Credential::Assertion(_) => {
            "The service accepted the given client assertion and issued a token, which was discarded."
        }
    };
    [
        finding(Check::Application, "The application exists in the tenant."),
        registered,
        finding(Check::ClientCredential, proof),
    ]
}

/// The part of the setup that a refusal blames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The application is unknown or disabled, or its id is not valid.
    Application,
    /// The certificate is not registered, or the registered one has expired.
    Registration,
    /// The credential itself; the application exists.
    Proof,
    /// Something else, which does not tell anything about the application or its credential.
    Other,
}

impl Fault {
    /// By the AADSTS numbers ("Microsoft Entra authentication and authorization error codes").
    fn of(error: &Error) -> Self {
        let codes = error
            .service()
            .map(|report| report.codes.as_slice())
            .unwrap_or_default();
        let by_code = codes.iter().find_map(|code| match code {
            700_016 | 7_000_112 | 7_000_229 => Some(Self::Application),
            700_027 => Some(Self::Registration),
            50_012 | 50_013 | 700_021 | 700_023 | 700_024 | 700_025 | 5_002_730 | 7_000_215 | 7_000_222 => {
                Some(Self::Proof)
            }
            _ => None,
        });
        match by_code {
            Some(fault) => fault,
            // The client id is the only argument that has not been checked before.
            None if error.status() == Status::InvalidArgument => Self::Application,
            None => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::error::ServiceReport;
    use crate::base::secret::Secret;

    fn statuses(code: u32) -> [FindingStatus; 3] {
        let report = ServiceReport {
            codes: vec![code],
            ..ServiceReport::default()
        };
        let error = Error::new(Status::ClientCredentialRejected, "no", "hint").with_service(report);
        let credential = Credential::from_secret(Secret::copy_of(b"secret")).unwrap();
        of_answer(Some(&error), &credential).map(|finding| finding.status)
    }

    #[test]
    fn each_refusal_blames_one_part() {
        use FindingStatus::{Failed, Passed, Skipped};
        assert_eq!(statuses(700_016), [Failed, Skipped, Skipped]);
        assert_eq!(statuses(7_000_215), [Passed, Skipped, Failed]);
        assert_eq!(statuses(53_003), [Skipped, Skipped, Failed]);
    }

    #[test]
    fn an_unregistered_certificate_is_distinguished_from_a_refused_assertion() {
        let fault = |codes: &[u32]| {
            let report = ServiceReport {
                codes: codes.to_vec(),
                ..ServiceReport::default()
            };
            Fault::of(&Error::new(Status::ServiceRejected, "no", "").with_service(report))
        };
        assert_eq!(fault(&[700_027]), Fault::Registration);
        assert_eq!(fault(&[700_024]), Fault::Proof);
        assert_eq!(fault(&[1, 700_016]), Fault::Application);
        assert_eq!(fault(&[]), Fault::Other);
    }
}

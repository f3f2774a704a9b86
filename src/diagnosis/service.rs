//! What the service says of the application and its proof: one real token request.

use std::sync::Arc;

use crate::authority::Authority;
use crate::base::clock::SystemClock;
use crate::base::error::{Error, Result, Status};
use crate::client::Client;
use crate::client::settings::{CachePlace, ClientSettings};
use crate::credential::Credential;
use crate::diagnosis::Setup;
use crate::diagnosis::finding::{Check, Finding, FindingStatus, found, skip_rest};
use crate::http::https::HttpsTransport;
use crate::request::Request;
use crate::request::grant::ClientCredentials;
use crate::request::scope::Scopes;
use crate::store::redis::settings::RedisSettings;

/// Asks for a token with the application's proof, throws it away, and adds the findings about the application.
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
                "A public client proves itself with its user's sign-in, and no user was asked.",
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
        skip_rest(findings, "Without a signature the service cannot be asked.");
        return Ok(());
    }
    let settings = ClientSettings {
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
    let request = Request::new(
        Arc::new(ClientCredentials),
        Scopes::default(),
        setup.options.request.clone(),
    );
    let outcome = found(client.and_then(|client| client.acquire(&request, None).map(drop)))?;
    findings.extend(of_answer(outcome.as_ref().err(), credential));
    Ok(())
}

fn failed(findings: &[Finding], check: Check) -> bool {
    findings
        .iter()
        .any(|finding| finding.check == check && finding.status == FindingStatus::Failed)
}

fn has_failed_already(findings: &[Finding]) -> bool {
    failed(findings, Check::Certificate) || failed(findings, Check::PrivateKey)
}

/// The error of loading a credential is told once: where a certificate is to blame, it has been told.
fn without_credential(error: &Error, told: bool) -> Vec<Finding> {
    let reason = "Without the application's credential the service cannot be asked.";
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

/// What is known of the application, its certificate and its proof, in this order, from the service's answer.
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
        // The service looks the application up first, and verifies the proof by the registered certificates.
        Some((Fault::Registration | Fault::Proof, _)) if check == Check::Application => Finding::passed(check, fine),
        Some((Fault::Other, _)) => Finding::skipped(check, "The service refused before it spoke of this."),
        Some(_) => Finding::skipped(check, "The service did not come as far as this."),
    };
    let registered = if matches!(credential, Credential::Certificate(_)) {
        finding(
            Check::CertificateRegistered,
            "The service knows the certificate by its thumbprint.",
        )
    } else {
        Finding::skipped(
            Check::CertificateRegistered,
            "The application does not prove itself with a certificate here.",
        )
    };
    let proof = match credential {
        Credential::Certificate(_) => "The service accepts the client assertion; the token was thrown away.",
        Credential::Secret(_) => "The service accepts the client secret; the token was thrown away.",
        Credential::Assertion(_) => "The service accepts the given client assertion; the token was thrown away.",
    };
    [
        finding(Check::Application, "The application exists in the tenant."),
        registered,
        finding(Check::ClientCredential, proof),
    ]
}

/// Which part of the setup a refusal blames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The application is unknown, disabled, or its id is none.
    Application,
    /// The certificate is not registered, or the registered one has expired.
    Registration,
    /// The proof itself, of an application that exists.
    Proof,
    /// Something that tells nothing about either.
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
            // The client id is the only argument that is not looked at before.
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
    fn an_unregistered_certificate_is_told_from_a_refused_assertion() {
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

//! Checks of the application's credential that need no network: certificate, private key and signature.

use std::time::{Duration, SystemTime};

use crate::base::algorithm::SignatureAlgorithm;
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::ALGORITHM;
use crate::certificate::Certificate;
use crate::certificate::key::SignerError;
use crate::certificate::signing::SigningCertificate;
use crate::credential::Credential;
use crate::credential::assertion::AlgorithmChoice;
use crate::diagnosis::finding::{Check, Finding, day, found};

/// The checks of this part, in order.
const CHECKS: [Check; 5] = [
    Check::Certificate,
    Check::CertificateValidity,
    Check::Thumbprints,
    Check::PrivateKey,
    Check::Signature,
];

/// A certificate with fewer days left gets a warning.
const FEW_DAYS: u64 = 30;

pub(super) fn findings(
    credential: Option<&Result<Credential>>,
    algorithm: AlgorithmChoice,
    limit: Duration,
) -> Result<Vec<Finding>> {
    let now = SystemTime::now();
    match credential {
        Some(Ok(Credential::Certificate(credential))) => {
            of_certificate(&credential.certificate(now), algorithm, now, limit)
        }
        Some(Ok(Credential::Secret(_))) => Ok(skipped("The application uses a client secret, not a certificate.")),
        Some(Ok(Credential::Assertion(_))) => Ok(skipped(
            "The application uses client assertions that were signed elsewhere.",
        )),
        Some(Err(error)) => Ok(of_failure(error)),
        None => Ok(skipped("No credential was given: the application is a public client.")),
    }
}

fn skipped(reason: &str) -> Vec<Finding> {
    CHECKS.iter().map(|check| Finding::skipped(*check, reason)).collect()
}

/// The findings for a credential that could not be loaded: the certificate or its key failed, and the rest is skipped.
fn of_failure(error: &Error) -> Vec<Finding> {
    let (failed, reason) = match error.status() {
        Status::PrivateKeyMissing
        | Status::PrivateKeyMismatch
        | Status::PrivateKeyUnsupported
        | Status::PrivateKeyInaccessible
        | Status::SigningFailed => (
            Check::PrivateKey,
            "The certificate was not loaded, because its private key cannot be used.",
        ),
        Status::CertificateNotFound | Status::CertificateUnreadable | Status::CertificatePasswordIncorrect => {
            (Check::Certificate, "No certificate was loaded.")
        }
        // A secret or an assertion: its failure is reported by the check of the client credential.
        _ => return skipped("The credential could not be loaded."),
    };
    let finding = |check: &Check| {
        if *check == failed {
            Finding::of_error(*check, error)
        } else {
            Finding::skipped(*check, reason)
        }
    };
    CHECKS.iter().map(finding).collect()
}

fn of_certificate(
    certificate: &SigningCertificate,
    algorithm: AlgorithmChoice,
    now: SystemTime,
    limit: Duration,
) -> Result<Vec<Finding>> {
    let leaf = certificate.certificate();
    Ok(vec![
        Finding::passed(
            Check::Certificate,
            format!("{}, issued by {}.", leaf.subject(), leaf.issuer()),
        ),
        validity(leaf, now),
        Finding::passed(
            Check::Thumbprints,
            format!(
                "SHA-1 {}, SHA-256 {}.",
                leaf.thumbprint_sha1_hex(),
                leaf.thumbprint_sha256_hex()
            ),
        ),
        Finding::passed(
            Check::PrivateKey,
            format!("RSA, {} bits, provider: {}.", leaf.key_bits(), certificate.provider()),
        ),
        signature(certificate, algorithm, limit)?,
    ])
}

fn validity(certificate: &Certificate, now: SystemTime) -> Finding {
    const CHECK: Check = Check::CertificateValidity;
    const RENEW: &str = "Create a new certificate, register it with the application, and use it from then on.";
    let (first, last) = (certificate.not_before(), certificate.not_after());
    // The status of a token request whose certificate the service refuses.
    let refused = Status::ClientCredentialRejected;
    if now < first {
        let detail = format!("The certificate is not valid before {}.", day(first));
        let hint = "Check this machine's clock, or wait until that day.";
        return Finding::failed(CHECK, refused, detail, hint);
    }
    let Ok(left) = last.duration_since(now) else {
        return Finding::failed(
            CHECK,
            refused,
            format!("The certificate expired on {}.", day(last)),
            RENEW,
        );
    };
    if let Some(unreadable) = certificate.validity_problem(now) {
        return Finding::warning(CHECK, format!("The certificate {unreadable}."), RENEW);
    }
    let days = whole_days(left);
    let detail = format!("The certificate is valid until {} ({days} days left).", day(last));
    if days < FEW_DAYS {
        Finding::warning(CHECK, detail, RENEW)
    } else {
        Finding::passed(CHECK, detail)
    }
}

fn whole_days(time: Duration) -> u64 {
    time.as_secs() / (24 * 60 * 60)
}

fn signature(certificate: &SigningCertificate, choice: AlgorithmChoice, limit: Duration) -> Result<Finding> {
    const CHECK: Check = Check::Signature;
    let (algorithm, may_fall_back) = match choice {
        AlgorithmChoice::Auto => (SignatureAlgorithm::Ps256, true),
        AlgorithmChoice::Only(algorithm) => (algorithm, false),
    };
    match verified(certificate, algorithm, limit) {
        Err(SignerError::AlgorithmUnsupported) if may_fall_back => Ok(
            match found_by_signer(verified(certificate, SignatureAlgorithm::Rs256, limit))? {
                Ok(()) => Finding::warning(
                    CHECK,
                    "The key can sign with RS256 only: its provider does not support PS256.",
                    "Move the key to a provider that supports PSS when Microsoft requires PS256. Until then Entra accepts RS256.",
                ),
                Err(error) => Finding::of_error(CHECK, &error),
            },
        ),
        outcome => Ok(match found_by_signer(outcome)? {
            Ok(()) => Finding::passed(
                CHECK,
                format!("The key signed with {}, and the signature is valid.", algorithm.name()),
            ),
            Err(error) => Finding::of_error(CHECK, &error),
        }),
    }
}

/// Signs a text and verifies the signature with the certificate, even if the key is in memory.
fn verified(
    certificate: &SigningCertificate,
    algorithm: SignatureAlgorithm,
    limit: Duration,
) -> std::result::Result<(), SignerError> {
    let text = b"graphtoken diagnosis";
    let signature = certificate.sign_within(limit, algorithm, text)?;
    if certificate.certificate().verify(algorithm, text, &signature) {
        return Ok(());
    }
    Err(SignerError::Failed(Error::new(
        Status::PrivateKeyMismatch,
        "The certificate does not match the signature of its private key.",
        "Use the private key that belongs to the certificate.",
    )))
}

fn found_by_signer(outcome: std::result::Result<(), SignerError>) -> Result<std::result::Result<(), Error>> {
    found(outcome.map_err(|failure| match failure {
        SignerError::Failed(error) => error,
        SignerError::AlgorithmUnsupported => Error::new(
            Status::SigningFailed,
            "The key's provider does not support the requested signature algorithm.",
            format!("Leave out {ALGORITHM}, or set it to RS256."),
        ),
    }))
}

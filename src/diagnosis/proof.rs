//! The application's proof, as far as it shows without asking anybody: certificate, private key and signature.

use std::time::{Duration, SystemTime};

use crate::base::algorithm::SignatureAlgorithm;
use crate::base::error::{Error, Result, Status};
use crate::certificate::Certificate;
use crate::certificate::key::SignerError;
use crate::certificate::signing::SigningCertificate;
use crate::credential::Credential;
use crate::credential::assertion::AlgorithmChoice;
use crate::diagnosis::finding::{Check, Finding, day, found};

/// The checks of this part, in their order.
const CHECKS: [Check; 5] = [
    Check::Certificate,
    Check::CertificateValidity,
    Check::Thumbprints,
    Check::PrivateKey,
    Check::Signature,
];

/// Fewer days left than this are worth a warning.
const FEW_DAYS: u64 = 30;

pub(super) fn findings(credential: Option<&Result<Credential>>, algorithm: AlgorithmChoice) -> Result<Vec<Finding>> {
    let now = SystemTime::now();
    match credential {
        Some(Ok(Credential::Certificate(credential))) => of_certificate(&credential.certificate(now), algorithm, now),
        Some(Ok(Credential::Secret(_))) => Ok(skipped("The application proves itself with a client secret.")),
        Some(Ok(Credential::Assertion(_))) => Ok(skipped(
            "The application proves itself with a client assertion that was signed elsewhere.",
        )),
        Some(Err(error)) => Ok(of_failure(error)),
        None => Ok(skipped("No credential is given: the application is a public client.")),
    }
}

fn skipped(reason: &str) -> Vec<Finding> {
    CHECKS.iter().map(|check| Finding::skipped(*check, reason)).collect()
}

/// The credential could not be loaded. What failed is either the certificate or its key; the rest is not known.
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
            (Check::Certificate, "There is no certificate to look at.")
        }
        // A secret or an assertion: it fails where it would have been shown to the service.
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
        signature(certificate, algorithm)?,
    ])
}

fn validity(certificate: &Certificate, now: SystemTime) -> Finding {
    const CHECK: Check = Check::CertificateValidity;
    const RENEW: &str = "Make a new certificate, register it with the application, and use it from then on.";
    let (first, last) = (certificate.not_before(), certificate.not_after());
    // What a token request fails with when the service refuses the certificate.
    let refused = Status::ClientCredentialRejected;
    if now < first {
        let detail = format!("Not valid before {}.", day(first));
        let hint = "Compare this machine's clock with the certificate, or wait until that day.";
        return Finding::failed(CHECK, refused, detail, hint);
    }
    let Ok(left) = last.duration_since(now) else {
        return Finding::failed(CHECK, refused, format!("Expired on {}.", day(last)), RENEW);
    };
    let days = whole_days(left);
    let detail = format!("Valid until {} ({days} days left).", day(last));
    if days < FEW_DAYS {
        Finding::warning(CHECK, detail, RENEW)
    } else {
        Finding::passed(CHECK, detail)
    }
}

fn whole_days(time: Duration) -> u64 {
    time.as_secs() / (24 * 60 * 60)
}

fn signature(certificate: &SigningCertificate, choice: AlgorithmChoice) -> Result<Finding> {
    const CHECK: Check = Check::Signature;
    let (algorithm, may_fall_back) = match choice {
        AlgorithmChoice::Auto => (SignatureAlgorithm::Ps256, true),
        AlgorithmChoice::Only(algorithm) => (algorithm, false),
    };
    match verified(certificate, algorithm) {
        Err(SignerError::AlgorithmUnsupported) if may_fall_back => Ok(
            match found_by_signer(verified(certificate, SignatureAlgorithm::Rs256))? {
                Ok(()) => Finding::warning(
                    CHECK,
                    "The key signs, but with RS256 only: its provider cannot do PS256.",
                    "Entra accepts RS256; move the key to a provider that can do PSS when Microsoft asks for PS256.",
                ),
                Err(error) => Finding::of_error(CHECK, &error),
            },
        ),
        outcome => Ok(match found_by_signer(outcome)? {
            Ok(()) => Finding::passed(
                CHECK,
                format!("The key signs with {}, and the signature verifies.", algorithm.name()),
            ),
            Err(error) => Finding::of_error(CHECK, &error),
        }),
    }
}

/// Signs something and verifies it with the certificate, also where the key is in memory.
fn verified(certificate: &SigningCertificate, algorithm: SignatureAlgorithm) -> std::result::Result<(), SignerError> {
    let text = b"graphtoken diagnosis";
    let signature = certificate.sign(algorithm, text)?;
    if certificate.certificate().verify(algorithm, text, &signature) {
        return Ok(());
    }
    Err(SignerError::Failed(Error::new(
        Status::PrivateKeyMismatch,
        "The certificate does not verify what its private key signs.",
        "Use the key that the certificate was made with.",
    )))
}

fn found_by_signer(outcome: std::result::Result<(), SignerError>) -> Result<std::result::Result<(), Error>> {
    found(outcome.map_err(|failure| match failure {
        SignerError::Failed(error) => error,
        SignerError::AlgorithmUnsupported => Error::new(
            Status::SigningFailed,
            "The key's provider cannot sign with the algorithm that was asked for.",
            "Let the algorithm be chosen automatically, or ask for RS256.",
        ),
    }))
}

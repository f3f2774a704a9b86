//! What proves who the application is (RFC 6749 section 2.3, RFC 7521 section 4.2).

pub mod assertion;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use crate::base::digest::Digest;
use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;
use crate::certificate::signing::SigningCertificate;

/// The proof of a confidential client. A public client has none.
#[derive(Clone, Debug)]
pub enum Credential {
    /// A certificate whose key signs a client assertion for every request.
    Certificate(Arc<CertificateCredential>),
    /// A client secret.
    Secret(Secret),
    /// A client assertion that somebody else signed; sent as it is.
    Assertion(Secret),
}

impl Credential {
    /// A credential that signs with the key of `certificate`.
    pub fn from_certificate(certificate: Arc<SigningCertificate>) -> Self {
        Self::Certificate(Arc::new(CertificateCredential {
            proof: Digest::of(&[b"certificate", certificate.certificate().thumbprint_sha256()]),
            certificate: Mutex::new(certificate),
            signs_pss: AtomicBool::new(true),
        }))
    }

    /// A client secret, as the portal shows its value (not its id).
    pub fn from_secret(secret: Secret) -> Result<Self> {
        if secret.is_empty() {
            return Err(missing("The client secret is empty."));
        }
        Ok(Self::Secret(secret))
    }

    /// A ready-made client assertion: a signed JWT.
    pub fn from_assertion(assertion: &Secret) -> Result<Self> {
        let trimmed = assertion.expose().trim_ascii();
        if trimmed.is_empty() {
            return Err(missing("The client assertion is empty."));
        }
        if trimmed.iter().any(|byte| !byte.is_ascii_graphic()) {
            return Err(Error::new(
                Status::InvalidArgument,
                "The client assertion contains white space or characters outside of ASCII.",
                "Pass the signed JWT on one line, without quotation marks or line breaks.",
            ));
        }
        Ok(Self::Assertion(Secret::copy_of(trimmed)))
    }

    /// Identifies the proof in a cache key without giving it away.
    pub fn digest(&self) -> Digest {
        match self {
            Self::Certificate(credential) => credential.proof,
            Self::Secret(secret) => Digest::of_secret(b"secret", secret),
            Self::Assertion(assertion) => Digest::of_secret(b"assertion", assertion),
        }
    }

    /// What kind of proof it is, and what stands for it in every process: a certificate's digest, or the secret itself.
    pub fn proof(&self) -> (&'static str, &[u8]) {
        match self {
            Self::Certificate(credential) => ("certificate", credential.proof.as_bytes()),
            Self::Secret(secret) => ("secret", secret.expose()),
            Self::Assertion(assertion) => ("assertion", assertion.expose()),
        }
    }
}

/// A signing certificate, and what was learnt about its key.
#[derive(Debug)]
pub struct CertificateCredential {
    certificate: Mutex<Arc<SigningCertificate>>,
    proof: Digest,
    signs_pss: AtomicBool,
}

impl CertificateCredential {
    /// The certificate with what signs for it, as its files hold it now: a changed file is read again.
    ///
    /// What cannot be used (half of a change, a file that has gone) leaves the certificate in force that was read
    /// before; it is tried again with the next call.
    pub fn certificate(&self, now: SystemTime) -> Arc<SigningCertificate> {
        let mut current = self.certificate.lock().unwrap_or_else(PoisonError::into_inner);
        match current.read_again(now) {
            None => {}
            Some(Ok(fresh)) => {
                if fresh.certificate().der() != current.certificate().der() {
                    log::info!(
                        "the certificate file changed; from now on {:?} signs",
                        fresh.certificate()
                    );
                }
                *current = Arc::new(fresh);
            }
            Some(Err(error)) => log::warn!(
                "the certificate file changed and cannot be used, so {:?} still signs: {error}",
                current.certificate()
            ),
        }
        Arc::clone(&current)
    }

    /// Identifies the certificate that was given, in every process alike. Its successors in the same files prove the same
    /// application.
    pub fn proof(&self) -> &Digest {
        &self.proof
    }

    /// Whether the key may be asked for PS256: true until it has said that it cannot.
    pub fn signs_pss(&self) -> bool {
        self.signs_pss.load(Ordering::Relaxed)
    }

    /// Remembers that the key cannot sign PS256, so that it is not asked again.
    pub fn remember_no_pss(&self) {
        self.signs_pss.store(false, Ordering::Relaxed);
    }
}

fn missing(message: &str) -> Error {
    Error::new(
        Status::CredentialMissing,
        message,
        "Give the value itself; an unset variable is a common cause.",
    )
}

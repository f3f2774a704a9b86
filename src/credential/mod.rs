//! The credential of the application (RFC 6749 section 2.3, RFC 7521 section 4.2).

pub mod assertion;
pub mod ready_made;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use crate::base::digest::Digest;
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{CLIENT_ASSERTION, CLIENT_SECRET, Parameter};
use crate::base::pasted::unwrapped;
use crate::base::secret::Secret;
use crate::certificate::signing::SigningCertificate;

/// The credential of a confidential client. A public client has none.
#[derive(Clone, Debug)]
pub enum Credential {
    /// A certificate whose private key signs a client assertion for every request.
    Certificate(Arc<CertificateCredential>),
    /// A client secret.
    Secret(Secret),
    /// A client assertion that was signed elsewhere, which is sent unchanged.
    Assertion(Secret),
}

impl Credential {
    /// A credential that signs with the private key of `certificate`.
    pub fn from_certificate(certificate: Arc<SigningCertificate>) -> Self {
        Self::Certificate(Arc::new(CertificateCredential {
            proof: Digest::of(&[b"certificate", certificate.certificate().thumbprint_sha256()]),
            certificate: Mutex::new(certificate),
            signs_pss: AtomicBool::new(true),
        }))
    }

    /// A client secret: its value, not its id.
    ///
    /// # Errors
    /// [`Status::CredentialMissing`] if it is empty.
    pub fn from_secret(secret: Secret) -> Result<Self> {
        if secret.is_empty() {
            return Err(missing("The client secret is empty.", &CLIENT_SECRET));
        }
        Ok(Self::Secret(secret))
    }

    /// A client assertion: a JWT that was signed elsewhere. White space and quotation marks around it are not part of
    /// it.
    ///
    /// # Errors
    /// [`Status::CredentialMissing`] if it is empty, [`Status::InvalidArgument`] if it cannot be a JWT.
    pub fn from_assertion(assertion: &Secret) -> Result<Self> {
        let text = assertion.expose_text().map(|text| unwrapped(text).as_bytes());
        let trimmed = text.unwrap_or(assertion.expose());
        if trimmed.is_empty() {
            return Err(missing("The client assertion is empty.", &CLIENT_ASSERTION));
        }
        if trimmed.iter().any(|byte| !byte.is_ascii_graphic()) {
            return Err(Error::new(
                Status::InvalidArgument,
                "The client assertion contains white space or non-ASCII characters.",
                format!(
                    "Set {CLIENT_ASSERTION} to the signed JWT on one line, without quotation marks or line breaks."
                ),
            ));
        }
        Ok(Self::Assertion(Secret::copy_of(trimmed)))
    }

    /// What no message may show of it: a client secret, or an assertion. The key of a certificate is in no message.
    pub fn secret(&self) -> Option<&Secret> {
        match self {
            Self::Secret(secret) | Self::Assertion(secret) => Some(secret),
            Self::Certificate(_) => None,
        }
    }

    /// Identifies the credential in a cache key without revealing it.
    pub fn digest(&self) -> Digest {
        match self {
            Self::Certificate(credential) => credential.proof,
            Self::Secret(secret) => Digest::of_secret(b"secret", secret),
            Self::Assertion(assertion) => Digest::of_secret(b"assertion", assertion),
        }
    }

    /// The kind of credential, and its identity in every process: the digest of a certificate, or the secret itself.
    pub fn proof(&self) -> (&'static str, &[u8]) {
        match self {
            Self::Certificate(credential) => ("certificate", credential.proof.as_bytes()),
            Self::Secret(secret) => ("secret", secret.expose()),
            Self::Assertion(assertion) => ("assertion", assertion.expose()),
        }
    }
}

/// A signing certificate, and what is known about its key.
#[derive(Debug)]
pub struct CertificateCredential {
    certificate: Mutex<Arc<SigningCertificate>>,
    proof: Digest,
    signs_pss: AtomicBool,
}

impl CertificateCredential {
    /// The certificate with its private key, from the present content of its files: a changed file is read again.
    ///
    /// If the new content cannot be used, because a change is incomplete or a file is gone, the previous certificate
    /// stays in use. The next call reads the files again.
    pub fn certificate(&self, now: SystemTime) -> Arc<SigningCertificate> {
        let mut current = self.certificate.lock().unwrap_or_else(PoisonError::into_inner);
        match current.read_again(now) {
            None => {}
            Some(Ok(fresh)) => {
                if fresh.certificate().der() != current.certificate().der() {
                    log::info!(
                        "the certificate file has changed, using {:?} from now on",
                        fresh.certificate()
                    );
                }
                *current = Arc::new(fresh);
            }
            Some(Err(error)) => log::warn!(
                "the certificate file has changed but cannot be used, still using {:?}: {error}",
                current.certificate()
            ),
        }
        Arc::clone(&current)
    }

    /// Identifies the certificate that was loaded first, with the same value in every process. Later certificates from
    /// the same files authenticate the same application, so the value stays.
    pub fn proof(&self) -> &Digest {
        &self.proof
    }

    /// Whether the key may support PS256: true until it has refused to sign with it.
    pub fn signs_pss(&self) -> bool {
        self.signs_pss.load(Ordering::Relaxed)
    }

    /// Records that the key does not support PS256.
    pub fn remember_no_pss(&self) {
        self.signs_pss.store(false, Ordering::Relaxed);
    }
}

fn missing(message: &str, parameter: &Parameter) -> Error {
    Error::new(
        Status::CredentialMissing,
        message,
        format!("Check {parameter}; an unset variable is a common cause."),
    )
}

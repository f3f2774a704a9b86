//! The credential of the application (RFC 6749 section 2.3, RFC 7521 section 4.2).

pub mod assertion;
#[cfg(feature = "flows")]
pub mod assertion_callback;
#[cfg(feature = "flows")]
pub mod assertion_file;
pub mod assertion_source;
pub mod ready_made;

#[cfg(feature = "flows")]
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use crate::base::digest::Digest;
use crate::base::error::Result;
use crate::base::parameter::CLIENT_SECRET;
#[cfg(feature = "flows")]
use crate::base::parameter::{CLIENT_ASSERTION, Parameter};
use crate::base::secret::Secret;
use crate::certificate::signing::SigningCertificate;
use crate::credential::assertion_source::{AssertionSource, GivenAssertion, missing};
use crate::http::transport::TransportSettings;

/// The credential of a confidential client. A public client has none.
#[derive(Clone, Debug)]
pub enum Credential {
    /// A certificate whose private key signs a client assertion for every request.
    Certificate(Arc<CertificateCredential>),
    /// A client secret.
    Secret(Secret),
    /// Client assertions that were signed elsewhere, which are sent unchanged.
    Assertion(Arc<dyn AssertionSource>),
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
    /// `CredentialMissing` if it is empty.
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
    /// `CredentialMissing` if it is empty, `InvalidArgument` if it cannot be a JWT.
    pub fn from_assertion(assertion: &Secret) -> Result<Self> {
        Ok(Self::from_source(GivenAssertion::new(assertion)?))
    }

    /// The client assertion in the file at `path`, which is read for each token request: the token of a workload, which
    /// its platform renews. `parameter` is what the caller has named the file with.
    ///
    /// # Errors
    /// `CredentialMissing` if the path is empty. The file is not read yet.
    #[cfg(feature = "flows")]
    pub fn from_assertion_file(path: &Path, parameter: &'static Parameter) -> Result<Self> {
        Ok(Self::from_source(assertion_file::AssertionFile::new(path, parameter)?))
    }

    /// The client assertion in the file at `path`, which now contains `content`: read for each token request if another
    /// issuer has signed it, and sent once, as it is, if the application `client_id` itself has.
    ///
    /// # Errors
    /// As for [`Self::from_assertion`] and [`Self::from_assertion_file`].
    #[cfg(feature = "flows")]
    pub fn from_client_assertion_file(path: &Path, content: &Secret, client_id: &str) -> Result<Self> {
        let given = GivenAssertion::new(content)?;
        let is_foreign = given
            .secret()
            .and_then(|text| ready_made::ReadyMadeAssertion::read(text).ok())
            .is_some_and(|assertion| !assertion.is_of_application(client_id));
        if is_foreign {
            Self::from_assertion_file(path, &CLIENT_ASSERTION)
        } else {
            Ok(Self::from_source(given))
        }
    }

    /// Client assertions from `source`.
    pub fn from_source(source: impl AssertionSource + 'static) -> Self {
        Self::Assertion(Arc::new(source))
    }

    /// What the caller should know about the credential, if there is something.
    pub fn advice(&self) -> Option<String> {
        match self {
            Self::Assertion(source) => source.advice(),
            Self::Certificate(_) | Self::Secret(_) => None,
        }
    }

    /// The same credential, with which a client of these settings connects where it has to.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn connected(self, settings: &TransportSettings, retries: u32) -> Result<Self> {
        let connected = match &self {
            Self::Assertion(source) => source.connected(settings, retries).transpose()?,
            Self::Certificate(_) | Self::Secret(_) => None,
        };
        Ok(connected.map_or(self, Self::Assertion))
    }

    /// What no message may show of it: a client secret, or an assertion. The key of a certificate is in no message.
    pub fn secret(&self) -> Option<&Secret> {
        match self {
            Self::Secret(secret) => Some(secret),
            Self::Assertion(source) => source.secret(),
            Self::Certificate(_) => None,
        }
    }

    /// Identifies the credential in a cache key without revealing it.
    pub fn digest(&self) -> Digest {
        match self {
            Self::Certificate(credential) => credential.proof,
            Self::Secret(secret) => Digest::of_secret(b"secret", secret),
            Self::Assertion(source) => {
                let (kind, identity) = source.proof();
                Digest::of_secret(kind.as_bytes(), &Secret::copy_of(identity))
            }
        }
    }

    /// The kind of credential, and its identity in every process: the digest of a certificate, the secret itself, or
    /// where its assertions come from.
    pub fn proof(&self) -> (&'static str, &[u8]) {
        match self {
            Self::Certificate(credential) => ("certificate", credential.proof.as_bytes()),
            Self::Secret(secret) => ("secret", secret.expose()),
            Self::Assertion(source) => source.proof(),
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

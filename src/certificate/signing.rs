//! A certificate together with the key that signs for it.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::base::algorithm::SignatureAlgorithm;
use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;
use crate::base::time_limited::{Callee, TimeLimited};
use crate::certificate::Certificate;
use crate::certificate::encryption::passphrase::Passphrase;
use crate::certificate::file::CertificateFile;
use crate::certificate::file::bundle::Bundle;
use crate::certificate::file::source::{CertificateSource, Revision, read_pair};
use crate::certificate::key::{PrivateKey, Signer, SignerError};
use crate::certificate::pkcs11;

/// A certificate that can sign, with a private key in memory or through an external [`Signer`].
///
/// May be used from any thread. `Debug` shows the certificate and the kind of signer, but nothing of a key.
pub struct SigningCertificate {
    /// Never empty; the leaf is first.
    chain: Vec<Certificate>,
    signer: KeyLocation,
    origin: Option<Origin>,
}

/// The files that were read, and their revision at that time.
struct Origin {
    source: Arc<CertificateSource>,
    revision: Revision,
}

/// Where the private key is.
enum KeyLocation {
    Here(PrivateKey),
    Elsewhere(ElsewhereKey),
}

/// A private key behind a signer, which may hang: a device, a service, or code of the calling program.
struct ElsewhereKey {
    signer: Arc<dyn Signer>,
    time_limited: TimeLimited,
}

impl ElsewhereKey {
    fn new(signer: Arc<dyn Signer>) -> Self {
        Self {
            signer,
            time_limited: TimeLimited::new(SIGNER),
        }
    }

    fn sign_within(
        &self,
        limit: Duration,
        algorithm: SignatureAlgorithm,
        signing_input: &[u8],
    ) -> std::result::Result<Vec<u8>, SignerError> {
        let (signer, signing_input) = (Arc::clone(&self.signer), signing_input.to_vec());
        let sign = move || signer.sign(algorithm, &signing_input);
        self.time_limited
            .run(limit, sign)
            .unwrap_or_else(|error| Err(SignerError::Failed(error)))
    }
}

const SIGNER: Callee = Callee {
    thread: "graphtoken-sign",
    name: "the signer of the private key",
    hint: "Check the key's provider: the device, the service or the program that signs does not answer in time.",
};

impl SigningCertificate {
    /// Reads a certificate and its private key from one file (PFX or PEM), or the key from a second file.
    ///
    /// The format is recognised from the content: PFX; PEM with certificates, PKCS#7 and private keys, encrypted or
    /// not, in any order; a certificate, PKCS#7, PKCS#8 key or PKCS#1 key in DER. `docs/certificates.md` has the list.
    /// Of several pairs of key and certificate in a file, the first choice are pairs that are valid now, then pairs
    /// with a common `localKeyId`, then the newest one. A file may have at most 1 MiB. Its decryption may take at most
    /// 1,000,000 rounds for each key derivation and 4,000,000 in all, and at most 64 MiB of memory. It may be in
    /// Base64, and a PEM file without its line breaks.
    ///
    /// `password` decrypts both files. A PFX without a password opens without one, and with any. The password is kept
    /// for [`Self::read_again`].
    ///
    /// White space, quotation marks and line breaks around a path are ignored, unless there is a file of that name.
    ///
    /// # Errors
    /// The message names the file. [`Status::CertificateNotFound`], [`Status::CertificateUnreadable`],
    /// [`Status::CertificatePasswordIncorrect`], [`Status::PrivateKeyMissing`], [`Status::PrivateKeyMismatch`],
    /// [`Status::PrivateKeyUnsupported`]; [`Status::PrivateKeyInaccessible`] if this account may not read a file;
    /// [`Status::InvalidArgument`] if the password is not UTF-8.
    pub fn from_files(
        certificate_path: &Path,
        private_key_path: Option<&Path>,
        password: Option<&Secret>,
    ) -> Result<Self> {
        let source = CertificateSource::new(certificate_path, private_key_path, password);
        Self::from_source(Arc::new(source), SystemTime::now())
    }

    /// Like [`Self::from_files`], with the contents of the files, which may be in Base64.
    pub fn from_bytes(certificate: &[u8], private_key: Option<&[u8]>, password: Option<&Secret>) -> Result<Self> {
        let private_key = private_key.map(CertificateFile::copy_of);
        Self::from_contents(&CertificateFile::copy_of(certificate), private_key.as_ref(), password)
    }

    /// Like [`Self::from_files`], with files that were read before, from standard input for example.
    pub fn from_contents(
        certificate: &CertificateFile,
        private_key: Option<&CertificateFile>,
        password: Option<&Secret>,
    ) -> Result<Self> {
        read_pair(certificate, private_key, password, SystemTime::now()).map(Self::with_key)
    }

    /// Takes the certificate and private key in `bundle` that belong together.
    #[cfg(all(unix, not(target_vendor = "apple")))]
    pub(crate) fn from_bundle(bundle: Bundle) -> Result<Self> {
        bundle.into_pair(SystemTime::now()).map(Self::with_key)
    }

    fn with_key((chain, key): (Vec<Certificate>, PrivateKey)) -> Self {
        Self {
            chain,
            signer: KeyLocation::Here(key),
            origin: None,
        }
    }

    /// Combines a certificate (DER, or PEM with the leaf first) with a signer that has its private key.
    ///
    /// A signer with another key is not noticed here, but when it signs: every signature is verified.
    ///
    /// # Errors
    /// [`Status::CertificateUnreadable`]; [`Status::PrivateKeyUnsupported`] if the certificate's key is not an RSA key
    /// of 2048 to 8192 bits.
    pub fn with_signer(certificate: &[u8], signer: Arc<dyn Signer>) -> Result<Self> {
        let bundle = CertificateFile::copy_of(certificate).bundle(&Passphrase::new(None)?)?;
        Self::from_bundle_with_signer(bundle, signer)
    }

    /// Like [`Self::with_signer`], with the first certificate in `bundle` and its issuers.
    pub(crate) fn from_bundle_with_signer(bundle: Bundle, signer: Arc<dyn Signer>) -> Result<Self> {
        let chain = bundle.into_chain()?;
        chain[0].signing_key()?;
        Ok(Self {
            chain,
            signer: KeyLocation::Elsewhere(ElsewhereKey::new(signer)),
            origin: None,
        })
    }

    /// Uses a private key on a token: an HSM or smart card with a PKCS#11 module.
    ///
    /// `module` is the provider's shared library; it stays loaded. `uri` selects the token and the object (RFC 7512:
    /// `pkcs11:token=...;object=...`). It may be empty if there is one token with one certificate. Among several
    /// certificates that have their key on the token, the newest valid one is used. `certificate` is the content of a
    /// certificate file, with its chain, for a token that holds the key alone.
    ///
    /// `pin` is tried once, on one token, and kept to log in again after the session was lost. Once the token has
    /// refused it, it is not tried again. A login holds for the whole process: until the last certificate of this
    /// token is dropped, another PIN for it is ignored. After a `fork`, the child process must load the certificate
    /// again.
    ///
    /// # Errors
    /// [`Status::CertificateNotFound`] if the module, the token or the certificate does not exist, with a list of what
    /// does; [`Status::CertificatePasswordIncorrect`] if the PIN is wrong or missing; [`Status::PrivateKeyMissing`],
    /// [`Status::PrivateKeyMismatch`], [`Status::PrivateKeyUnsupported`]; [`Status::PrivateKeyInaccessible`] if the
    /// token is locked, fails, or does not allow the key to sign; [`Status::CertificateUnreadable`] if `module` is not
    /// a PKCS#11 module or `certificate` not a certificate; [`Status::InvalidArgument`] for a URI that is not
    /// understood, and in a build without PKCS#11 (on Windows, or without the feature `pkcs11`).
    pub fn from_pkcs11(
        module: &Path,
        uri: &str,
        certificate: Option<&CertificateFile>,
        pin: Option<&Secret>,
    ) -> Result<Self> {
        let chain = |file: &CertificateFile| {
            let bundle = file.bundle(&Passphrase::new(None)?)?;
            bundle.into_chain().map_err(|error| file.named_in(&error))
        };
        let (chain, signer) = pkcs11::select(module, uri, certificate.map(chain).transpose()?, pin)?;
        Ok(Self {
            chain,
            signer: KeyLocation::Elsewhere(ElsewhereKey::new(signer)),
            origin: None,
        })
    }

    /// Reads the files again if they may have changed, or if this certificate has expired at `now`: then a file may
    /// hold its successor. `None` if there is no reason to read them, or if the certificate did not come from files.
    ///
    /// # Errors
    /// As for [`Self::from_files`]. They occur for a moment while files are being replaced.
    pub fn read_again(&self, now: SystemTime) -> Option<Result<Self>> {
        let origin = self.origin.as_ref()?;
        let changed = origin.revision.may_differ_from(&origin.source.revision());
        (changed || self.certificate().not_after() < now).then(|| Self::from_source(Arc::clone(&origin.source), now))
    }

    fn from_source(source: Arc<CertificateSource>, now: SystemTime) -> Result<Self> {
        let revision = source.revision();
        let (chain, key) = source.read(now)?;
        Ok(Self {
            chain,
            signer: KeyLocation::Here(key),
            origin: Some(Origin { source, revision }),
        })
    }

    /// The certificate of the signing key.
    pub fn certificate(&self) -> &Certificate {
        &self.chain[0]
    }

    /// The certificate of the signing key, then its issuer, and so on, as far as the file holds them. A self-signed
    /// root is left out, unless it is the signing certificate itself.
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    /// A short name for what holds the private key, to show to users.
    pub fn provider(&self) -> &'static str {
        match &self.signer {
            KeyLocation::Here(_) if self.origin.is_some() => "file",
            KeyLocation::Here(_) => "memory",
            KeyLocation::Elsewhere(key) => key.signer.provider(),
        }
    }

    /// Signs `signing_input`, which is not hashed yet. The signature is as long as the key's modulus.
    ///
    /// # Errors
    /// [`SignerError::AlgorithmUnsupported`] if an external signer does not support `algorithm`;
    /// [`SignerError::Failed`] otherwise, with [`Status::SigningFailed`] if an external signature is wrong.
    pub fn sign(
        &self,
        algorithm: SignatureAlgorithm,
        signing_input: &[u8],
    ) -> std::result::Result<Vec<u8>, SignerError> {
        self.sign_with(algorithm, signing_input, |key| {
            key.signer.sign(algorithm, signing_input)
        })
    }

    /// Like [`Self::sign`], but waits no longer than `limit` for an external signer, which then signs in a thread of
    /// its own.
    ///
    /// # Errors
    /// [`Status::RequestTimeout`] if the signer does not return within `limit`, or has not returned yet from an earlier
    /// call whose time was up; otherwise as for [`Self::sign`].
    pub fn sign_within(
        &self,
        limit: Duration,
        algorithm: SignatureAlgorithm,
        signing_input: &[u8],
    ) -> std::result::Result<Vec<u8>, SignerError> {
        self.sign_with(algorithm, signing_input, |key| {
            key.sign_within(limit, algorithm, signing_input)
        })
    }

    fn sign_with(
        &self,
        algorithm: SignatureAlgorithm,
        signing_input: &[u8],
        elsewhere: impl FnOnce(&ElsewhereKey) -> std::result::Result<Vec<u8>, SignerError>,
    ) -> std::result::Result<Vec<u8>, SignerError> {
        match &self.signer {
            KeyLocation::Here(key) => key.sign(algorithm, signing_input),
            KeyLocation::Elsewhere(key) => self.checked(algorithm, signing_input, elsewhere(key)?),
        }
    }

    fn checked(
        &self,
        algorithm: SignatureAlgorithm,
        signing_input: &[u8],
        signature: Vec<u8>,
    ) -> std::result::Result<Vec<u8>, SignerError> {
        match self.check(algorithm, signing_input, &signature) {
            Ok(()) => Ok(signature),
            Err(error) => Err(SignerError::Failed(error)),
        }
    }

    fn check(&self, algorithm: SignatureAlgorithm, signing_input: &[u8], signature: &[u8]) -> Result<()> {
        let key = self.certificate().signing_key()?;
        let expected = key.signature_length();
        let problem = if signature.len() != expected {
            format!("has {} bytes instead of {expected}", signature.len())
        } else if !key.verify(algorithm, signing_input, signature) {
            format!(
                "is not a valid {} signature for the certificate {}",
                algorithm.name(),
                self.certificate().name()
            )
        } else {
            return Ok(());
        };
        Err(Error::new(
            Status::SigningFailed,
            format!("The signature of the external signer {problem}."),
            "Check that the signer uses the certificate's private key, SHA-256 and, for PS256, a salt of 32 bytes.",
        ))
    }
}

impl fmt::Debug for SigningCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signer = match self.signer {
            KeyLocation::Here(_) => "private key",
            KeyLocation::Elsewhere(_) => "external signer",
        };
        write!(formatter, "SigningCertificate({:?}, {signer})", self.certificate())
    }
}

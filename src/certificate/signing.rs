//! A certificate together with what signs for it.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use crate::base::algorithm::SignatureAlgorithm;
use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;
use crate::certificate::Certificate;
use crate::certificate::encryption::passphrase::Password;
use crate::certificate::file;
use crate::certificate::file::bundle::Bundle;
use crate::certificate::file::source::{CertificateSource, Revision};
use crate::certificate::key::{PrivateKey, Signer, SignerError};
use crate::certificate::pkcs11;

/// A certificate that can sign: with a private key that was read, or through an external [`Signer`].
///
/// May be used from any thread. `Debug` shows the certificate and the kind of signer, nothing of a key.
pub struct SigningCertificate {
    /// Never empty; the leaf is first.
    chain: Vec<Certificate>,
    signer: KeyLocation,
    origin: Option<Origin>,
}

/// The files that were read, and how they looked then.
struct Origin {
    source: Arc<CertificateSource>,
    revision: Revision,
}

/// Where the private key is.
enum KeyLocation {
    Here(PrivateKey),
    Elsewhere(Arc<dyn Signer>),
}

impl SigningCertificate {
    /// Reads a certificate and its private key: from one file (PFX or PEM), or the key from a second one.
    ///
    /// Formats are recognised by content: PFX; PEM with certificates, PKCS#7, and private keys, also encrypted ones, in
    /// any order; a certificate, PKCS#7, PKCS#8 or PKCS#1 key in DER (`docs/certificates.md` has the list). Where a file
    /// holds several pairs of key and certificate, those that are valid now come before all others, then those that
    /// share a `localKeyId`, then the newest. `password` opens both files; a PFX is also opened without one if it has
    /// none. Files may have 1 MiB, and cost 10 million rounds of key derivation.
    /// The password is kept for [`Self::read_again`].
    ///
    /// # Errors
    /// The message names the file. [`Status::CertificateNotFound`], [`Status::CertificateUnreadable`],
    /// [`Status::CertificatePasswordIncorrect`], [`Status::PrivateKeyMissing`], [`Status::PrivateKeyMismatch`],
    /// [`Status::PrivateKeyUnsupported`], and [`Status::PrivateKeyInaccessible`] when this account may not read a
    /// file; [`Status::InvalidArgument`] for a password that is not UTF-8.
    pub fn from_files(
        certificate_path: &Path,
        private_key_path: Option<&Path>,
        password: Option<&Secret>,
    ) -> Result<Self> {
        let source = CertificateSource::new(certificate_path, private_key_path, password);
        Self::from_source(Arc::new(source), SystemTime::now())
    }

    /// As [`Self::from_files`], from the contents of the files.
    pub fn from_bytes(certificate: &[u8], private_key: Option<&[u8]>, password: Option<&Secret>) -> Result<Self> {
        let parse = |content| file::parse(content, &Password::new(password)?);
        let mut bundle = parse(certificate)?;
        if let Some(content) = private_key {
            bundle = bundle.with_keys_of(parse(content)?);
        }
        Self::from_bundle(bundle)
    }

    /// The certificate and private key in `bundle` that belong together.
    pub(crate) fn from_bundle(bundle: Bundle) -> Result<Self> {
        let (chain, key) = bundle.into_pair(SystemTime::now())?;
        Ok(Self {
            chain,
            signer: KeyLocation::Here(key),
            origin: None,
        })
    }

    /// Joins a certificate (DER, or PEM with the leaf first) with a signer that has its private key.
    ///
    /// Whether the two belong together shows with the first signature: each one is verified.
    ///
    /// # Errors
    /// [`Status::CertificateUnreadable`], and [`Status::PrivateKeyUnsupported`] when the certificate's key is not
    /// RSA of 2048 to 8192 bits.
    pub fn with_signer(certificate: &[u8], signer: Arc<dyn Signer>) -> Result<Self> {
        Self::from_bundle_with_signer(file::parse(certificate, &Password::new(None)?)?, signer)
    }

    /// As [`Self::with_signer`], of the first certificate and those that issued it.
    pub(crate) fn from_bundle_with_signer(bundle: Bundle, signer: Arc<dyn Signer>) -> Result<Self> {
        let chain = bundle.into_chain()?;
        chain[0].signing_key()?;
        Ok(Self {
            chain,
            signer: KeyLocation::Elsewhere(signer),
            origin: None,
        })
    }

    /// Takes a certificate whose private key is on a token: an HSM or smart card with a PKCS#11 module.
    ///
    /// `module` is the provider's shared library; it stays loaded. `uri` says which token and object are meant (RFC
    /// 7512: `pkcs11:token=...;object=...`), and may be empty when there is one token with one certificate; among
    /// several certificates that have their key, the newest valid one is taken. `certificate` is the content of a
    /// certificate file (with its chain), for a token that holds the key alone.
    ///
    /// `pin` is tried once, at one token, and kept to log in again when the session is lost; once the token has refused
    /// it, it is not given again. The login is one of the whole process: until its last certificate of this token is
    /// dropped, a further PIN for it is not looked at. A child process after `fork` must load the certificate anew.
    ///
    /// # Errors
    /// [`Status::CertificateNotFound`] when the module, the token or the certificate is not there, with what is there;
    /// [`Status::CertificatePasswordIncorrect`] when the PIN is wrong or missing; [`Status::PrivateKeyMissing`],
    /// [`Status::PrivateKeyMismatch`], [`Status::PrivateKeyUnsupported`]; [`Status::PrivateKeyInaccessible`] when the
    /// token is locked, fails, or does not let the key sign; [`Status::CertificateUnreadable`] when `module` is no
    /// module or `certificate` no certificate; [`Status::InvalidArgument`] for a URI that is not understood, and in a
    /// build without PKCS#11 (on Windows, and without the feature `pkcs11`).
    pub fn from_pkcs11(module: &Path, uri: &str, certificate: Option<&[u8]>, pin: Option<&Secret>) -> Result<Self> {
        let parse = |content| file::parse(content, &Password::new(None)?)?.into_chain();
        let (chain, signer) = pkcs11::select(module, uri, certificate.map(parse).transpose()?, pin)?;
        Ok(Self {
            chain,
            signer: KeyLocation::Elsewhere(signer),
            origin: None,
        })
    }

    /// What the files hold now, when they may have changed since they were read, or when this certificate has expired
    /// by `now` (a file may hold its successor). `None` when there is no reason to read them, or they were not files.
    ///
    /// # Errors
    /// As for [`Self::from_files`]. Files that are just being replaced give such errors for a moment.
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

    /// The certificate that signs.
    pub fn certificate(&self) -> &Certificate {
        &self.chain[0]
    }

    /// The certificate that signs, then the one that issued it, and so on, as far as the file holds them and without
    /// a self-signed root (unless that is the one that signs).
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    /// Who has the private key and signs with it.
    pub fn provider(&self) -> &'static str {
        match &self.signer {
            KeyLocation::Here(_) if self.origin.is_some() => "file",
            KeyLocation::Here(_) => "memory",
            KeyLocation::Elsewhere(signer) => signer.provider(),
        }
    }

    /// The signature of `signing_input`, as many bytes as the key's modulus has.
    ///
    /// # Errors
    /// [`SignerError::AlgorithmUnsupported`] from an external signer that cannot do `algorithm`;
    /// [`SignerError::Failed`] otherwise, with [`Status::SigningFailed`] when an external signature is wrong.
    pub fn sign(
        &self,
        algorithm: SignatureAlgorithm,
        signing_input: &[u8],
    ) -> std::result::Result<Vec<u8>, SignerError> {
        match &self.signer {
            KeyLocation::Here(key) => key.sign(algorithm, signing_input),
            KeyLocation::Elsewhere(signer) => {
                let signature = signer.sign(algorithm, signing_input)?;
                self.check(algorithm, signing_input, &signature)
                    .map_err(SignerError::Failed)?;
                Ok(signature)
            }
        }
    }

    fn check(&self, algorithm: SignatureAlgorithm, signing_input: &[u8], signature: &[u8]) -> Result<()> {
        let key = self.certificate().signing_key()?;
        let expected = key.signature_length();
        let problem = if signature.len() != expected {
            format!(
                "has {} bytes where the certificate's key makes {expected}",
                signature.len()
            )
        } else if !key.verify(algorithm, signing_input, signature) {
            format!(
                "is no {} signature by the key of {}",
                algorithm.name(),
                self.certificate().subject()
            )
        } else {
            return Ok(());
        };
        Err(Error::new(
            Status::SigningFailed,
            format!("the signature of the external signer {problem}"),
            "Check that the signer uses the certificate's private key, SHA-256, and for PS256 a salt of 32 bytes.",
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

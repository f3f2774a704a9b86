//! The message authentication code of a PFX file, which shows whether the password is correct and the file intact.

use aws_lc_rs::{digest, hmac};
use der::Sequence;
use der::asn1::{ObjectIdentifier, OctetStringRef};
use pkcs5::AlgorithmIdentifierRef;
use pkcs5::pbes2::Pbkdf2Params;
use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::certificate::encryption::passphrase::Passphrase;
use crate::certificate::encryption::pbe;
use crate::certificate::encryption::pkcs12_kdf::{self, Purpose};

/// `MacData` (RFC 7292 section 4).
#[derive(Sequence)]
pub(crate) struct Mac<'a> {
    digest: DigestInfo<'a>,
    salt: &'a OctetStringRef,
    rounds: Option<u64>,
}

/// `DigestInfo` (RFC 2315 section 9.4).
#[derive(Sequence)]
struct DigestInfo<'a> {
    algorithm: AlgorithmIdentifierRef<'a>,
    value: &'a OctetStringRef,
}

impl Mac<'_> {
    /// Whether this is the code of `data` for the password. `utf16` is the password for the scheme of PKCS#12.
    ///
    /// # Errors
    /// [`Status::CertificateUnreadable`] for an unsupported algorithm, or too many rounds.
    pub(crate) fn verify(&self, data: &[u8], password: &Passphrase<'_>, utf16: &[u8]) -> Result<bool> {
        let (algorithm, key) = if self.digest.algorithm.oid == PBMAC1 {
            self.pbmac1_key(password)?
        } else {
            self.pkcs12_key(password, utf16)?
        };
        Ok(hmac::verify(&hmac::Key::new(algorithm, &key), data, self.digest.value.as_bytes()).is_ok())
    }

    /// Derives the key (RFC 7292 appendix B).
    fn pkcs12_key(&self, password: &Passphrase<'_>, utf16: &[u8]) -> Result<(hmac::Algorithm, Zeroizing<Vec<u8>>)> {
        let (hash, algorithm) = match self.digest.algorithm.oid.to_string().as_str() {
            "1.3.14.3.2.26" => (&digest::SHA1_FOR_LEGACY_USE_ONLY, hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY),
            "2.16.840.1.101.3.4.2.4" => (&digest::SHA224, hmac::HMAC_SHA224),
            "2.16.840.1.101.3.4.2.1" => (&digest::SHA256, hmac::HMAC_SHA256),
            "2.16.840.1.101.3.4.2.2" => (&digest::SHA384, hmac::HMAC_SHA384),
            "2.16.840.1.101.3.4.2.3" => (&digest::SHA512, hmac::HMAC_SHA512),
            other => return Err(unsupported(other)),
        };
        let rounds = pbe::spend_rounds(self.rounds.unwrap_or(1), password)?;
        let salt = self.salt.as_bytes();
        let key = pkcs12_kdf::derive(hash, utf16, salt, Purpose::MacKey, rounds, hash.output_len());
        Ok((algorithm, key))
    }

    /// Derives the key (RFC 9579). The parameters of the algorithm have salt and rounds; the fields here are ignored.
    fn pbmac1_key(&self, password: &Passphrase<'_>) -> Result<(hmac::Algorithm, Zeroizing<Vec<u8>>)> {
        let parameters = self.digest.algorithm.parameters.ok_or_else(malformed)?;
        let parameters: Pbmac1 = parameters.decode_as().map_err(|_| malformed())?;
        let algorithm = match parameters.authentication.oid.to_string().as_str() {
            "1.2.840.113549.2.7" => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            "1.2.840.113549.2.8" => hmac::HMAC_SHA224,
            "1.2.840.113549.2.9" => hmac::HMAC_SHA256,
            "1.2.840.113549.2.10" => hmac::HMAC_SHA384,
            "1.2.840.113549.2.11" => hmac::HMAC_SHA512,
            other => return Err(unsupported(other)),
        };
        let mut key = Zeroizing::new(vec![0; parameters.key_length()?]);
        pbe::derive_key(parameters.key_derivation, password, &mut key)?;
        Ok((algorithm, key))
    }
}

/// `id-PBMAC1` (RFC 8018 appendix A.5).
const PBMAC1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.14");

/// `PBMAC1-params` (RFC 8018 appendix A.5).
#[derive(Sequence)]
struct Pbmac1<'a> {
    key_derivation: AlgorithmIdentifierRef<'a>,
    authentication: AlgorithmIdentifierRef<'a>,
}

impl Pbmac1<'_> {
    /// The key length in bytes, a required parameter of PBKDF2 (RFC 9579 section 4): at least 20, and 64 for SHA-512.
    fn key_length(&self) -> Result<usize> {
        let parameters = self.key_derivation.parameters.ok_or_else(malformed)?;
        let parameters = Pbkdf2Params::try_from(parameters).map_err(|_| malformed())?;
        let length = parameters.key_length.map(usize::from);
        length.filter(|length| (20..=64).contains(length)).ok_or_else(malformed)
    }
}

fn unsupported(algorithm: &str) -> Error {
    Error::new(
        Status::CertificateUnreadable,
        format!("The PFX file has a MAC of the type {algorithm}, which is not supported."),
        "Export the certificate again with its private key, protected by a password.",
    )
}

fn malformed() -> Error {
    Error::new(
        Status::CertificateUnreadable,
        "The PFX file is damaged: the parameters of its MAC are malformed.",
        "Copy or export the file again.",
    )
}

//! RSA keys, and the trait of everything that signs with one.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{self, KeyPair as _, UnparsedPublicKey};
use der::Decode;
use der::asn1::ObjectIdentifier;
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs5::AlgorithmIdentifierRef;
use pkcs8::PrivateKeyInfoRef;

use crate::base::algorithm::SignatureAlgorithm;
use crate::base::error::{Error, Result, Status};
#[cfg(feature = "internals")]
use crate::base::secret::Secret;
use crate::certificate::encryption::passphrase::Passphrase;
use crate::certificate::encryption::pbe::{self, EncryptedPrivateKey};

/// Signs with an RSA private key: one in memory, on a token, or in a store of the operating system.
///
/// Several threads may sign at the same time.
pub trait Signer: Send + Sync {
    /// Signs `signing_input`, which is not hashed yet. The signature is as long as the key's modulus.
    fn sign(&self, algorithm: SignatureAlgorithm, signing_input: &[u8]) -> std::result::Result<Vec<u8>, SignerError>;

    /// A short name for what holds the key, to show to users.
    fn provider(&self) -> &'static str {
        "external signer"
    }
}

/// Why a [`Signer`] returned no signature.
#[derive(Clone, Debug)]
pub enum SignerError {
    /// The signer does not support this algorithm; another one may work.
    AlgorithmUnsupported,
    /// Signing failed, and would fail with any algorithm.
    Failed(Error),
}

/// An RSA private key of 2048 to 8192 bits in the memory of this process.
///
/// A key whose parts do not match is refused when it is read. `Debug` shows only its size.
pub struct PrivateKey {
    pair: KeyPair,
    public: PublicKey,
}

impl PrivateKey {
    /// Reads an unencrypted PKCS#8 key (RFC 5958 section 2).
    ///
    /// # Errors
    /// [`Status::PrivateKeyUnsupported`] for keys that are not RSA, or not of 2048 to 8192 bits;
    /// [`Status::CertificateUnreadable`] for damaged keys.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self> {
        Self::from_private_key_info(&PrivateKeyInfoRef::from_der(der).map_err(|_| damaged("PKCS#8 private key"))?)
    }

    /// Reads an unencrypted PKCS#1 key (RFC 8017 appendix A.1.2).
    ///
    /// # Errors
    /// As for [`Self::from_pkcs8_der`].
    pub fn from_pkcs1_der(der: &[u8]) -> Result<Self> {
        let parts = RsaPrivateKeyRef::from_der(der).map_err(|_| damaged("RSA private key"))?;
        check_size(bit_length(parts.modulus.as_bytes()))?;
        let pair = KeyPair::from_der(der).map_err(|_| inconsistent())?;
        let public = PublicKey::from_pkcs1_der(pair.public_key().as_ref()).ok_or_else(inconsistent)?;
        Ok(Self { pair, public })
    }

    /// Reads an encrypted PKCS#8 key (RFC 5958 section 3).
    ///
    /// # Errors
    /// As for [`Self::from_pkcs8_der`], and [`Status::CertificatePasswordIncorrect`].
    #[cfg(feature = "internals")]
    pub fn from_encrypted_pkcs8_der(der: &[u8], password: &Secret) -> Result<Self> {
        Self::decrypted_pkcs8(der, &Passphrase::new(Some(password))?)
    }

    pub(crate) fn decrypted_pkcs8(der: &[u8], password: &Passphrase<'_>) -> Result<Self> {
        const WHAT: &str = "encrypted private key";
        if password.is_absent() {
            return Err(password.incorrect(WHAT));
        }
        let encrypted = EncryptedPrivateKey::from_der(der).map_err(|_| damaged(WHAT))?;
        let utf16 = &password.utf16_readings()[0];
        let key = pbe::decrypt(&encrypted.algorithm, encrypted.data.as_bytes(), password, utf16)?
            .ok_or_else(|| password.incorrect(WHAT))?;
        let info = PrivateKeyInfoRef::from_der(&key).map_err(|_| password.incorrect(WHAT))?;
        Self::from_private_key_info(&info)
    }

    pub(crate) fn from_private_key_info(info: &PrivateKeyInfoRef<'_>) -> Result<Self> {
        if info.algorithm.oid == RSA_ENCRYPTION {
            Self::from_pkcs1_der(info.private_key.as_bytes())
        } else {
            Err(not_rsa(&key_kind(&info.algorithm)))
        }
    }

    /// Size of the modulus in bits.
    pub fn bits(&self) -> u32 {
        self.public.bits()
    }

    /// The public key of this private key.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The public key as PKCS#1 `RSAPublicKey` (RFC 8017 appendix A.1.1), as in a certificate for this key.
    #[cfg(feature = "internals")]
    pub fn public_key_der(&self) -> &[u8] {
        self.public.der()
    }
}

impl Signer for PrivateKey {
    fn sign(&self, algorithm: SignatureAlgorithm, signing_input: &[u8]) -> std::result::Result<Vec<u8>, SignerError> {
        let encoding = match algorithm {
            SignatureAlgorithm::Ps256 => &signature::RSA_PSS_SHA256,
            SignatureAlgorithm::Rs256 => &signature::RSA_PKCS1_SHA256,
        };
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(encoding, &SystemRandom::new(), signing_input, &mut signature)
            .map_err(|_| {
                SignerError::Failed(Error::new(
                    Status::SigningFailed,
                    format!("Signing with the RSA private key of {} bits failed.", self.bits()),
                    if cfg!(windows) {
                        "Copy or export the private key again; if the error persists, report it as a defect of \
                         GraphToken."
                    } else {
                        "Check the private key (openssl rsa -in FILE -check -noout); if it is valid, report this \
                         error as a defect of GraphToken."
                    },
                ))
            })?;
        Ok(signature)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PrivateKey(RSA, {} bits)", self.bits())
    }
}

/// An RSA public key.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    der: Vec<u8>,
    bits: u32,
}

impl PublicKey {
    /// Reads PKCS#1 `RSAPublicKey`; `None` if `der` is anything else.
    pub fn from_pkcs1_der(der: &[u8]) -> Option<Self> {
        let parts = RsaPublicKeyRef::from_der(der).ok()?;
        Some(Self {
            der: der.to_vec(),
            bits: bit_length(parts.modulus.as_bytes()),
        })
    }

    /// The key as PKCS#1 `RSAPublicKey` (RFC 8017 appendix A.1.1).
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Size of the modulus in bits.
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// Length of a signature by this key, in bytes.
    pub fn signature_length(&self) -> usize {
        self.bits.div_ceil(8) as usize
    }

    /// Whether the key has this modulus and, if that is known, this public exponent. Both are big-endian numbers.
    #[cfg(all(unix, feature = "pkcs11"))]
    pub(crate) fn has_numbers(&self, modulus: &[u8], exponent: Option<&[u8]>) -> bool {
        let digits = |number: &'_ [u8]| {
            number
                .iter()
                .copied()
                .skip_while(|byte| *byte == 0)
                .collect::<Vec<u8>>()
        };
        RsaPublicKeyRef::from_der(&self.der).is_ok_and(|own| {
            own.modulus.as_bytes() == digits(modulus)
                && exponent.is_none_or(|exponent| own.public_exponent.as_bytes() == digits(exponent))
        })
    }

    /// Checks that a key of this size can sign client assertions.
    ///
    /// # Errors
    /// [`Status::PrivateKeyUnsupported`].
    pub fn check_size(&self) -> Result<()> {
        check_size(self.bits)
    }

    /// Whether `signature` is this key's signature of `signing_input`. For PS256 the salt must have exactly 32 bytes.
    pub fn verify(&self, algorithm: SignatureAlgorithm, signing_input: &[u8], signature: &[u8]) -> bool {
        let parameters = match algorithm {
            SignatureAlgorithm::Ps256 => &signature::RSA_PSS_2048_8192_SHA256,
            SignatureAlgorithm::Rs256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        };
        UnparsedPublicKey::new(parameters, &self.der)
            .verify(signing_input, signature)
            .is_ok()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PublicKey(RSA, {} bits)", self.bits)
    }
}

/// `rsaEncryption` (RFC 8017 appendix A.1).
pub(crate) const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// The kind of key that an algorithm identifier denotes, to follow "The private key is" in a message.
pub(crate) fn key_kind(algorithm: &AlgorithmIdentifierRef<'_>) -> String {
    let kind = match algorithm.oid.to_string().as_str() {
        "1.2.840.113549.1.1.1" => "an RSA key",
        "1.2.840.113549.1.1.10" => "an RSA key restricted to RSASSA-PSS",
        "1.2.840.10045.2.1" => return format!("an elliptic-curve key{}", curve_name(algorithm)),
        "1.2.840.10040.4.1" => "a DSA key",
        "1.3.101.110" => "an X25519 key",
        "1.3.101.111" => "an X448 key",
        "1.3.101.112" => "an Ed25519 key",
        "1.3.101.113" => "an Ed448 key",
        other => return format!("a key of the unknown type {other}"),
    };
    kind.to_owned()
}

fn curve_name(algorithm: &AlgorithmIdentifierRef<'_>) -> String {
    let curve = algorithm
        .parameters
        .and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok());
    let Some(curve) = curve.map(|oid| oid.to_string()) else {
        return String::new();
    };
    let name = match curve.as_str() {
        "1.2.840.10045.3.1.7" => "P-256",
        "1.3.132.0.34" => "P-384",
        "1.3.132.0.35" => "P-521",
        "1.3.132.0.10" => "secp256k1",
        other => other,
    };
    format!(" ({name})")
}

/// The error for a key of another kind than RSA, as [`key_kind`] describes it.
pub(crate) fn not_rsa(kind: &str) -> Error {
    Error::new(
        Status::PrivateKeyUnsupported,
        format!("The private key is {kind}, but client assertions need an RSA key."),
        "Create a certificate with an RSA key of 2048 bits or more and register it with the application.",
    )
}

fn check_size(bits: u32) -> Result<()> {
    let message = match bits {
        2048..=8192 => return Ok(()),
        0..2048 => format!("The RSA key has {bits} bits, but client assertions need at least 2048."),
        _ => format!("The RSA key has {bits} bits, but keys of more than 8192 bits are not supported."),
    };
    Err(Error::new(
        Status::PrivateKeyUnsupported,
        message,
        "Create a certificate with an RSA key of 2048 to 4096 bits and register it with the application.",
    ))
}

fn bit_length(magnitude: &[u8]) -> u32 {
    let leading_zeros: u32 = magnitude.first().map_or(0, |byte| byte.leading_zeros());
    u32::try_from(magnitude.len())
        .unwrap_or(u32::MAX)
        .saturating_mul(8)
        .saturating_sub(leading_zeros)
}

fn damaged(what: &str) -> Error {
    Error::new(
        Status::CertificateUnreadable,
        format!("The {what} is damaged."),
        EXPORT_HINT,
    )
}

fn inconsistent() -> Error {
    Error::new(
        Status::CertificateUnreadable,
        "The RSA private key is inconsistent: its parts do not belong together.",
        EXPORT_HINT,
    )
}

/// Windows has no command that checks a key file.
const EXPORT_HINT: &str = if cfg!(windows) {
    "Copy or export the private key again."
} else {
    "Copy or export the private key again; openssl pkey -in FILE -check -noout shows whether it is valid."
};

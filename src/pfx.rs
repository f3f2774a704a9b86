//! PFX files: PKCS#12 (RFC 7292).

use aws_lc_rs::{digest, hmac};
use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Sequence};
use pkcs5::AlgorithmIdentifierRef;
use pkcs8::PrivateKeyInfoRef;
use zeroize::Zeroizing;

use crate::bundle::Bundle;
use crate::certificate::Certificate;
use crate::error::{Error, Result, Status};
use crate::key::PrivateKey;
use crate::password::Password;
use crate::password_encryption::{self, EncryptedPrivateKey};
use crate::pkcs12_kdf::{self, Purpose};

/// Reads all certificates and private keys of a PFX file.
///
/// # Errors
/// [`Status::CertificatePasswordIncorrect`], and [`Status::CertificateUnreadable`] for a damaged file or one that is
/// protected in a way that is not supported.
pub(crate) fn open(der: &[u8], password: &Password<'_>) -> Result<Bundle> {
    let pfx = Pfx::from_der(der).map_err(|_| damaged())?;
    let safe = pfx.contents.data()?;
    let mut refusal = None;
    for utf16 in password.utf16_readings() {
        let read = match &pfx.mac {
            Some(mac) if !mac.verify(safe, password, &utf16)? => continue,
            Some(_) => read_safe(safe, password, &utf16)?.ok_or_else(damaged),
            None => read_safe(safe, password, &utf16).and_then(|bundle| bundle.ok_or_else(|| incorrect(password))),
        };
        match read {
            Ok(bundle) => return Ok(bundle),
            Err(error) => refusal = Some(error),
        }
    }
    Err(refusal.unwrap_or_else(|| incorrect(password)))
}

/// `PFX` (RFC 7292 section 4).
#[derive(Sequence)]
struct Pfx<'a> {
    version: u8,
    contents: ContentInfo<'a>,
    mac: Option<Mac<'a>>,
}

/// `ContentInfo` (RFC 2315 section 7).
#[derive(Sequence)]
struct ContentInfo<'a> {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: AnyRef<'a>,
}

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");

impl<'a> ContentInfo<'a> {
    /// The bytes of a content that is not encrypted.
    fn data(&self) -> Result<&'a [u8]> {
        if self.kind != DATA {
            return Err(unsupported(&format!("a content of the kind {}", self.kind)));
        }
        Ok(self
            .content
            .decode_as::<&OctetStringRef>()
            .map_err(|_| damaged())?
            .as_bytes())
    }
}

/// `MacData` (RFC 7292 section 4): shows whether the password is right and the file whole.
#[derive(Sequence)]
struct Mac<'a> {
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
    fn verify(&self, data: &[u8], password: &Password<'_>, utf16: &[u8]) -> Result<bool> {
        let (hash, algorithm) = match self.digest.algorithm.oid.to_string().as_str() {
            "1.3.14.3.2.26" => (&digest::SHA1_FOR_LEGACY_USE_ONLY, hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY),
            "2.16.840.1.101.3.4.2.4" => (&digest::SHA224, hmac::HMAC_SHA224),
            "2.16.840.1.101.3.4.2.1" => (&digest::SHA256, hmac::HMAC_SHA256),
            "2.16.840.1.101.3.4.2.2" => (&digest::SHA384, hmac::HMAC_SHA384),
            "2.16.840.1.101.3.4.2.3" => (&digest::SHA512, hmac::HMAC_SHA512),
            other => return Err(unsupported(&format!("a MAC of the kind {other}"))),
        };
        let rounds = password_encryption::spend_rounds(self.rounds.unwrap_or(1), password)?;
        let salt = self.salt.as_bytes();
        let key = pkcs12_kdf::derive(hash, utf16, salt, Purpose::MacKey, rounds, hash.output_len());
        Ok(hmac::verify(&hmac::Key::new(algorithm, &key), data, self.digest.value.as_bytes()).is_ok())
    }
}

/// Reads `AuthenticatedSafe` (RFC 7292 section 4.1); `None` when the password does not decrypt it.
fn read_safe(safe: &[u8], password: &Password<'_>, utf16: &[u8]) -> Result<Option<Bundle>> {
    let mut bundle = Bundle::default();
    for part in Vec::<ContentInfo>::from_der(safe).map_err(|_| damaged())? {
        if part.kind == ENCRYPTED_DATA {
            let encrypted: EncryptedData = part.content.decode_as().map_err(|_| damaged())?;
            let Some(bags) = encrypted.decrypt(password, utf16)? else {
                return Ok(None);
            };
            let Ok(bags) = Vec::<SafeBag>::from_der(&bags) else {
                return Ok(None);
            };
            read_bags(&bags, password, utf16, &mut bundle)?;
        } else {
            let bags = Vec::<SafeBag>::from_der(part.data()?).map_err(|_| damaged())?;
            read_bags(&bags, password, utf16, &mut bundle)?;
        }
    }
    Ok(Some(bundle))
}

/// `EncryptedData` (RFC 2315 section 13).
#[derive(Sequence)]
struct EncryptedData<'a> {
    version: u8,
    content: EncryptedContentInfo<'a>,
    attributes: Option<AnyRef<'a>>,
}

/// `EncryptedContentInfo` (RFC 2315 section 10.1).
#[derive(Sequence)]
struct EncryptedContentInfo<'a> {
    kind: ObjectIdentifier,
    algorithm: AlgorithmIdentifierRef<'a>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    data: &'a OctetStringRef,
}

impl EncryptedData<'_> {
    fn decrypt(&self, password: &Password<'_>, utf16: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>> {
        password_encryption::decrypt(&self.content.algorithm, self.content.data.as_bytes(), password, utf16)
    }
}

/// `SafeBag` (RFC 7292 section 4.2).
#[derive(Sequence)]
struct SafeBag<'a> {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    value: AnyRef<'a>,
    attributes: Option<AnyRef<'a>>,
}

/// `CertBag` (RFC 7292 section 4.2.3).
#[derive(Sequence)]
struct CertBag<'a> {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    certificate: &'a OctetStringRef,
}

const KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.1");
const SHROUDED_KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
const CERT_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
const X509_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");

/// Bags of other kinds (revocation lists, secrets) and their attributes play no part: the key that fits a
/// certificate is found by comparing the two.
fn read_bags(bags: &[SafeBag<'_>], password: &Password<'_>, utf16: &[u8], bundle: &mut Bundle) -> Result<()> {
    for bag in bags {
        match bag.kind {
            CERT_BAG => {
                let bag: CertBag = bag.value.decode_as().map_err(|_| damaged())?;
                if bag.kind == X509_CERTIFICATE {
                    bundle.add_certificate(Certificate::from_der(bag.certificate.as_bytes().to_vec())?);
                }
            }
            KEY_BAG => {
                let key: PrivateKeyInfoRef = bag.value.decode_as().map_err(|_| damaged())?;
                bundle.add_key(PrivateKey::from_private_key_info(&key));
            }
            SHROUDED_KEY_BAG => {
                let key: EncryptedPrivateKey = bag.value.decode_as().map_err(|_| damaged())?;
                bundle.add_key(read_shrouded_key(&key, password, utf16));
            }
            _ => {}
        }
    }
    Ok(())
}

fn read_shrouded_key(key: &EncryptedPrivateKey<'_>, password: &Password<'_>, utf16: &[u8]) -> Result<PrivateKey> {
    let der = password_encryption::decrypt(&key.algorithm, key.data.as_bytes(), password, utf16)?
        .ok_or_else(|| incorrect(password))?;
    let info = PrivateKeyInfoRef::from_der(&der).map_err(|_| incorrect(password))?;
    PrivateKey::from_private_key_info(&info)
}

fn incorrect(password: &Password<'_>) -> Error {
    password.incorrect("PFX file")
}

fn unsupported(what: &str) -> Error {
    Error::new(
        Status::CertificateUnreadable,
        format!("the PFX file has {what}, which is not supported"),
        "Export the certificate again with its private key, protected with a password.",
    )
}

fn damaged() -> Error {
    Error::new(
        Status::CertificateUnreadable,
        "the PFX file is damaged",
        "Copy or export the file again; openssl pkcs12 -in FILE -info shows whether it is sound.",
    )
}

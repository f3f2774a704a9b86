//! PFX files: PKCS#12 (RFC 7292).

use std::borrow::Cow;

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Reader, Sequence, SliceReader, Tagged};
use pkcs5::AlgorithmIdentifierRef;
use pkcs8::PrivateKeyInfoRef;
use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::certificate::Certificate;
use crate::certificate::encoding::ber;
use crate::certificate::encryption::passphrase::Passphrase;
use crate::certificate::encryption::pbe::{self, EncryptedPrivateKey};
use crate::certificate::encryption::pfx_mac::Mac;
use crate::certificate::file::bundle::Bundle;
use crate::certificate::key::PrivateKey;

/// Reads all certificates and private keys of a PFX file. It may be in BER, which NSS and old exports write.
///
/// A file that has no password, or an empty one, opens with any password.
///
/// # Errors
/// [`Status::CertificatePasswordIncorrect`]; [`Status::CertificateUnreadable`] for a damaged file, and for an algorithm
/// that is not supported.
pub(crate) fn open(content: &[u8], password: &Passphrase<'_>) -> Result<Bundle> {
    let der = ber::to_der(content).ok_or_else(damaged)?;
    let pfx = Pfx::from_der(&der).map_err(|_| damaged())?;
    let refusal = match pfx.read(password) {
        Ok(Some(bundle)) => return Ok(bundle),
        Ok(None) => None,
        Err(error) if error.status() == Status::CertificatePasswordIncorrect => Some(error),
        Err(error) => return Err(error),
    };
    if !password.is_absent() {
        if let Ok(Some(bundle)) = pfx.read(&password.absent()) {
            return Ok(bundle);
        }
    }
    Err(refusal.unwrap_or_else(|| pfx.refusal(password)))
}

/// `PFX` (RFC 7292 section 4).
#[derive(Sequence)]
struct Pfx<'a> {
    version: u8,
    contents: ContentInfo<'a>,
    mac: Option<Mac<'a>>,
}

impl Pfx<'_> {
    /// Everything in the file; `None` if its MAC is not one with this password.
    fn read(&self, password: &Passphrase<'_>) -> Result<Option<Bundle>> {
        let safe = self.contents.data()?;
        let mut refusal = None;
        for utf16 in &password.utf16_readings() {
            let read = match &self.mac {
                Some(mac) if !mac.verify(safe, password, utf16)? => continue,
                Some(_) => read_safe(safe, password, utf16)?.ok_or_else(damaged),
                None => read_safe(safe, password, utf16).and_then(|bundle| bundle.ok_or_else(|| incorrect(password))),
            };
            match read {
                Ok(bundle) => return Ok(Some(bundle)),
                Err(error) => refusal = Some(error),
            }
        }
        refusal.map_or(Ok(None), Err)
    }

    /// Why the MAC is not one with this password.
    fn refusal(&self, password: &Passphrase<'_>) -> Error {
        let opens = |safe| {
            let readings = password.utf16_readings();
            readings.iter().any(|utf16| decrypts(safe, password, utf16))
        };
        if self.contents.data().is_ok_and(opens) {
            damaged()
        } else {
            incorrect(password)
        }
    }
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
    /// The bytes of content that is not encrypted.
    fn data(&self) -> Result<&'a [u8]> {
        if self.kind != DATA {
            return Err(unsupported(&format!("content of the type {}", self.kind)));
        }
        Ok(self
            .content
            .decode_as::<&OctetStringRef>()
            .map_err(|_| damaged())?
            .as_bytes())
    }
}

/// Reads `AuthenticatedSafe` (RFC 7292 section 4.1); `None` if the password does not decrypt it.
fn read_safe(safe: &[u8], password: &Passphrase<'_>, utf16: &[u8]) -> Result<Option<Bundle>> {
    let mut bundle = Bundle::default();
    let safe = ber::to_der(safe).ok_or_else(damaged)?;
    for part in Vec::<ContentInfo>::from_der(&safe).map_err(|_| damaged())? {
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
            let bags = ber::to_der(part.data()?).ok_or_else(damaged)?;
            let bags = Vec::<SafeBag>::from_der(&bags).map_err(|_| damaged())?;
            read_bags(&bags, password, utf16, &mut bundle)?;
        }
    }
    Ok(Some(bundle))
}

/// Whether the password decrypts the first encrypted part. If so, it is correct, and the file is damaged.
fn decrypts(safe: &[u8], password: &Passphrase<'_>, utf16: &[u8]) -> bool {
    let first = || {
        let safe = ber::to_der(safe)?;
        let parts = Vec::<ContentInfo>::from_der(&safe).ok()?;
        let encrypted = parts.iter().find(|part| part.kind == ENCRYPTED_DATA)?;
        let encrypted: EncryptedData = encrypted.content.decode_as().ok()?;
        encrypted.decrypt(password, utf16).ok()?
    };
    first().is_some()
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
    /// `[0] IMPLICIT OCTET STRING`, which BER may split into pieces.
    data: AnyRef<'a>,
}

impl<'a> EncryptedData<'a> {
    /// The bags in it, in DER; `None` if the password is wrong.
    fn decrypt(&self, password: &Passphrase<'_>, utf16: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let data = self.data().ok_or_else(damaged)?;
        let bags = pbe::decrypt(&self.content.algorithm, &data, password, utf16)?;
        Ok(bags.and_then(|bags| ber::to_der(&bags)))
    }

    fn data(&self) -> Option<Cow<'a, [u8]>> {
        let value = self.content.data.value();
        if !self.content.data.tag().is_constructed() {
            return Some(Cow::Borrowed(value));
        }
        let mut pieces = SliceReader::new(value).ok()?;
        let mut data = Vec::with_capacity(value.len());
        while !pieces.is_finished() {
            data.extend_from_slice(<&OctetStringRef>::decode(&mut pieces).ok()?.as_bytes());
        }
        Some(Cow::Owned(data))
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

/// `PKCS12Attribute` (RFC 7292 section 4.2).
#[derive(Sequence)]
struct Attribute<'a> {
    kind: ObjectIdentifier,
    values: AnyRef<'a>,
}

impl SafeBag<'_> {
    /// The attribute `localKeyId`, which a key shares with its certificate.
    fn local_key_id(&self) -> Option<Vec<u8>> {
        const LOCAL_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.21");
        let mut attributes = SliceReader::new(self.attributes?.value()).ok()?;
        while !attributes.is_finished() {
            let attribute = Attribute::decode(&mut attributes).ok()?;
            if attribute.kind == LOCAL_KEY_ID {
                return Some(attribute.values.value().to_vec());
            }
        }
        None
    }
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
const SAFE_CONTENTS_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.6");
const X509_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");

/// Adds the certificates and keys to `bundle`. Other bags (revocation lists, secrets) and friendly names are ignored.
fn read_bags(bags: &[SafeBag<'_>], password: &Passphrase<'_>, utf16: &[u8], bundle: &mut Bundle) -> Result<()> {
    for bag in bags {
        match bag.kind {
            CERT_BAG => {
                let content: CertBag = bag.value.decode_as().map_err(|_| damaged())?;
                if content.kind == X509_CERTIFICATE {
                    let certificate = Certificate::from_der(content.certificate.as_bytes().to_vec());
                    bundle.add_certificate(certificate, bag.local_key_id());
                }
            }
            KEY_BAG => {
                let key: PrivateKeyInfoRef = bag.value.decode_as().map_err(|_| damaged())?;
                bundle.add_key(PrivateKey::from_private_key_info(&key), bag.local_key_id());
            }
            SHROUDED_KEY_BAG => {
                let key: EncryptedPrivateKey = bag.value.decode_as().map_err(|_| damaged())?;
                bundle.add_key(read_shrouded_key(&key, password, utf16), bag.local_key_id());
            }
            SAFE_CONTENTS_BAG => {
                // How deep bags are nested, the conversion to DER has limited.
                let bags: Vec<SafeBag> = bag.value.decode_as().map_err(|_| damaged())?;
                read_bags(&bags, password, utf16, bundle)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn read_shrouded_key(key: &EncryptedPrivateKey<'_>, password: &Passphrase<'_>, utf16: &[u8]) -> Result<PrivateKey> {
    let der = pbe::decrypt(&key.algorithm, key.data.as_bytes(), password, utf16)?.ok_or_else(|| incorrect(password))?;
    let info = PrivateKeyInfoRef::from_der(&der).map_err(|_| incorrect(password))?;
    PrivateKey::from_private_key_info(&info)
}

fn incorrect(password: &Passphrase<'_>) -> Error {
    password.incorrect("PFX file")
}

fn unsupported(what: &str) -> Error {
    Error::new(
        Status::CertificateUnreadable,
        format!("The PFX file has {what}, which is not supported."),
        "Export the certificate again with its private key, protected by a password.",
    )
}

fn damaged() -> Error {
    Error::new(
        Status::CertificateUnreadable,
        "The PFX file is damaged.",
        if cfg!(windows) {
            "Copy or export the file again; certutil -dump FILE shows whether it is valid."
        } else {
            "Copy or export the file again; openssl pkcs12 -in FILE -info -noout shows whether it is valid."
        },
    )
}

//! X.509 certificates (RFC 5280), and below it the keys that sign for them and the places that hold them.

pub mod distinguished_name;
mod encoding;
mod encryption;
pub mod file;
pub mod key;
pub mod opening;
pub mod pkcs11;
pub mod signing;
pub mod store;
pub mod thumbprint;
mod validity;

use std::fmt::{self, Write};
use std::time::SystemTime;

use aws_lc_rs::digest;
use der::Decode;
use der::asn1::ObjectIdentifier;
use pkcs5::AlgorithmIdentifierRef;

use crate::base::algorithm::SignatureAlgorithm;
use crate::base::error::{Error, Result, Status};
use crate::base::quote::quote;
use crate::certificate::encoding::der_value::{DerValue, DerValues, tag};
use crate::certificate::key::PublicKey;
use crate::certificate::validity::Validity;

/// An X.509 certificate, without its private key.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    thumbprint_sha1: [u8; 20],
    thumbprint_sha256: [u8; 32],
    subject: String,
    subject_der: Vec<u8>,
    issuer: String,
    issuer_der: Vec<u8>,
    validity: Validity,
    key: SubjectKey,
}

/// The public key in a certificate.
#[derive(Clone)]
enum SubjectKey {
    Rsa(PublicKey),
    /// Any other kind of key, described as by [`key::key_kind`].
    Other(String),
}

impl Certificate {
    /// Reads a certificate in DER.
    ///
    /// Reads only what signing needs. A name or date that cannot be read is no error, because the token service does
    /// not need it either; extensions and the signature of the issuer are not read at all.
    ///
    /// # Errors
    /// [`Status::CertificateUnreadable`] unless `der` is exactly one certificate.
    pub fn from_der(der: Vec<u8>) -> Result<Self> {
        let facts = Facts::read(&der).ok_or_else(damaged)?;
        Ok(Self {
            thumbprint_sha1: hash(&digest::SHA1_FOR_LEGACY_USE_ONLY, &der),
            thumbprint_sha256: hash(&digest::SHA256, &der),
            subject: distinguished_name::text_of(facts.subject),
            subject_der: facts.subject.to_vec(),
            issuer: distinguished_name::text_of(facts.issuer),
            issuer_der: facts.issuer.to_vec(),
            validity: Validity::read(facts.validity),
            key: SubjectKey::read(facts.key).ok_or_else(damaged)?,
            der,
        })
    }

    /// The certificate in DER (RFC 5280 section 4.1).
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The SHA-1 hash of [`Self::der`]: the thumbprint that the Entra admin centre shows.
    pub fn thumbprint_sha1(&self) -> &[u8; 20] {
        &self.thumbprint_sha1
    }

    /// The SHA-256 hash of [`Self::der`].
    pub fn thumbprint_sha256(&self) -> &[u8; 32] {
        &self.thumbprint_sha256
    }

    /// [`Self::thumbprint_sha1`] as 40 upper-case hexadecimal digits.
    pub fn thumbprint_sha1_hex(&self) -> String {
        hex(&self.thumbprint_sha1)
    }

    /// [`Self::thumbprint_sha256`] as 64 upper-case hexadecimal digits.
    pub fn thumbprint_sha256_hex(&self) -> String {
        hex(&self.thumbprint_sha256)
    }

    /// The subject in the notation of RFC 4514, such as `CN=GraphToken,O=Contoso`.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The certificate in a message: its subject, or its thumbprint if it has none.
    pub(crate) fn name(&self) -> String {
        match &*self.subject {
            "" => format!("with the thumbprint {}", self.thumbprint_sha1_hex()),
            subject => quote(subject, &[]),
        }
    }

    /// [`Self::not_after`] as text, such as `2027-11-23T22:48:21Z`.
    pub(crate) fn not_after_text(&self) -> String {
        self.validity.not_after_text()
    }

    /// The subject in DER.
    pub(crate) fn subject_der(&self) -> &[u8] {
        &self.subject_der
    }

    /// The issuer, in the same notation as [`Self::subject`].
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The start of the validity period, which includes it.
    pub fn not_before(&self) -> SystemTime {
        self.validity.not_before()
    }

    /// The end of the validity period, which includes it.
    pub fn not_after(&self) -> SystemTime {
        self.validity.not_after()
    }

    /// Size of the RSA modulus in bits; 0 when the key is not RSA.
    pub fn key_bits(&self) -> u32 {
        self.public_key().map_or(0, PublicKey::bits)
    }

    /// The RSA public key; `None` for any other kind of key.
    pub fn public_key(&self) -> Option<&PublicKey> {
        match &self.key {
            SubjectKey::Rsa(key) => Some(key),
            SubjectKey::Other(_) => None,
        }
    }

    /// The RSA public key as PKCS#1 `RSAPublicKey` (RFC 8017 appendix A.1.1); `None` for any other kind of key.
    ///
    /// Comparable with [`crate::certificate::key::PrivateKey::public_key_der`].
    pub fn public_key_der(&self) -> Option<&[u8]> {
        self.public_key().map(PublicKey::der)
    }

    /// The RSA public key, if its private key can sign client assertions.
    ///
    /// # Errors
    /// [`Status::PrivateKeyUnsupported`] for keys of another kind or size.
    pub fn signing_key(&self) -> Result<&PublicKey> {
        match &self.key {
            SubjectKey::Rsa(key) => key.check_size().map(|()| key),
            SubjectKey::Other(kind) => Err(key::not_rsa(kind)),
        }
    }

    /// Whether `signature` is a valid signature of `signing_input` by this certificate's key.
    pub fn verify(&self, algorithm: SignatureAlgorithm, signing_input: &[u8], signature: &[u8]) -> bool {
        self.public_key()
            .is_some_and(|key| key.verify(algorithm, signing_input, signature))
    }

    /// Whether the subject of `issuer` is the issuer of this certificate. Compares names only, not signatures.
    pub fn is_issued_by(&self, issuer: &Self) -> bool {
        self.issuer_der == issuer.subject_der
    }

    /// A warning if the certificate has expired or is not yet valid at `now`; `None` if it is valid.
    ///
    /// It is not an error: the token service decides whether it accepts the certificate.
    pub fn validity_warning(&self, now: SystemTime) -> Option<String> {
        let problem = self.validity_problem(now)?;
        let thumbprint = self.thumbprint_sha1_hex();
        Some(format!(
            "The certificate {} (thumbprint {thumbprint}) {problem}; the token service may refuse it.",
            quote(&self.subject, &[])
        ))
    }

    /// Why the certificate is not valid at `now`, such as `expired on 2027-11-23T22:48:21Z`; `None` if it is valid.
    pub(crate) fn validity_problem(&self, now: SystemTime) -> Option<String> {
        self.validity.problem(now)
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Certificate({}, thumbprint {})",
            self.subject,
            self.thumbprint_sha1_hex()
        )
    }
}

/// The parts of `TBSCertificate` (RFC 5280 section 4.1) that are needed. Names are in DER.
struct Facts<'a> {
    issuer: &'a [u8],
    validity: DerValue<'a>,
    subject: &'a [u8],
    /// `SubjectPublicKeyInfo`.
    key: DerValue<'a>,
}

impl<'a> Facts<'a> {
    fn read(der: &'a [u8]) -> Option<Self> {
        const VERSION: u8 = 0xa0;
        let mut whole = DerValues(der);
        let mut certificate = whole.next_of(tag::SEQUENCE)?.values();
        let mut facts = certificate.next_of(tag::SEQUENCE)?.values();
        certificate.next_of(tag::SEQUENCE)?;
        certificate.next_of(tag::BIT_STRING)?;
        if !certificate.is_at_end() || !whole.is_at_end() {
            return None;
        }
        facts.next_of(VERSION);
        facts.next_of(tag::INTEGER)?;
        facts.next_of(tag::SEQUENCE)?;
        Some(Self {
            issuer: facts.next_of(tag::SEQUENCE)?.whole,
            validity: facts.next_of(tag::SEQUENCE)?,
            subject: facts.next_of(tag::SEQUENCE)?.whole,
            key: facts.next_of(tag::SEQUENCE)?,
        })
    }
}

impl SubjectKey {
    fn read(info: DerValue<'_>) -> Option<Self> {
        let mut parts = info.values();
        let algorithm = parts.next_of(tag::SEQUENCE)?;
        let key = parts.next_of(tag::BIT_STRING)?;
        let oid = algorithm.values().next_of(tag::OBJECT_IDENTIFIER)?;
        let oid = ObjectIdentifier::from_der(oid.whole).ok()?;
        if oid == key::RSA_ENCRYPTION {
            // A key is whole bytes. If the first byte says otherwise, verifiers see another key.
            let key = key.content.strip_prefix(&[NO_UNUSED_BITS])?;
            return PublicKey::from_pkcs1_der(key).map(Self::Rsa);
        }
        let algorithm = AlgorithmIdentifierRef::from_der(algorithm.whole);
        let algorithm = algorithm.unwrap_or(AlgorithmIdentifierRef { oid, parameters: None });
        Some(Self::Other(key::key_kind(&algorithm)))
    }
}

/// The first byte of a `BIT STRING` of whole bytes (X.690 section 8.6.2.2).
const NO_UNUSED_BITS: u8 = 0;

fn hash<const LENGTH: usize>(algorithm: &'static digest::Algorithm, bytes: &[u8]) -> [u8; LENGTH] {
    let digest = digest::digest(algorithm, bytes);
    digest
        .as_ref()
        .try_into()
        .expect("LENGTH is the output length of the algorithm")
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            write!(text, "{byte:02X}").expect("writing to a String cannot fail");
            text
        })
}

fn damaged() -> Error {
    Error::new(
        Status::CertificateUnreadable,
        "The certificate is damaged.",
        if cfg!(windows) {
            "Copy or export the certificate again; certutil -dump FILE shows whether it is valid."
        } else {
            "Copy or export the certificate again; openssl x509 -in FILE -text shows whether it is valid."
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::from_unix_seconds;
    use crate::certificate::encoding::pem;

    fn certificate() -> Certificate {
        let blocks = pem::blocks(CONTOSO).unwrap();
        Certificate::from_der(blocks[0].der().unwrap().to_vec()).unwrap()
    }

    #[test]
    fn the_fields_are_those_that_openssl_shows() {
        let certificate = certificate();
        assert_eq!(certificate.subject(), "CN=GraphToken test,O=Contoso\\, Ltd.,C=DE");
        assert_eq!(
            certificate.thumbprint_sha1_hex(),
            "C52E44C034B03CA8C2AA61E23ABEDA461EA07D6D"
        );
        assert_eq!(
            certificate.thumbprint_sha256_hex(),
            "28553F99D50CEE1E6F848F4BCB4B4D050B0BB130BA83A6CAB6A1631D5BB42315"
        );
        assert_eq!(certificate.key_bits(), 2048);
        assert_eq!(certificate.not_before(), from_unix_seconds(1_795_474_101));
        assert_eq!(certificate.not_after(), from_unix_seconds(1_827_010_101));
    }

    #[test]
    fn the_validity_period_includes_both_ends() {
        let certificate = certificate();
        for time in [1_795_474_101, 1_827_010_101] {
            assert_eq!(certificate.validity_warning(from_unix_seconds(time)), None);
        }
    }

    #[test]
    fn a_warning_names_certificate_thumbprint_and_time() {
        let certificate = certificate();
        let early = certificate
            .validity_warning(from_unix_seconds(1_795_474_101 - 1))
            .unwrap();
        assert_eq!(
            early,
            "The certificate CN=GraphToken test,O=Contoso\\, Ltd.,C=DE (thumbprint C52E44C034B03CA8C2AA61E23ABEDA461EA07D6D) \
             is not valid before 2026-11-23T22:48:21Z; the token service may refuse it."
        );
        let late = certificate
            .validity_warning(from_unix_seconds(1_827_010_101 + 1))
            .unwrap();
        assert!(late.contains(" expired on 2027-11-23T22:48:21Z; "), "{late}");
    }

    #[test]
    fn debug_is_one_line_without_the_bytes() {
        assert_eq!(
            format!("{:?}", certificate()),
            "Certificate(CN=GraphToken test,O=Contoso\\, Ltd.,C=DE, thumbprint C52E44C034B03CA8C2AA61E23ABEDA461EA07D6D)"
        );
    }

    /// The certificate with another value in place of a part of `TBSCertificate`.
    fn with_part(place: usize, value: &[u8]) -> Vec<u8> {
        let der = certificate().der().to_vec();
        let outer: Vec<DerValue<'_>> = DerValues(&der).next().unwrap().values().collect();
        let mut parts: Vec<&[u8]> = outer[0].values().map(|part| part.whole).collect();
        parts[place] = value;
        let facts = tlv(tag::SEQUENCE, &parts.concat());
        tlv(tag::SEQUENCE, &[&facts, outer[1].whole, outer[2].whole].concat())
    }

    /// The places of the parts.
    const SERIAL: usize = 1;
    const VALIDITY: usize = 4;
    const SUBJECT: usize = 5;
    const KEY: usize = 6;
    const EXTENSIONS: usize = 7;

    fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
        let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
        let length = if content.len() < 128 {
            vec![low]
        } else {
            vec![0x82, high, low]
        };
        [&[tag], &length[..], content].concat()
    }

    #[test]
    fn what_signing_does_not_need_may_be_anything() {
        let time = |tag, text: &str| tlv(tag, text.as_bytes());
        let period = |first: &[u8], last: &[u8]| tlv(tag::SEQUENCE, &[first, last].concat());
        let name = tlv(
            tag::SEQUENCE,
            &tlv(tag::SET, &tlv(tag::SEQUENCE, b"\x06\x03\x55\x04\x03\x1c\x04\0\0\0A")),
        );
        let (of_1950, of_2040) = (
            time(tag::UTC_TIME, "500101000000Z"),
            time(tag::GENERALIZED_TIME, "20400101000000Z"),
        );
        for (place, value) in [
            (SERIAL, tlv(tag::INTEGER, &[])),
            (SERIAL, tlv(tag::INTEGER, &[0xff; 60])),
            (VALIDITY, period(&of_1950, &of_2040)),
            (VALIDITY, period(&time(tag::UTC_TIME, "?"), &[])),
            (SUBJECT, name.clone()),
            (SUBJECT, tlv(tag::SEQUENCE, &[])),
            (SUBJECT, tlv(tag::SEQUENCE, b"\x05\x00")),
            (EXTENSIONS, tlv(0xa3, b"\x1d\x00")),
            (EXTENSIONS, Vec::new()),
        ] {
            let odd = Certificate::from_der(with_part(place, &value)).unwrap();
            assert_eq!(odd.public_key(), certificate().public_key(), "{value:x?}");
        }
        let dated = Certificate::from_der(with_part(VALIDITY, &period(&of_1950, &of_2040))).unwrap();
        assert_eq!(dated.validity_warning(from_unix_seconds(1_800_000_000)), None);
        let named = Certificate::from_der(with_part(SUBJECT, &name)).unwrap();
        assert_eq!(named.subject(), "CN=A");
        let nameless = Certificate::from_der(with_part(SUBJECT, &tlv(tag::SEQUENCE, &[]))).unwrap();
        assert!(
            nameless.name().starts_with("with the thumbprint "),
            "{}",
            nameless.name()
        );
    }

    #[test]
    fn a_key_with_unused_bits_is_damaged() {
        let der = certificate().der().to_vec();
        let info = Facts::read(&der).unwrap().key;
        let mut parts = info.values();
        let (algorithm, key) = (parts.next().unwrap(), parts.next().unwrap());
        for unused in 1..=8 {
            let bits = tlv(tag::BIT_STRING, &[&[unused][..], &key.content[1..]].concat());
            let info = tlv(tag::SEQUENCE, &[algorithm.whole, &bits].concat());
            let error = Certificate::from_der(with_part(KEY, &info)).unwrap_err();
            assert_eq!(error.status(), Status::CertificateUnreadable);
        }
    }

    #[test]
    fn every_changed_bit_of_a_key_makes_another_key_or_none() {
        let der = certificate().der().to_vec();
        let info = Facts::read(&der).unwrap().key;
        let key = info.values().nth(1).unwrap();
        let start = der
            .windows(key.whole.len())
            .position(|window| window == key.whole)
            .unwrap();
        let mut changed = der.clone();
        for bit in 0..key.whole.len() * 8 {
            let (byte, mask) = (start + bit / 8, 1 << (bit % 8));
            changed[byte] ^= mask;
            if let Ok(other) = Certificate::from_der(changed.clone()) {
                assert_ne!(other.public_key(), certificate().public_key(), "bit {bit}");
            }
            changed[byte] ^= mask;
        }
    }

    #[test]
    fn a_truncated_certificate_is_damaged() {
        let der = certificate().der().to_vec();
        let error = Certificate::from_der(der[..der.len() - 1].to_vec()).unwrap_err();
        assert_eq!(error.status(), Status::CertificateUnreadable);
    }

    const CONTOSO: &[u8] = b"-----BEGIN CERTIFICATE-----
MIIDXzCCAkegAwIBAgIUGXcw9UmlbfgUrKo5Y/Zxm85nBd8wDQYJKoZIhvcNAQEL
BQAwPzELMAkGA1UEBhMCREUxFjAUBgNVBAoMDUNvbnRvc28sIEx0ZC4xGDAWBgNV
BAMMD0dyYXBoVG9rZW4gdGVzdDAeFw0yNjExMjMyMjQ4MjFaFw0yNzExMjMyMjQ4
MjFaMD8xCzAJBgNVBAYTAkRFMRYwFAYDVQQKDA1Db250b3NvLCBMdGQuMRgwFgYD
VQQDDA9HcmFwaFRva2VuIHRlc3QwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEK
AoIBAQCT8/BcmVJtBiS9U0tf7L8kTItIjT+KQZVHbfTa13n5ByJYdaCjdW3b5FiP
KH8MZuvt0lDCjq4YsgmE/Hg9bd+ZszXQlGaJU77KWVX5Ykc+L6Z/L/7UDKm9bOGb
A0C+bVYiJiAVNIOLyOrHKFcaF66LzgpMAzVKCIG8uCu4AVBKdWN9vQ/pmYedI8fx
bphlpRZhhOTyA6t64KJeMUT5pIeWtYzq+YglUyV4QmPoWm+zQh0KyXqOQo0lTbMi
lhfeTN6JB40kP/h3sVMkvoiLLbE92pX9moTMO1h0ICMQyfNvyqVswbRdx9/N/1XE
ILh8uR0t4k6mS1UOQ+KHs5pCZqTjAgMBAAGjUzBRMB0GA1UdDgQWBBTNgDmUvpRk
gu0cO/NJYKBct0ENJTAfBgNVHSMEGDAWgBTNgDmUvpRkgu0cO/NJYKBct0ENJTAP
BgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQCFyDgzLOWZV1pEkjPY
Guan6kQ83isVbajVkiI+1vbttOz5OwgllUaKUg6z+Yu8BweFeGLuDmaRK2j2HgbM
pfCAbekhm9Ml0T38PkV8KoDowiSlveJVmZ3P4XBnaBmUXJ3Dxdk5WgA/ke5pdfN9
sNjpkr7IqdsXkqkxILrL7PsST/v/lOmp/fVB3ms7bJZ+FP+QffsxvVwT0KZdI9SR
lo12OFgccLpcHzT/wPaJd4b2f5CwkaXYpXO/84Xte6yXyVpSLmjHTgZ4yUM3y9+l
1wFh9Foqlm4G/Tf6WAdJvlmCMTvVy0bMjXHNh3bKylqas2zV1ibB3rE+klPtdq03
H58X
-----END CERTIFICATE-----
";
}

//! The format of a certificate or key file, recognised from its content.

use der::asn1::AnyRef;
use der::{Decode, Reader, SliceReader, Tag, Tagged};

use crate::base::error::{Error, Result, Status};
use crate::certificate::encoding::der_value::tag;
use crate::certificate::encoding::label::Label;
use crate::certificate::encoding::{ber, pem};
use crate::certificate::key;

/// The formats that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Text with one or more blocks (RFC 7468).
    Pem,
    /// PKCS#12 (RFC 7292).
    Pfx,
    /// PKCS#7 with certificates (RFC 5652).
    Pkcs7,
    /// One certificate in DER (RFC 5280).
    Certificate,
    /// A PKCS#8 key in DER (RFC 5958 section 2).
    Pkcs8,
    /// An encrypted PKCS#8 key in DER (RFC 5958 section 3).
    EncryptedPkcs8,
    /// A PKCS#1 key in DER (RFC 8017 appendix A.1.2).
    Pkcs1,
}

impl Format {
    /// Recognises the format of `content`.
    ///
    /// # Errors
    /// [`Status::CertificateUnreadable`], with a message that says what the content seems to be;
    /// [`Status::PrivateKeyUnsupported`] for an elliptic-curve key.
    pub(crate) fn of(content: &[u8]) -> Result<Self> {
        // First, because a certificate may have text in it.
        if let Some(der) = Some(content)
            .filter(|content| is_sequence(content))
            .and_then(ber::to_der)
        {
            Self::of_der(AnyRef::from_der(&der).map_err(|_| unknown())?)
        } else if pem::is_pem(content) {
            Ok(Self::Pem)
        } else {
            Err(foreign(content))
        }
    }

    fn of_der(whole: AnyRef<'_>) -> Result<Self> {
        let parts = if whole.tag() == Tag::Sequence {
            children(whole)
        } else {
            Vec::new()
        };
        let tags: Vec<Tag> = parts.iter().map(Tagged::tag).collect();
        match tags[..] {
            [Tag::Integer, Tag::Sequence, Tag::OctetString, ..] => Ok(Self::Pkcs8),
            [Tag::Integer, Tag::Sequence, ..] => Ok(Self::Pfx),
            [Tag::Integer, Tag::Integer, ..] => Ok(Self::Pkcs1),
            [Tag::Integer, Tag::OctetString, ..] => Err(key::not_rsa("an elliptic-curve key")),
            [Tag::Sequence, Tag::OctetString] => Ok(Self::EncryptedPkcs8),
            [Tag::Sequence, Tag::Sequence, Tag::BitString] if is_request(parts[0]) => Err(looks_like(&REQUEST)),
            [Tag::Sequence, Tag::Sequence, Tag::BitString] => Ok(Self::Certificate),
            [Tag::Sequence, Tag::BitString] => Err(looks_like(&PUBLIC_KEY)),
            [Tag::ObjectIdentifier, ..] => Ok(Self::Pkcs7),
            _ => Err(unknown()),
        }
    }
}

/// Whether `content` begins like every format in DER or BER.
pub(crate) fn is_sequence(content: &[u8]) -> bool {
    content.first() == Some(&tag::SEQUENCE)
}

/// The error for a PEM text with these labels, none of which belongs to a certificate or private key.
pub(crate) fn no_usable_block(labels: &[Label<'_>]) -> Error {
    let known = labels.iter().find_map(|label| match label.name()? {
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Some(&REQUEST),
        "OPENSSH PRIVATE KEY" => Some(&OPENSSH_KEY),
        "PUBLIC KEY" | "RSA PUBLIC KEY" => Some(&PUBLIC_KEY),
        _ => None,
    });
    known.map_or_else(|| only_others(labels), looks_like)
}

fn only_others(labels: &[Label<'_>]) -> Error {
    let mut names: Vec<&str> = labels
        .iter()
        .map(|label| label.name().unwrap_or("a block with an unknown label"))
        .collect();
    names.sort_unstable();
    names.dedup();
    Error::new(
        Status::CertificateUnreadable,
        format!(
            "The PEM text contains neither a certificate nor a private key, only {}.",
            names.join(", ")
        ),
        EXPORT_HINT,
    )
}

const EXPORT_HINT: &str = "Use a PFX (.pfx, .p12) or PEM file with the certificate and its private key.";

/// A kind of file that cannot be used, with a hint.
struct Foreign(&'static str, &'static str);

const REQUEST: Foreign = Foreign("a certificate signing request, not a certificate", EXPORT_HINT);
const PUBLIC_KEY: Foreign = Foreign("a public key without a private key", EXPORT_HINT);
const OPENSSH_KEY: Foreign = Foreign(
    "an OpenSSH private key",
    "Convert a copy of the key with ssh-keygen -p -m PKCS8 -f COPY.",
);
const PUTTY_KEY: Foreign = Foreign(
    "a PuTTY key",
    "Convert the key with puttygen FILE -O private-openssh -o key.pem.",
);
const JAVA_KEYSTORE: Foreign = Foreign(
    "a Java keystore (JKS)",
    "Convert the keystore with keytool -importkeystore -deststoretype PKCS12.",
);
const BAD_BASE64: Foreign = Foreign(
    "a certificate file in Base64 that is cut off or damaged",
    "Copy the Base64 text again, from its first to its last character.",
);
const BAD_PEM: Foreign = Foreign(
    "PEM with damaged lines",
    "Copy the file again as plain text; its lines -----BEGIN ...----- and -----END ...----- need five hyphens on each \
     side.",
);

/// The error for content that is neither PEM nor DER.
fn foreign(content: &[u8]) -> Error {
    const JAVA_MAGIC: [&[u8]; 2] = [b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce"];
    let text = content
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(content)
        .trim_ascii_start();
    if text.is_empty() {
        Error::new(
            Status::CertificateUnreadable,
            "The file is empty.",
            "Copy or export the file again.",
        )
    } else if JAVA_MAGIC.iter().any(|magic| content.starts_with(magic)) {
        looks_like(&JAVA_KEYSTORE)
    } else if is_sequence(content) {
        looks_like(&Foreign(
            "a certificate or key file that is cut off or damaged",
            EXPORT_HINT,
        ))
    } else if text.starts_with(b"<") {
        looks_like(&Foreign("HTML or XML, perhaps a saved error page", EXPORT_HINT))
    } else if text.starts_with(b"{") {
        looks_like(&Foreign("JSON", EXPORT_HINT))
    } else if text.starts_with(b"ssh-") {
        looks_like(&Foreign("an OpenSSH public key", EXPORT_HINT))
    } else if text.starts_with(b"PuTTY-User-Key-File") {
        looks_like(&PUTTY_KEY)
    } else if pem::has_damaged_boundary(text) {
        looks_like(&BAD_PEM)
    } else if text.starts_with(b"MI") && text.is_ascii() {
        looks_like(&BAD_BASE64)
    } else {
        unknown()
    }
}

fn children(sequence: AnyRef<'_>) -> Vec<AnyRef<'_>> {
    /// The number that tells the formats apart. `RSAPrivateKey` has nine children, a bag of certificates any number.
    const ENOUGH: usize = 5;
    let mut children = Vec::with_capacity(ENOUGH);
    let Ok(mut reader) = SliceReader::new(sequence.value()) else {
        return children;
    };
    while !reader.is_finished() && children.len() < ENOUGH {
        match AnyRef::decode(&mut reader) {
            Ok(child) => children.push(child),
            Err(_) => break,
        }
    }
    children
}

/// Distinguishes `CertificationRequestInfo` (RFC 2986 section 4.1) from `TBSCertificate`, which has six parts or more
/// in every version.
fn is_request(inner: AnyRef<'_>) -> bool {
    let parts = children(inner);
    parts.first().is_some_and(|part| part.tag() == Tag::Integer) && parts.len() <= 4
}

fn looks_like(Foreign(what, hint): &Foreign) -> Error {
    Error::new(
        Status::CertificateUnreadable,
        format!("The file looks like {what}."),
        *hint,
    )
}

fn unknown() -> Error {
    Error::new(
        Status::CertificateUnreadable,
        "The file has an unknown format: neither PEM, PFX, PKCS#7, a DER certificate, nor a PKCS#8 or PKCS#1 key.",
        EXPORT_HINT,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_files_are_named() {
        for (content, named) in [
            (b"".as_slice(), "is empty"),
            (b" \r\n", "is empty"),
            (b"\xfe\xed\xfe\xed\0\0\0\x02", "Java keystore (JKS)"),
            (b"\xce\xce\xce\xce\0\0\0\x02", "Java keystore (JKS)"),
            (b"\xef\xbb\xbf<!DOCTYPE html>", "HTML"),
            (b"\x30\x80\x02\x01\x03", "cut off"),
            (b"\x30\x82\x01\x00\x02\x01\x03", "cut off"),
            (b"{\"kty\":\"RSA\"}", "JSON"),
            (b"ssh-rsa AAAA", "OpenSSH public key"),
            (b"PuTTY-User-Key-File-3: ssh-rsa", "PuTTY"),
            (b"MIIJ\nAAAA*", "in Base64 that is cut off or damaged"),
            (b"---BEGIN CERTIFICATE---\nMIIJ", "PEM with damaged lines"),
            (b"\x04\x01\x00", "unknown format"),
            (b"\x30\x00", "unknown format"),
            (b"hello", "unknown format"),
        ] {
            let error = Format::of(content).unwrap_err();
            assert_eq!(error.status(), Status::CertificateUnreadable);
            assert!(error.message().contains(named), "{content:?}: {error}");
        }
    }

    #[test]
    fn blocks_that_cannot_be_used_are_named() {
        for (labels, named) in [
            (&[" CERTIFICATE REQUEST"][..], "certificate signing request"),
            (&[" OPENSSH PRIVATE KEY"], "OpenSSH private key"),
            (
                &[" X509 CRL", " SECRET", " DH PARAMETERS", " HIDDEN"],
                "only DH PARAMETERS, X509 CRL, a block with an unknown label.",
            ),
        ] {
            let labels: Vec<Label<'_>> = labels.iter().map(|text| Label::of(text.as_bytes()).unwrap()).collect();
            let error = no_usable_block(&labels);
            assert!(error.message().contains(named), "{error}");
        }
    }
}

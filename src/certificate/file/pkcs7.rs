//! PKCS#7 files that contain only certificates (`.p7b`, `.p7c`): `SignedData` without a signature (RFC 5652 section
//! 5.1; RFC 2315 section 9.1 has the older form).

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Encode, Reader, Sequence, SliceReader, Tag, TagNumber, Tagged};

use crate::base::error::{Error, Result, Status};
use crate::certificate::Certificate;
use crate::certificate::encoding::ber;
use crate::certificate::file::bundle::Bundle;

/// Reads the certificates, in the order of the file.
///
/// # Errors
/// [`Status::CertificateUnreadable`] for a damaged file, and for PKCS#7 of another kind, such as an encrypted message.
pub(crate) fn open(content: &[u8]) -> Result<Bundle> {
    let der = ber::to_der(content).ok_or_else(damaged)?;
    let message = ContentInfo::from_der(&der).map_err(|_| damaged())?;
    if message.kind != SIGNED_DATA {
        return Err(no_certificates());
    }
    let mut bundle = Bundle::default();
    for value in values(certificates(message.content).ok_or_else(no_certificates)?).ok_or_else(damaged)? {
        // Attribute certificates have another tag (RFC 5652 section 10.2.2). They are not needed here.
        if value.tag() == Tag::Sequence {
            let der = value.to_der().map_err(|_| damaged())?;
            bundle.add_certificate(Certificate::from_der(der), None);
        }
    }
    if bundle.is_empty() {
        return Err(no_certificates());
    }
    Ok(bundle)
}

/// `ContentInfo` (RFC 5652 section 3).
#[derive(Sequence)]
struct ContentInfo<'a> {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: AnyRef<'a>,
}

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");

/// The content of `certificates [0] IMPLICIT CertificateSet` in `SignedData`.
fn certificates(signed_data: AnyRef<'_>) -> Option<&[u8]> {
    const CERTIFICATES: Tag = Tag::ContextSpecific {
        number: TagNumber(0),
        constructed: true,
    };
    let parts = values(signed_data.value())?;
    let certificates = parts.iter().find(|part| part.tag() == CERTIFICATES)?;
    Some(certificates.value())
}

fn values(content: &[u8]) -> Option<Vec<AnyRef<'_>>> {
    let mut reader = SliceReader::new(content).ok()?;
    let mut values = Vec::new();
    while !reader.is_finished() {
        values.push(AnyRef::decode(&mut reader).ok()?);
    }
    Some(values)
}

fn no_certificates() -> Error {
    Error::new(
        Status::CertificateUnreadable,
        "The PKCS#7 file contains no certificates.",
        "Use a PFX (.pfx, .p12) or PEM file with the certificate and its private key.",
    )
}

fn damaged() -> Error {
    Error::new(
        Status::CertificateUnreadable,
        "The PKCS#7 file is damaged.",
        if cfg!(windows) {
            "Copy or export the file again; certutil -dump FILE shows whether it is valid."
        } else {
            "Copy or export the file again; openssl pkcs7 -print_certs -in FILE shows whether it is valid."
        },
    )
}

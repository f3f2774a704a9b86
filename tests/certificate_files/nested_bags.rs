//! PFX files with `SafeContents` inside of `SafeContents` (RFC 7292 section 4.2.6), as .NET can write them.

use graphtoken::base::error::Status;
use graphtoken::base::secret::Secret;
use graphtoken::certificate::signing::SigningCertificate;

use crate::check_leaf;
use crate::directory::Directory;

const SEQUENCE: u8 = 0x30;
const OCTET_STRING: u8 = 0x04;
const OID: u8 = 0x06;
/// `[0] EXPLICIT`.
const TAGGED: u8 = 0xa0;

/// `pkcs-7 1`.
const DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
/// `x509Certificate` of PKCS#9.
const X509_CERTIFICATE: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x16\x01";

const KEY_BAG: u8 = 1;
const CERT_BAG: u8 = 3;
const SAFE_CONTENTS_BAG: u8 = 6;

#[test]
fn a_certificate_and_a_key_in_nested_bags_are_found() {
    let directory = Directory::new();
    directory.openssl("x509 -in leaf.pem -outform DER -out leaf.cer");
    directory.openssl("pkcs8 -topk8 -nocrypt -in leaf.key -outform DER -out leaf.der");
    let kind = value(OID, X509_CERTIFICATE);
    let certificate = value(TAGGED, &value(OCTET_STRING, &directory.read("leaf.cer")));
    let certificate = bag(CERT_BAG, &value(SEQUENCE, &[kind, certificate].concat()));
    let mut contents = [certificate, bag(KEY_BAG, &directory.read("leaf.der"))].concat();
    for levels in 1..=3 {
        contents = bag(SAFE_CONTENTS_BAG, &value(SEQUENCE, &contents));
        directory.write("nested.pfx", pfx(&contents));
        for password in [None, Some("needless")] {
            let loaded = directory.load("nested.pfx", password);
            check_leaf(&format!("{levels} levels"), &loaded.unwrap());
        }
    }
    for _ in 0..40 {
        contents = bag(SAFE_CONTENTS_BAG, &value(SEQUENCE, &contents));
    }
    let error = SigningCertificate::from_bytes(&pfx(&contents), None, Some(&Secret::copy_of(b""))).unwrap_err();
    assert_eq!(error.status(), Status::CertificateUnreadable);
}

/// A file without a MAC that holds these bags unencrypted.
fn pfx(bags: &[u8]) -> Vec<u8> {
    let contents = content_info(&value(SEQUENCE, bags));
    let safe = content_info(&value(SEQUENCE, &contents));
    value(SEQUENCE, &[&[2, 1, 3][..], &safe].concat())
}

/// `ContentInfo` with data.
fn content_info(data: &[u8]) -> Vec<u8> {
    let data = value(TAGGED, &value(OCTET_STRING, data));
    value(SEQUENCE, &[value(OID, DATA), data].concat())
}

/// `SafeBag` of a type below `pkcs-12 10 1`.
fn bag(kind: u8, content: &[u8]) -> Vec<u8> {
    let kind = [&b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01"[..], &[kind]].concat();
    value(SEQUENCE, &[value(OID, &kind), value(TAGGED, content)].concat())
}

/// A value in DER.
fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let [.., high, low] = length.to_be_bytes();
    let length = match length {
        0..128 => vec![low],
        128..256 => vec![0x81, low],
        _ => vec![0x82, high, low],
    };
    [&[tag], &length[..], content].concat()
}

//! Files that cannot be used, and their error messages.

use std::fs;
use std::sync::Arc;

use graphtoken::base::error::Status;
use graphtoken::certificate::signing::SigningCertificate;

use crate::directory::{Directory, PASSWORD};
use crate::signatures::Answer;

#[test]
fn missing_and_foreign_files_are_named() {
    let directory = Directory::new();
    directory.openssl("req -in leaf.csr -outform DER -out csr.der");
    directory.openssl("crl2pkcs7 -nocrl -certfile leaf.pem -outform DER -out certificates.p7b");
    directory.openssl("rsa -in leaf.key -pubout -outform DER -out public.der");
    directory.openssl("pkcs12 -export -inkey leaf.key -in leaf.pem -passout pass: -out x.pfx");
    directory.openssl("x509 -in leaf.pem -outform DER -out leaf.cer");
    let shortened = |name: &str| directory.read(name)[..directory.read(name).len() - 30].to_vec();
    directory.write("short.pfx", shortened("x.pfx"));
    directory.write("short.cer", shortened("leaf.cer"));
    directory.write("short.pem", shortened("leaf.pem"));
    directory.write("empty", "");
    directory.write("page.pfx", "<!DOCTYPE html><html>");
    directory.write("large.pem", vec![b'\n'; (1 << 20) + 1]);
    directory.write(
        "damaged.pem",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    );
    fs::create_dir(directory.path("folder")).unwrap();
    for (files, status, words) in [
        ("absent.pfx", Status::CertificateNotFound, "File not found"),
        ("leaf.pem absent.key", Status::CertificateNotFound, "File not found"),
        ("empty/x.pfx", Status::CertificateNotFound, "File not found"),
        ("folder", Status::CertificateNotFound, "is a directory"),
        ("empty", Status::CertificateUnreadable, "is empty"),
        ("page.pfx", Status::CertificateUnreadable, "HTML"),
        ("large.pem", Status::CertificateUnreadable, "larger than 1 MiB"),
        ("leaf.csr", Status::CertificateUnreadable, "signing request"),
        ("csr.der", Status::CertificateUnreadable, "signing request"),
        ("certificates.p7b", Status::PrivateKeyMissing, "CN=Leaf,O=Contoso"),
        ("leaf.pem public.der", Status::CertificateUnreadable, "public key"),
        ("short.pfx", Status::CertificateUnreadable, "cut off"),
        ("short.cer", Status::CertificateUnreadable, "cut off"),
        ("short.pem", Status::CertificateUnreadable, "no end line"),
        ("damaged.pem", Status::CertificateUnreadable, "certificate is damaged"),
        ("leaf.key", Status::CertificateUnreadable, "no certificate"),
        ("leaf.pem", Status::PrivateKeyMissing, "CN=Leaf,O=Contoso"),
        ("leaf.cer leaf.pem", Status::PrivateKeyMissing, "CN=Leaf,O=Contoso"),
        ("leaf.pem other.key", Status::PrivateKeyMismatch, "does not belong"),
    ] {
        let error = directory.refusal(files, Some(PASSWORD));
        assert_eq!(error.status(), status, "{files}: {error}");
        assert!(error.message().contains(words), "{files}: {error}");
    }
}

#[test]
fn a_pfx_whose_mac_needs_too_many_rounds_is_refused_at_once() {
    let directory = Directory::new();
    directory.openssl(
        "pkcs12 -export -inkey leaf.key -in leaf.pem -keypbe NONE -certpbe NONE -passout pass:PASSWORD -out x.pfx \
         -iter 2048",
    );
    let mut pfx = directory.read("x.pfx");
    // The file is a SEQUENCE with a length of two bytes. Its last part is the MAC, with a length of one byte and the
    // iteration count at its end.
    let (mac_length, count) = (pfx.len() - 66, pfx.len() - 4);
    assert_eq!((pfx[mac_length], &pfx[count..]), (65, &[0x02, 0x02, 0x08, 0x00][..]));
    pfx.splice(count.., [0x02, 0x04, 0x7f, 0xff, 0xff, 0xff]);
    pfx[mac_length] += 2;
    let length = u16::from_be_bytes([pfx[2], pfx[3]]) + 2;
    pfx[2..4].copy_from_slice(&length.to_be_bytes());
    directory.write("x.pfx", pfx);
    let error = directory.refusal("x.pfx", Some(PASSWORD));
    assert_eq!(error.status(), Status::CertificateUnreadable, "{error}");
    assert!(error.message().contains("needs 2147483647 rounds"), "{error}");
}

/// A certificate that was damaged in its public key proves nothing with the key that it was made for.
#[test]
fn a_public_key_that_differs_by_one_bit_is_another_one() {
    let directory = Directory::new();
    directory.openssl("x509 -in leaf.pem -outform DER -out leaf.cer");
    let certificate = directory.read("leaf.cer");
    // The modulus is the first INTEGER of 257 bytes, which begin with a zero.
    let header = [0x02, 0x82, 0x01, 0x01, 0x00];
    let modulus = certificate.windows(5).position(|bytes| bytes == header).unwrap() + header.len();
    for byte in [1, 100, 254] {
        let mut changed = certificate.clone();
        changed[modulus + byte] ^= 4;
        directory.write("changed.cer", changed);
        let error = directory.refusal("changed.cer leaf.key", None);
        assert_eq!(error.status(), Status::PrivateKeyMismatch, "{byte}: {error}");
    }
}

#[test]
fn keys_that_cannot_sign_assertions_are_named() {
    let directory = Directory::new();
    for (options, words) in [
        ("RSA -pkeyopt rsa_keygen_bits:1024", "1024 bits"),
        ("RSA-PSS -pkeyopt rsa_keygen_bits:2048", "RSASSA-PSS"),
        ("EC -pkeyopt ec_paramgen_curve:P-384", "elliptic-curve key (P-384)"),
        ("ED25519", "Ed25519"),
    ] {
        directory.openssl(&format!("genpkey -algorithm {options} -out odd.key"));
        directory.openssl("req -x509 -key odd.key -subj /CN=Odd -out odd.pem");
        directory.openssl("pkcs12 -export -inkey odd.key -in odd.pem -passout pass: -out odd.pfx");
        for files in ["odd.pem odd.key", "odd.pfx"] {
            let error = directory.refusal(files, None);
            assert_eq!(error.status(), Status::PrivateKeyUnsupported, "{files}: {error}");
            assert!(error.message().contains(words), "{files}: {error}");
        }
        let error =
            SigningCertificate::with_signer(&directory.read("odd.pem"), Arc::new(Answer(Ok(vec![])))).unwrap_err();
        assert_eq!(error.status(), Status::PrivateKeyUnsupported);
        assert!(error.message().contains(words), "{error}");
    }
    directory.openssl("ecparam -genkey -name prime256v1 -out ec.key");
    directory.openssl("ec -in ec.key -outform DER -out ec.der");
    for files in ["leaf.pem ec.key", "leaf.pem ec.der"] {
        assert_eq!(
            directory.refusal(files, None).status(),
            Status::PrivateKeyUnsupported,
            "{files}"
        );
    }
}

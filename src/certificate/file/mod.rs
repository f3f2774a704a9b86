//! Files with certificates and private keys, in any [`Format`].

pub mod bundle;
pub mod pfx;
pub mod pkcs7;
pub mod source;

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::base::pasted;
use crate::certificate::Certificate;
use crate::certificate::encoding::format::{self, Format};
use crate::certificate::encoding::pem;
use crate::certificate::encryption::legacy_pem;
use crate::certificate::encryption::passphrase::Passphrase;
use crate::certificate::file::bundle::Bundle;
use crate::certificate::key::{self, PrivateKey};

/// The size of the largest file that is read, in bytes. A PFX with a long chain has about ten thousand.
const LARGEST_FILE: usize = 1 << 20;

/// Reads the file at `path`. A pipe can be read, too, but only once.
///
/// # Errors
/// [`Status::CertificateNotFound`] if there is no such file, [`Status::PrivateKeyInaccessible`] if this account may
/// not read it, [`Status::CertificateUnreadable`] if reading fails.
pub fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>> {
    let path = pasted::path(path);
    if path.is_dir() {
        return Err(directory(path));
    }
    let refused = |error| refused_by_system(path, &error);
    let file = File::open(path).map_err(refused)?;
    let size = fs::metadata(path).map_or(0, |facts| usize::try_from(facts.len()).unwrap_or(LARGEST_FILE));
    let room = if size == 0 {
        LARGEST_FILE
    } else {
        size.min(LARGEST_FILE)
    };
    read_with_room(file, room).map_err(refused)
}

/// Reads standard input or another stream, up to the size of the largest certificate file.
pub fn read_stream(stream: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    read_with_room(stream, LARGEST_FILE)
}

/// Reads one byte more than the limit, so that [`parse`] can tell that the file is too large.
fn read_with_room(stream: impl Read, room: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    // Allocated once: a buffer that grows leaves copies of keys in memory.
    let mut content = Zeroizing::new(Vec::with_capacity(room + 64));
    stream.take(LARGEST_FILE as u64 + 1).read_to_end(&mut content)?;
    Ok(content)
}

/// Reads the certificates and private keys in `content`, whatever its format.
///
/// # Errors
/// [`Status::CertificateUnreadable`], [`Status::CertificatePasswordIncorrect`]; also
/// [`Status::PrivateKeyUnsupported`] for content that is a single key.
pub(crate) fn parse(content: &[u8], password: &Passphrase<'_>) -> Result<Bundle> {
    if content.len() > LARGEST_FILE {
        return Err(too_large());
    }
    let text = pem::utf8_of_utf16(content);
    let content = text.as_ref().map_or(content, |text| text.as_slice());
    let mut bundle = Bundle::default();
    match Format::of(content)? {
        Format::Pem => return parse_pem(content, password),
        Format::Pfx => return pfx::open(content, password),
        Format::Pkcs7 => return pkcs7::open(content),
        Format::Certificate => bundle.add_certificate(Ok(Certificate::from_der(content.to_vec())?), None),
        Format::Pkcs8 => bundle.add_key(Ok(PrivateKey::from_pkcs8_der(content)?), None),
        Format::EncryptedPkcs8 => bundle.add_key(Ok(PrivateKey::decrypted_pkcs8(content, password)?), None),
        Format::Pkcs1 => bundle.add_key(Ok(PrivateKey::from_pkcs1_der(content)?), None),
    }
    Ok(bundle)
}

fn parse_pem(text: &[u8], password: &Passphrase<'_>) -> Result<Bundle> {
    let mut bundle = Bundle::default();
    let blocks = pem::blocks(text)?;
    for block in &blocks {
        match block.label() {
            "CERTIFICATE" | "X509 CERTIFICATE" => {
                let certificate = block.der().and_then(|der| Certificate::from_der(der.to_vec()));
                bundle.add_certificate(certificate, None);
            }
            "PKCS7" | "CMS" => match block.der().and_then(|der| pkcs7::open(&der)) {
                Ok(certificates) => bundle.add_certificates_of(certificates),
                Err(error) => bundle.add_certificate(Err(error), None),
            },
            label if label.ends_with("PRIVATE KEY") => {
                if let Some(key) = pem_key(block, password) {
                    bundle.add_key(key, None);
                }
            }
            _ => {}
        }
    }
    if bundle.is_empty() {
        let labels: Vec<&str> = blocks.iter().map(pem::Block::label).collect();
        return Err(format::no_usable_block(&labels));
    }
    Ok(bundle)
}

/// The private key in a block; `None` if the label is unknown.
fn pem_key(block: &pem::Block<'_>, password: &Passphrase<'_>) -> Option<Result<PrivateKey>> {
    let der = || match block.encryption() {
        Some(parameters) => legacy_pem::decrypt(parameters, &block.der()?, password),
        None => block.der(),
    };
    Some(match block.label() {
        "PRIVATE KEY" => der().and_then(|der| PrivateKey::from_pkcs8_der(&der)),
        "RSA PRIVATE KEY" => der().and_then(|der| PrivateKey::from_pkcs1_der(&der)),
        "ENCRYPTED PRIVATE KEY" => der().and_then(|der| PrivateKey::decrypted_pkcs8(&der, password)),
        "EC PRIVATE KEY" => Err(key::not_rsa("an elliptic-curve key")),
        "DSA PRIVATE KEY" => Err(key::not_rsa("a DSA key")),
        _ => return None,
    })
}

fn directory(path: &Path) -> Error {
    Error::new(
        Status::CertificateNotFound,
        format!("Cannot read {}: it is a directory.", path.display()),
        "Use the path of a file in this directory.",
    )
}

fn refused_by_system(path: &Path, error: &io::Error) -> Error {
    let path = path.display();
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename => Error::new(
            Status::CertificateNotFound,
            format!("File not found: {path}."),
            "Check the path; a relative path starts at the current directory.",
        ),
        ErrorKind::PermissionDenied => Error::new(
            Status::PrivateKeyInaccessible,
            format!("Cannot read {path}: permission denied."),
            "Give the account that runs this program permission to read the file, or run the program with an account \
             that has it.",
        ),
        _ => Error::new(
            Status::CertificateUnreadable,
            format!("Cannot read {path}: {error}."),
            "Check the disk or network share that holds the file.",
        ),
    }
}

fn too_large() -> Error {
    Error::new(
        Status::CertificateUnreadable,
        "The file is larger than 1 MiB, which is too large for a certificate file.",
        "Check the path; it probably belongs to another file.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_of_the_system_has_its_status() {
        for (kind, status) in [
            (ErrorKind::NotFound, Status::CertificateNotFound),
            (ErrorKind::InvalidFilename, Status::CertificateNotFound),
            (ErrorKind::NotADirectory, Status::CertificateNotFound),
            (ErrorKind::PermissionDenied, Status::PrivateKeyInaccessible),
            (ErrorKind::BrokenPipe, Status::CertificateUnreadable),
        ] {
            let error = refused_by_system(Path::new("/etc/app.pfx"), &io::Error::from(kind));
            assert_eq!(error.status(), status);
            assert!(error.message().contains("/etc/app.pfx"), "{error}");
        }
    }
}

//! Files that hold certificates and private keys, in any of the formats that [`Format`] knows.

pub mod bundle;
pub mod pfx;
pub mod pkcs7;
pub mod source;

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::certificate::Certificate;
use crate::certificate::encoding::format::{self, Format};
use crate::certificate::encoding::pem;
use crate::certificate::encryption::legacy_pem;
use crate::certificate::encryption::passphrase::Password;
use crate::certificate::file::bundle::Bundle;
use crate::certificate::key::{self, PrivateKey};

/// The largest file that is read, in bytes. A PFX with a long chain has some ten thousand.
const LARGEST_FILE: usize = 1 << 20;

/// Reads the file at `path`; a pipe works too, once.
///
/// # Errors
/// [`Status::CertificateNotFound`] when there is no file, [`Status::PrivateKeyInaccessible`] when this account may
/// not read it, [`Status::CertificateUnreadable`] when reading fails.
pub fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>> {
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

/// Reads standard input or another stream, as far as a certificate file may go.
pub fn read_stream(stream: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    read_with_room(stream, LARGEST_FILE)
}

/// One byte more than the limit shows that there is more.
fn read_with_room(stream: impl Read, room: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    // Room for all of it from the start: a buffer that grows leaves copies of keys behind.
    let mut content = Zeroizing::new(Vec::with_capacity(room + 64));
    stream.take(LARGEST_FILE as u64 + 1).read_to_end(&mut content)?;
    Ok(content)
}

/// Reads the certificates and private keys in `content`, whatever its format.
///
/// # Errors
/// [`Status::CertificateUnreadable`], [`Status::CertificatePasswordIncorrect`]; for a single key also
/// [`Status::PrivateKeyUnsupported`].
pub(crate) fn parse(content: &[u8], password: &Password<'_>) -> Result<Bundle> {
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

fn parse_pem(text: &[u8], password: &Password<'_>) -> Result<Bundle> {
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

/// The private key in a block; `None` for a kind of block that is not known.
fn pem_key(block: &pem::Block<'_>, password: &Password<'_>) -> Option<Result<PrivateKey>> {
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
        format!("{} is a directory, not a certificate file", path.display()),
        "Name the file in it.",
    )
}

fn refused_by_system(path: &Path, error: &io::Error) -> Error {
    let path = path.display();
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename => Error::new(
            Status::CertificateNotFound,
            format!("there is no file {path}"),
            "Check the path; a relative one starts at the current directory.",
        ),
        ErrorKind::PermissionDenied => Error::new(
            Status::PrivateKeyInaccessible,
            format!("this account may not read {path}"),
            "Let the account that runs this program read the file, or run it under the account that may.",
        ),
        _ => Error::new(
            Status::CertificateUnreadable,
            format!("reading {path} failed: {error}"),
            "Check the disk or network share that the file is on.",
        ),
    }
}

fn too_large() -> Error {
    Error::new(
        Status::CertificateUnreadable,
        "the file is larger than 1 MiB, which no certificate file is",
        "Check the path: this is another file.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_s_reasons_keep_apart() {
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

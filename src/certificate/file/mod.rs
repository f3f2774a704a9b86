//! Files with certificates and private keys, in any [`Format`].

pub mod bundle;
pub mod path;
pub mod pem;
pub mod pfx;
mod pipe;
pub mod pkcs7;
pub mod source;

use std::io::{self, ErrorKind, Read};
use std::path::Path;

use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::base::regular_file::{self, Links};
use crate::base::shown_path::shown;
use crate::certificate::Certificate;
use crate::certificate::encoding::format::{self, Format};
use crate::certificate::encoding::{base64_text, pem as pem_text};
use crate::certificate::encryption::passphrase::Passphrase;
use crate::certificate::file::bundle::Bundle;
use crate::certificate::file::path::content_refusal;
use crate::certificate::key::PrivateKey;

/// The size of the largest file that is read, in bytes. A PFX with a long chain has about ten thousand.
const LARGEST_FILE: usize = 1 << 20;

/// A certificate or key file that was read. The content is overwritten when this is dropped.
pub struct CertificateFile {
    /// Such as `file /etc/app.pem`. `None` if only the content is known.
    name: Option<String>,
    content: Zeroizing<Vec<u8>>,
}

impl CertificateFile {
    /// Reads the file at `path`, of at most 1 MiB. Symbolic links are followed. A pipe can be read, too, but only once,
    /// and only if something is written to it within seconds; other devices cannot be read.
    ///
    /// # Errors
    /// [`Status::CertificateNotFound`] if there is no such file, [`Status::PrivateKeyInaccessible`] if this account may
    /// not read it, [`Status::CertificateUnreadable`] if it is too large, no file, or reading fails;
    /// [`Status::InvalidArgument`] for a path that is the content of a certificate file.
    pub fn read(path: &Path) -> Result<Self> {
        let content = match regular_file::read(path, Links::Followed, LARGEST_FILE) {
            Err(error) if error.kind() == ErrorKind::InvalidInput && pipe::is_pipe(path) => {
                pipe::read(path, LARGEST_FILE)
            }
            other => other,
        };
        Ok(Self {
            name: Some(format!("file {}", shown(path))),
            content: content.map_err(|error| refused_by_system(path, &error))?,
        })
    }

    /// Reads a stream, such as standard input, up to its end. Errors call it `name`, such as `standard input`.
    ///
    /// # Errors
    /// [`Status::CertificateUnreadable`].
    pub fn read_stream(name: &str, stream: impl Read) -> Result<Self> {
        // Allocated once: a buffer that grows leaves copies of keys in memory.
        let mut content = Zeroizing::new(Vec::with_capacity(LARGEST_FILE + 64));
        // One byte more than the limit tells that the content is too large.
        let read = stream.take(LARGEST_FILE as u64 + 1).read_to_end(&mut content);
        read.map_err(|error| cannot_read(name, &error))?;
        Ok(Self {
            name: Some(name.to_owned()),
            content,
        })
    }

    /// Copies the content of a file whose name is not known.
    pub fn copy_of(content: &[u8]) -> Self {
        Self {
            name: None,
            content: Zeroizing::new(content.to_vec()),
        }
    }

    /// The certificates and private keys in it.
    ///
    /// # Errors
    /// [`Status::CertificateUnreadable`], [`Status::CertificatePasswordIncorrect`]; also
    /// [`Status::PrivateKeyUnsupported`] for content that is a single key. The message names the file.
    pub(crate) fn bundle(&self, password: &Passphrase<'_>) -> Result<Bundle> {
        parse(&self.content, password).map_err(|error| self.named_in(&error))
    }

    /// `error` with the name of this file.
    pub(crate) fn named_in(&self, error: &Error) -> Error {
        match &self.name {
            None => error.clone(),
            Some(name) => Error::new(
                error.status(),
                format!("{} ({name}).", error.cause().trim_end_matches('.')),
                error.advice(),
            ),
        }
    }
}

/// Reads the certificates and private keys in `content`, whatever its format. It may be the content of such a file in
/// Base64, as secret stores return it.
fn parse(content: &[u8], password: &Passphrase<'_>) -> Result<Bundle> {
    /// How often a file may have been encoded in Base64: by a secret store, and before that by its owner.
    const MOST_ENCODINGS: u8 = 2;
    if content.len() > LARGEST_FILE {
        return Err(too_large());
    }
    parse_encoded(content, password, MOST_ENCODINGS)
}

fn parse_encoded(content: &[u8], password: &Passphrase<'_>, encodings: u8) -> Result<Bundle> {
    let text = pem_text::utf8_of_utf16(content);
    let content = text.as_ref().map_or(content, |text| text.as_slice());
    let mut bundle = Bundle::default();
    let format = match Format::of(content) {
        Ok(format) => format,
        Err(error) => {
            let inner = (encodings > 0).then(|| decoded(content)).flatten();
            return inner.map_or(Err(error), |inner| parse_encoded(&inner, password, encodings - 1));
        }
    };
    match format {
        Format::Pem => return pem::open(content, password),
        Format::Pfx => return pfx::open(content, password),
        Format::Pkcs7 => return pkcs7::open(content),
        Format::Certificate => bundle.add_certificate(Ok(Certificate::from_der(content.to_vec())?), None),
        Format::Pkcs8 => bundle.add_key(Ok(PrivateKey::from_pkcs8_der(content)?), None),
        Format::EncryptedPkcs8 => bundle.add_key(Ok(PrivateKey::decrypted_pkcs8(content, password)?), None),
        Format::Pkcs1 => bundle.add_key(Ok(PrivateKey::from_pkcs1_der(content)?), None),
    }
    Ok(bundle)
}

/// What `content` is in Base64, if that may be a certificate file; `None` for other text that happens to be Base64.
fn decoded(content: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let plain = base64_text::without_escapes(content);
    let decoded = base64_text::decode(plain.as_ref().map_or(content, |plain| plain.as_slice()))?;
    let is_file = |content: &[u8]| format::is_sequence(content) || pem_text::is_pem(content);
    let may_be_file = is_file(&decoded)
        || pem_text::utf8_of_utf16(&decoded).is_some_and(|text| pem_text::is_pem(&text))
        || base64_text::decode(&decoded).is_some_and(|twice| is_file(&twice));
    may_be_file.then_some(decoded)
}

fn too_large() -> Error {
    Error::new(
        Status::CertificateUnreadable,
        "The file is larger than 1 MiB, which is too large for a certificate file.",
        "Check the path; it probably belongs to another file.",
    )
}

fn refused_by_system(path: &Path, error: &io::Error) -> Error {
    if let Some(refusal) = content_refusal(path) {
        return refusal;
    }
    // Windows has no error of its own for a directory.
    if error.kind() == ErrorKind::IsADirectory || path.is_dir() {
        return directory(path);
    }
    let path = shown(path);
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
        ErrorKind::FileTooLarge => Error::new(
            Status::CertificateUnreadable,
            format!("Cannot read {path}: it is larger than 1 MiB, which is too large for a certificate file."),
            "Check the path; it probably belongs to another file.",
        ),
        ErrorKind::InvalidInput => Error::new(
            Status::CertificateUnreadable,
            format!("Cannot read {path}: {error}."),
            "Use the path of a file with the certificate.",
        ),
        _ => cannot_read(&path, error),
    }
}

fn directory(path: &Path) -> Error {
    Error::new(
        Status::CertificateNotFound,
        format!("Cannot read {}: it is a directory.", shown(path)),
        "Use the path of a file in this directory.",
    )
}

fn cannot_read(name: &str, error: &io::Error) -> Error {
    Error::new(
        Status::CertificateUnreadable,
        format!("Cannot read {name}: {error}."),
        "Check the disk, network share or program that provides the file.",
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
            (ErrorKind::IsADirectory, Status::CertificateNotFound),
            (ErrorKind::PermissionDenied, Status::PrivateKeyInaccessible),
            (ErrorKind::FileTooLarge, Status::CertificateUnreadable),
            (ErrorKind::InvalidInput, Status::CertificateUnreadable),
            (ErrorKind::BrokenPipe, Status::CertificateUnreadable),
        ] {
            let error = refused_by_system(Path::new("/etc/app.pfx"), &io::Error::from(kind));
            assert_eq!(error.status(), status);
            assert!(error.message().contains("/etc/app.pfx"), "{error}");
        }
    }

    #[test]
    fn a_stream_is_named_in_errors() {
        let empty = CertificateFile::read_stream("standard input", io::empty()).unwrap();
        let error = empty.bundle(&Passphrase::new(None).unwrap()).err().unwrap();
        assert_eq!(error.message(), "The file is empty (standard input).");
        let endless = CertificateFile::read_stream("standard input", io::repeat(b'x')).unwrap();
        let error = endless.bundle(&Passphrase::new(None).unwrap()).err().unwrap();
        assert!(error.message().contains("larger than 1 MiB"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_directories_are_named_and_end_at_once() {
        for (path, status) in [
            ("/dev/zero", Status::CertificateUnreadable),
            ("/dev/null", Status::CertificateUnreadable),
            ("/dev", Status::CertificateNotFound),
        ] {
            let error = CertificateFile::read(Path::new(path)).err().unwrap();
            assert_eq!(error.status(), status);
            assert!(
                error.message().starts_with(&format!("Cannot read {path}: it is ")),
                "{error}"
            );
        }
    }
}

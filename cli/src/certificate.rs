//! The application's certificate from the files that the arguments name.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use graphtoken::certificate_file;
use graphtoken::credential::Credential;
use graphtoken::error::{Error, Result, Status};
use graphtoken::secret::Secret;
use graphtoken::signing_certificate::SigningCertificate;
use zeroize::Zeroizing;

use crate::arguments::CertificateArguments;
use crate::secret_input::{self, is_standard_input};
use crate::terminal::ask_secret;
use crate::warnings::Warnings;

/// The credential of the certificate at `path`. Where that turns out to need a password, and none is given, the person
/// at the terminal is asked.
pub fn load(path: &Path, arguments: &CertificateArguments, warnings: &mut Warnings) -> Result<Credential> {
    let source = Source::of(path, arguments.private_key.as_deref())?;
    let certificate = match &arguments.certificate_password_file {
        Some(file) => source.open(Some(&secret_input::read(file, "the certificate password")?))?,
        None => source.open(None).or_else(|error| {
            let asked = (error.status() == Status::CertificatePasswordIncorrect)
                .then(|| ask_secret(&format!("Password of {}: ", path.display())));
            asked
                .flatten()
                .map_or(Err(error), |password| source.open(Some(&password)))
        })?,
    };
    if let Some(warning) = certificate.certificate().validity_warning(SystemTime::now()) {
        warnings.add(warning);
    }
    Ok(Credential::from_certificate(Arc::new(certificate)))
}

/// Certificate and private key before a password is tried, which may happen twice.
enum Source<'a> {
    Files(&'a Path, Option<&'a Path>),
    /// What standard input or a pipe gave, which gives it only once.
    Contents(Zeroizing<Vec<u8>>, Option<Zeroizing<Vec<u8>>>),
}

impl<'a> Source<'a> {
    fn of(certificate: &'a Path, private_key: Option<&'a Path>) -> Result<Self> {
        let is_stream = |path: &Path| is_standard_input(path) || (path.exists() && !path.is_file() && !path.is_dir());
        if is_stream(certificate) || private_key.is_some_and(is_stream) {
            let private_key = private_key.map(content).transpose();
            Ok(Self::Contents(content(certificate)?, private_key?))
        } else {
            Ok(Self::Files(certificate, private_key))
        }
    }

    fn open(&self, password: Option<&Secret>) -> Result<SigningCertificate> {
        match self {
            Self::Files(certificate, private_key) => {
                SigningCertificate::from_files(certificate, *private_key, password)
            }
            Self::Contents(certificate, private_key) => {
                SigningCertificate::from_bytes(certificate, private_key.as_ref().map(|key| key.as_slice()), password)
            }
        }
    }
}

fn content(path: &Path) -> Result<Zeroizing<Vec<u8>>> {
    if !is_standard_input(path) {
        return certificate_file::read(path);
    }
    certificate_file::read_stream(io::stdin().lock()).map_err(|error| {
        Error::new(
            Status::CertificateUnreadable,
            format!("standard input cannot be read: {error}"),
            "Name a file, or pass the certificate to the command's standard input.",
        )
    })
}

//! The application's certificate, from files, from the system's store or from a PKCS#11 token.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use graphtoken::{
    CertificateFile, CertificateSearch, Credential, Result, Secret, SigningCertificate, Status, load_certificate,
    open_certificate,
};

use crate::arguments::CertificateArguments;
use crate::secret_input::{self, is_standard_input, is_stream};
use crate::terminal::ask_secret;
use crate::warnings::Warnings;

/// The credential of the certificate that the arguments name; `None` if they name none. A password or PIN that turns
/// out to be needed, and that no file provides, is asked for at the terminal.
pub fn load(arguments: &CertificateArguments, warnings: &mut Warnings) -> Result<Option<Credential>> {
    let Some(certificate) = open(arguments).transpose()? else {
        return Ok(None);
    };
    if let Some(warning) = certificate.certificate().validity_warning(SystemTime::now()) {
        warnings.add(warning);
    }
    Ok(Some(Credential::from_certificate(Arc::new(certificate))))
}

fn open(arguments: &CertificateArguments) -> Option<Result<SigningCertificate>> {
    if let Some(module) = &arguments.pkcs11_module {
        Some(from_token(module, arguments))
    } else if let Some(path) = &arguments.certificate {
        Some(from_files(path, arguments))
    } else if let Some(thumbprint) = &arguments.certificate_thumbprint {
        Some(CertificateSearch::by_thumbprint(thumbprint).and_then(open_certificate))
    } else {
        let name = arguments.certificate_subject_name.as_ref()?;
        Some(CertificateSearch::by_subject_name(name).and_then(open_certificate))
    }
}

fn from_files(path: &Path, arguments: &CertificateArguments) -> Result<SigningCertificate> {
    let source = Source::of(path, arguments.private_key.as_deref())?;
    match &arguments.certificate_password_file {
        Some(file) => source.open(Some(&secret_input::read(file, "--certificate-password-file")?)),
        None => open_or_ask(
            |password| source.open(password),
            &format!("Password of {}: ", path.display()),
        ),
    }
}

fn from_token(module: &Path, arguments: &CertificateArguments) -> Result<SigningCertificate> {
    let file = arguments.certificate.as_deref().map(content).transpose()?;
    let uri = arguments.pkcs11_uri.as_deref().unwrap_or_default();
    let open = |pin: Option<&Secret>| SigningCertificate::from_pkcs11(module, uri, file.as_ref(), pin);
    match &arguments.pkcs11_pin_file {
        Some(file) => open(Some(&secret_input::read(file, "--pkcs11-pin-file")?)),
        None => open_or_ask(open, "PIN of the token: "),
    }
}

/// Opens without a secret and, if that fails for lack of one, with what is typed at the terminal.
fn open_or_ask(
    open: impl Fn(Option<&Secret>) -> Result<SigningCertificate>,
    question: &str,
) -> Result<SigningCertificate> {
    open(None).or_else(|error| {
        let asked = (error.status() == Status::CertificatePasswordIncorrect).then(|| ask_secret(question));
        asked.flatten().map_or(Err(error), |secret| open(Some(&secret)))
    })
}

/// Certificate and private key before they are opened, which may be tried twice: without a password and with one.
enum Source<'a> {
    Files(&'a Path, Option<&'a Path>),
    /// What was read from a stream, which can be read only once.
    Contents(CertificateFile, Option<CertificateFile>),
}

impl<'a> Source<'a> {
    fn of(certificate: &'a Path, private_key: Option<&'a Path>) -> Result<Self> {
        if is_stream(certificate) || private_key.is_some_and(is_stream) {
            let private_key = private_key.map(content).transpose();
            Ok(Self::Contents(content(certificate)?, private_key?))
        } else {
            Ok(Self::Files(certificate, private_key))
        }
    }

    fn open(&self, password: Option<&Secret>) -> Result<SigningCertificate> {
        match self {
            Self::Files(certificate, private_key) => load_certificate(certificate, *private_key, password),
            Self::Contents(certificate, private_key) => {
                SigningCertificate::from_contents(certificate, private_key.as_ref(), password)
            }
        }
    }
}

fn content(path: &Path) -> Result<CertificateFile> {
    if is_standard_input(path) {
        CertificateFile::read_stream("standard input", io::stdin().lock())
    } else {
        CertificateFile::read(path)
    }
}

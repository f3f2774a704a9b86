//! The application's certificate, from the files, the store or the token that the arguments name.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use graphtoken::certificate_file;
use graphtoken::certificate_search::CertificateSearch;
use graphtoken::certificate_store;
use graphtoken::credential::Credential;
use graphtoken::error::{Result, Status};
use graphtoken::secret::Secret;
use graphtoken::signing_certificate::SigningCertificate;

use crate::arguments::CertificateArguments;
use crate::secret_input;
use crate::terminal::ask_secret;
use crate::warnings::Warnings;

/// The credential of the certificate that the arguments name; `None` when they name none. Where that turns out to need a
/// password or PIN, and none is given, the person at the terminal is asked.
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
        Some(CertificateSearch::by_thumbprint(thumbprint).and_then(certificate_store::open))
    } else {
        let name = arguments.certificate_subject_name.as_ref()?;
        Some(CertificateSearch::by_subject_name(name).and_then(certificate_store::open))
    }
}

fn from_files(path: &Path, arguments: &CertificateArguments) -> Result<SigningCertificate> {
    let open =
        |password: Option<&Secret>| SigningCertificate::from_files(path, arguments.private_key.as_deref(), password);
    match &arguments.certificate_password_file {
        Some(file) => open(Some(&secret_input::read(file, "the certificate password")?)),
        None => open_or_ask(open, &format!("Password of {}: ", path.display())),
    }
}

fn from_token(module: &Path, arguments: &CertificateArguments) -> Result<SigningCertificate> {
    let file = arguments
        .certificate
        .as_deref()
        .map(certificate_file::read)
        .transpose()?;
    let certificate = file.as_ref().map(|content| content.as_slice());
    let uri = arguments.pkcs11_uri.as_deref().unwrap_or_default();
    let open = |pin: Option<&Secret>| SigningCertificate::from_pkcs11(module, uri, certificate, pin);
    match &arguments.pkcs11_pin_file {
        Some(file) => open(Some(&secret_input::read(file, "the PIN")?)),
        None => open_or_ask(open, "PIN of the token: "),
    }
}

/// Opens without a secret and, if one is missing, with what the person at the terminal types.
fn open_or_ask(
    open: impl Fn(Option<&Secret>) -> Result<SigningCertificate>,
    question: &str,
) -> Result<SigningCertificate> {
    open(None).or_else(|error| {
        let asked = (error.status() == Status::CertificatePasswordIncorrect).then(|| ask_secret(question));
        asked.flatten().map_or(Err(error), |secret| open(Some(&secret)))
    })
}

//! The application's certificate, from the files or the store that the arguments name.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

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

/// The credential of the certificate that the arguments name; `None` when they name none.
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
    if let Some(path) = &arguments.certificate {
        Some(from_files(path, arguments))
    } else if let Some(thumbprint) = &arguments.certificate_thumbprint {
        Some(CertificateSearch::by_thumbprint(thumbprint).and_then(certificate_store::open))
    } else {
        let name = arguments.certificate_subject_name.as_ref()?;
        Some(CertificateSearch::by_subject_name(name).and_then(certificate_store::open))
    }
}

/// The certificate at `path`. Where that turns out to need a password, and none is given, the person at the terminal is
/// asked.
fn from_files(path: &Path, arguments: &CertificateArguments) -> Result<SigningCertificate> {
    let open =
        |password: Option<&Secret>| SigningCertificate::from_files(path, arguments.private_key.as_deref(), password);
    match &arguments.certificate_password_file {
        Some(file) => open(Some(&secret_input::read(file, "the certificate password")?)),
        None => open(None).or_else(|error| {
            let asked = (error.status() == Status::CertificatePasswordIncorrect)
                .then(|| ask_secret(&format!("Password of {}: ", path.display())));
            asked.flatten().map_or(Err(error), |password| open(Some(&password)))
        }),
    }
}

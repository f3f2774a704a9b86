//! The application's certificate from the files that the arguments name.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use graphtoken::credential::Credential;
use graphtoken::error::{Result, Status};
use graphtoken::secret::Secret;
use graphtoken::signing_certificate::SigningCertificate;

use crate::arguments::CertificateArguments;
use crate::secret_input;
use crate::terminal::ask_secret;
use crate::warnings::Warnings;

/// The credential of the certificate at `path`. Where that turns out to need a password, and none is given, the person
/// at the terminal is asked.
pub fn load(path: &Path, arguments: &CertificateArguments, warnings: &mut Warnings) -> Result<Credential> {
    let open =
        |password: Option<&Secret>| SigningCertificate::from_files(path, arguments.private_key.as_deref(), password);
    let certificate = match &arguments.certificate_password_file {
        Some(file) => open(Some(&secret_input::read(file, "the certificate password")?))?,
        None => open(None).or_else(|error| {
            let asked = (error.status() == Status::CertificatePasswordIncorrect)
                .then(|| ask_secret(&format!("Password of {}: ", path.display())));
            asked.flatten().map_or(Err(error), |password| open(Some(&password)))
        })?,
    };
    if let Some(warning) = certificate.certificate().validity_warning(SystemTime::now()) {
        warnings.add(warning);
    }
    Ok(Credential::from_certificate(Arc::new(certificate)))
}

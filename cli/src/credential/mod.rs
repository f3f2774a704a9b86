//! The application's credential: a secret, an assertion or a certificate.

pub mod certificate;

use graphtoken::{Credential, Result};

use crate::arguments::CredentialArguments;
use crate::secret_input;
use crate::warnings::Warnings;

/// The credential that the arguments name; `None` for a public client.
pub fn load(arguments: &CredentialArguments, warnings: &mut Warnings) -> Result<Option<Credential>> {
    if let Some(file) = &arguments.client_secret_file {
        Credential::from_secret(secret_input::read(file, "--client-secret-file")?).map(Some)
    } else if let Some(file) = &arguments.client_assertion_file {
        Credential::from_assertion(&secret_input::read(file, "--client-assertion-file")?).map(Some)
    } else {
        certificate::load(&arguments.certificate, warnings)
    }
}

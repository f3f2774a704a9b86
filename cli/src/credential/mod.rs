//! The application's credential: a secret, an assertion, a workload's token or a certificate.

pub mod certificate;

use std::path::Path;

use graphtoken::parameter::FEDERATED_TOKEN_FILE;
use graphtoken::{Credential, FederationSettings, Result, WorkloadService};

use crate::arguments::CredentialArguments;
use crate::secret_input;
use crate::warnings::Warnings;

/// The credential of the application `client_id` that the arguments name; `None` for a public client.
pub fn load(arguments: &CredentialArguments, client_id: &str, warnings: &mut Warnings) -> Result<Option<Credential>> {
    if let Some(file) = &arguments.client_secret_file {
        Credential::from_secret(secret_input::read(file, "--client-secret-file")?).map(Some)
    } else if let Some(file) = &arguments.client_assertion_file {
        of_assertion_file(file, client_id).map(Some)
    } else if let Some(file) = &arguments.federated_token_file {
        let credential = Credential::from_assertion_file(file, &FEDERATED_TOKEN_FILE)?;
        if let Some(advice) = credential.advice() {
            warnings.add(advice);
        }
        Ok(Some(credential))
    } else if arguments.github_actions {
        let service = WorkloadService::github_actions(&FederationSettings::default())?;
        Ok(Some(Credential::from_source(service)))
    } else if arguments.azure_pipelines {
        let connection = arguments.service_connection_id.as_deref().unwrap_or_default();
        let service = WorkloadService::azure_pipelines(connection, &FederationSettings::default())?;
        Ok(Some(Credential::from_source(service)))
    } else {
        certificate::load(&arguments.certificate, warnings)
    }
}

/// What another issuer keeps in a file is read again for each request. What comes from a stream is there only once.
fn of_assertion_file(file: &Path, client_id: &str) -> Result<Credential> {
    let assertion = secret_input::read(file, "--client-assertion-file")?;
    if secret_input::is_stream(file) {
        Credential::from_assertion(&assertion)
    } else {
        Credential::from_client_assertion_file(file, &assertion, client_id)
    }
}

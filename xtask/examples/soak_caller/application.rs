//! A client of the engine for one of the applications.

use std::path::Path;
use std::sync::Arc;

use graphtoken::{Client, Credential, Options, Result, Secret, SigningCertificate};

use crate::caller::{RETRIES, TIME_LIMIT};
use crate::setup::{Proof, Registration, Setup};

/// A new client, which shares tokens and requests with the other clients of the process that say the same.
pub fn client(setup: &Setup, application: &Registration) -> Result<Client> {
    let mut options = Options::default();
    options.set("cache", "process")?;
    options.set("authority", &format!("{}/{}", setup.address, application.tenant))?;
    options.set("http.product", &format!("{}/1", setup.name))?;
    options.set("http.retries", &RETRIES.to_string())?;
    options.set("http.timeout_seconds", &TIME_LIMIT.as_secs().to_string())?;
    Client::new(
        "",
        &application.client_id,
        Some(credential(application)?),
        options.client,
    )
}

fn credential(application: &Registration) -> Result<Credential> {
    match &application.proof {
        Proof::Secret(secret) => Credential::from_secret(Secret::copy_of(secret.as_bytes())),
        Proof::Certificate(file) => {
            let certificate = SigningCertificate::from_files(Path::new(file), None, None)?;
            Ok(Credential::from_certificate(Arc::new(certificate)))
        }
    }
}

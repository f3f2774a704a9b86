//! `graph-token assertion`: signs a client assertion.

use graphtoken::{Client, Options};

use crate::arguments::AssertionArguments;
use crate::credential::certificate;
use crate::failure::Failure;
use crate::output;
use crate::warnings::Warnings;

/// Signs a client assertion, as a token request would send it now, and prints it.
pub fn run(arguments: &AssertionArguments, warnings: &mut Warnings) -> Result<(), Failure> {
    let mut options = Options::default();
    arguments.application.set_in(&mut options)?;
    arguments.certificate.set_in(&mut options)?;
    let credential = certificate::load(&arguments.certificate, warnings)?;
    let client = Client::new(
        arguments.application.tenant(),
        arguments.application.client_id(),
        credential,
        options.client,
    )?;
    output::write_line(client.assertion(None)?.expose())
}

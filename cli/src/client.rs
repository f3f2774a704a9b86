//! The client that the arguments describe.

use graphtoken::{Client, ClientSettings, Result, Tool};

use crate::arguments::ClientArguments;
use crate::credential;
use crate::warnings::Warnings;

/// A client for the application, or for what takes its place.
pub fn client(arguments: &ClientArguments, settings: ClientSettings, warnings: &mut Warnings) -> Result<Client> {
    if arguments.identity.managed_identity {
        return Client::for_managed_identity(&settings);
    }
    let sources = &arguments.sources;
    if sources.environment_variables {
        return Client::from_environment(&settings);
    }
    if sources.chain {
        return Client::for_chain(&settings);
    }
    if sources.azure_cli {
        return Client::for_developer_tool(Tool::AzureCli, &settings);
    }
    if sources.azure_developer_cli {
        return Client::for_developer_tool(Tool::AzureDeveloperCli, &settings);
    }
    let (tenant, client_id) = (arguments.application.tenant(), arguments.application.client_id());
    let credential = credential::load(&arguments.credential, &client_id, warnings)?;
    Client::new(&tenant, &client_id, credential, settings)
}

//! Where a token comes from in place of an application and its credential.

use clap::{ArgGroup, Args};
use graphtoken::{Options, Result};

use super::setting::set_given;

/// What is used in place of an application and its credential. At most one.
#[derive(Args)]
#[command(next_help_heading = "Other sources")]
#[command(group = ArgGroup::new("source")
    .args(["environment_variables", "chain", "azure_cli", "azure_developer_cli"])
    .conflicts_with_all([
        "authority", "authority_type", "azure_region", "client_id", "client_secret_file", "client_assertion_file",
        "any_certificate", "federation",
        "username", "refresh_token_file", "device_code", "interactive", "account", "managed_identity",
        "identity_client_id", "identity_object_id", "identity_resource_id",
    ]))]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct SourceArguments {
    /// Use the application or user that the environment variables AZURE_* describe
    #[arg(long, conflicts_with = "tenant")]
    pub environment_variables: bool,
    /// Use the first that applies: the environment variables, the workload's token file, the managed identity, az, azd
    #[arg(long, conflicts_with_all = ["tenant", "user_assertion_file", "token_cache", "redis"])]
    pub chain: bool,
    /// Use the user who is signed in to the Azure CLI (az); --tenant chooses the tenant
    #[arg(long, conflicts_with_all = ["user_assertion_file", "token_cache", "redis"])]
    pub azure_cli: bool,
    /// Use the user who is signed in to the Azure Developer CLI (azd); --tenant chooses the tenant
    #[arg(long, conflicts_with_all = ["user_assertion_file", "token_cache", "redis"])]
    pub azure_developer_cli: bool,
}

impl SourceArguments {
    /// Passes the tenant of a developer tool on to the engine.
    pub fn set_in(&self, options: &mut Options, tenant: Option<&str>) -> Result<()> {
        if self.azure_cli || self.azure_developer_cli {
            set_given(options, "developer_tool.tenant", tenant)?;
        }
        Ok(())
    }
}

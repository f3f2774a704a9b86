//! The managed identity of the machine.

use clap::Args;
use graphtoken::{Options, Result};

use super::setting::{accepted_as, set_given};

/// The managed identity of an Azure resource, in place of an application and its credential.
#[derive(Args)]
#[command(next_help_heading = "Managed identity")]
pub struct IdentityArguments {
    /// Use the managed identity of this Azure resource; needs no tenant and no application
    #[arg(long, conflicts_with_all = [
        "authority", "tenant", "client_id", "client_secret_file", "client_assertion_file", "any_certificate",
        "federation", "username", "refresh_token_file", "user_assertion_file", "device_code", "interactive", "token_cache", "redis",
    ])]
    pub managed_identity: bool,
    /// Client ID of a user-assigned identity [default: the resource's own identity]
    #[arg(
        long,
        value_name = "ID",
        requires = "managed_identity",
        conflicts_with_all = ["identity_object_id", "identity_resource_id"],
        value_parser = accepted_as("identity.client_id")
    )]
    pub identity_client_id: Option<String>,
    /// Object (principal) ID of a user-assigned identity
    #[arg(
        long,
        value_name = "ID",
        requires = "managed_identity",
        conflicts_with = "identity_resource_id",
        value_parser = accepted_as("identity.object_id")
    )]
    pub identity_object_id: Option<String>,
    /// Azure resource ID of a user-assigned identity
    #[arg(long, value_name = "ID", requires = "managed_identity", value_parser = accepted_as("identity.resource_id"))]
    pub identity_resource_id: Option<String>,
}

impl IdentityArguments {
    /// Passes on to the engine which identity is used.
    pub fn set_in(&self, options: &mut Options) -> Result<()> {
        set_given(options, "identity.client_id", self.identity_client_id.as_deref())?;
        set_given(options, "identity.object_id", self.identity_object_id.as_deref())?;
        set_given(options, "identity.resource_id", self.identity_resource_id.as_deref())
    }
}

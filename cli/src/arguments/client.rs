//! Who asks for tokens.

use clap::{Arg, Args};
use graphtoken::{Options, Result};

use super::application::{ApplicationArguments, CredentialArguments};
use super::identity::IdentityArguments;
use super::sources::SourceArguments;

/// The application with its credential, or what takes its place.
#[derive(Args)]
pub struct ClientArguments {
    #[command(flatten)]
    pub application: ApplicationArguments,
    #[command(flatten)]
    pub credential: CredentialArguments,
    #[command(flatten)]
    pub identity: IdentityArguments,
    #[command(flatten)]
    pub sources: SourceArguments,
}

impl ClientArguments {
    /// Passes them on to the engine.
    pub fn set_in(&self, options: &mut Options) -> Result<()> {
        self.application.set_in(options)?;
        self.credential.certificate.set_in(options)?;
        self.identity.set_in(options)?;
        self.sources.set_in(options, self.application.tenant.as_deref())
    }
}

/// A tenant that a task of Azure Pipelines gets in a variable, and that other sources than an application do not need.
pub fn tenant(tenant: Arg) -> Arg {
    tenant.required_unless_present_any(["authority", "azure_pipelines", "managed_identity", "source"])
}

/// The same of an application.
pub fn client_id(client_id: Arg) -> Arg {
    client_id
        .required(false)
        .required_unless_present_any(["azure_pipelines", "managed_identity", "source"])
}

/// A managed identity is no user's, and its tokens are kept in memory only.
pub fn managed_identity(managed_identity: Arg) -> Arg {
    managed_identity.conflicts_with_all([
        "username",
        "refresh_token_file",
        "user_assertion_file",
        "device_code",
        "interactive",
        "account",
        "token_cache",
        "redis",
    ])
}

//! What is requested.

use clap::Args;
use graphtoken::{Options, Result};

use super::setting::{accepted_as, set_given};

/// What is requested, and which cached token is good enough.
#[derive(Args)]
#[command(next_help_heading = "Request")]
pub struct RequestArguments {
    /// Scope to request; may be repeated [default: all permissions granted for Microsoft Graph]
    #[arg(long = "scope", value_name = "SCOPE")]
    pub scopes: Vec<String>,
    /// Claims request, as a JSON object
    #[arg(long, value_name = "JSON")]
    pub claims: Option<String>,
    /// Claims challenge: the header WWW-Authenticate of an API that has refused the token
    #[arg(long, value_name = "HEADER")]
    pub challenge: Option<String>,
    /// What this program tells the service that it can do, such as cp1: answer claims challenges; may be repeated
    #[arg(long = "client-capability", value_name = "NAME")]
    pub client_capabilities: Vec<String>,
    /// ID that finds the request in the sign-in logs [default: random]
    #[arg(long, value_name = "GUID")]
    pub correlation_id: Option<String>,
    /// Request a new token even if the token cache has a valid one
    #[arg(long)]
    pub force_refresh: bool,
    /// Use a cached token only if it stays valid for at least this long [default: 300]
    #[arg(long, value_name = "SECONDS", value_parser = accepted_as("minimum_lifetime_seconds"))]
    pub minimum_lifetime: Option<String>,
}

impl RequestArguments {
    /// Passes on to the engine what is requested.
    pub fn set_in(&self, options: &mut Options) -> Result<()> {
        set_given(options, "claims", self.claims.as_deref())?;
        set_given(options, "challenge", self.challenge.as_deref())?;
        let capabilities = self.client_capabilities.join(" ");
        set_given(
            options,
            "capabilities",
            Some(&*capabilities).filter(|names| !names.is_empty()),
        )?;
        set_given(options, "correlation_id", self.correlation_id.as_deref())?;
        set_given(options, "force_refresh", self.force_refresh.then_some("true"))?;
        set_given(options, "minimum_lifetime_seconds", self.minimum_lifetime.as_deref())
    }
}

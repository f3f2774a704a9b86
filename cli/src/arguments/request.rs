//! What is asked for.

use clap::Args;
use graphtoken::error::Result;
use graphtoken::options::Options;

use super::setting::{accepted_as, set_given};

/// What is asked for, and when a cached token will not do.
#[derive(Args)]
#[command(next_help_heading = "Request")]
pub struct RequestArguments {
    /// Scope, may be repeated [default: everything granted on Microsoft Graph]
    #[arg(long = "scope", value_name = "SCOPE")]
    pub scopes: Vec<String>,
    /// Claims request or challenge: a JSON object
    #[arg(long, value_name = "JSON")]
    pub claims: Option<String>,
    /// Id to find the request by in the sign-in logs [default: a random one]
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
    /// Passes on to the engine what is asked for.
    pub fn set_in(&self, options: &mut Options) -> Result<()> {
        set_given(options, "claims", self.claims.as_deref())?;
        set_given(options, "correlation_id", self.correlation_id.as_deref())?;
        set_given(options, "force_refresh", self.force_refresh.then_some("true"))?;
        set_given(options, "minimum_lifetime_seconds", self.minimum_lifetime.as_deref())
    }
}

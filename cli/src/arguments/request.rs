//! What is asked for.

use clap::Args;
use graphtoken::error::Result;
use graphtoken::options::Options;

use super::setting::set_given;

/// What is asked for, and how.
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
}

impl RequestArguments {
    /// Passes on to the engine how the request is sent.
    pub fn set_in(&self, options: &mut Options) -> Result<()> {
        set_given(options, "claims", self.claims.as_deref())?;
        set_given(options, "correlation_id", self.correlation_id.as_deref())
    }
}

//! How the service is reached.

use clap::Args;
use graphtoken::error::Result;
use graphtoken::options::Options;

use super::setting::{accepted_as, set_given};

/// How the service is reached.
#[derive(Args)]
#[command(next_help_heading = "Network")]
pub struct NetworkArguments {
    /// Time limit of the whole call [default: 100]
    #[arg(long, value_name = "SECONDS", value_parser = accepted_as("timeout_seconds"))]
    pub timeout: Option<String>,
    /// Proxy, http://host:port [default: that of the environment]
    #[arg(long, value_name = "URL")]
    pub proxy: Option<String>,
}

impl NetworkArguments {
    /// Passes on to the engine how the service is reached.
    pub fn set_in(&self, options: &mut Options) -> Result<()> {
        set_given(options, "timeout_seconds", self.timeout.as_deref())?;
        set_given(options, "http.proxy", self.proxy.as_deref())
    }
}

//! How the service is reached.

use clap::Args;
use graphtoken::{Options, Result};

use super::setting::{accepted_as, set_given};

/// How the service is reached. These options take precedence over the environment.
#[derive(Args)]
#[command(next_help_heading = "Network")]
pub struct NetworkArguments {
    /// Time limit for the whole call, including retries and the wait for a user [default: 100; with --device-code as long
    /// as the code is valid, with --interactive 300]
    #[arg(long, value_name = "SECONDS", value_parser = accepted_as("timeout_seconds"))]
    pub timeout: Option<String>,
    /// Time limit for each connection attempt [default: 10]
    #[arg(long, value_name = "SECONDS", value_parser = accepted_as("http.connect_timeout_seconds"))]
    pub connect_timeout: Option<String>,
    /// Number of retries after a transient failure, from 0 to 10 [default: 3]
    #[arg(long, value_name = "N", value_parser = accepted_as("http.retries"))]
    pub retries: Option<String>,
    // Not checked by `accepted_as`: it may hold a password, and a usage error repeats the value.
    #[arg(long, value_name = "URL")]
    #[arg(help = "Proxy, as in http://host:port; '' connects directly [default: HTTPS_PROXY]")]
    pub proxy: Option<String>,
    #[arg(long, value_name = "HOSTS")]
    #[arg(help = "Hosts to connect to without a proxy, separated by commas as in NO_PROXY [default: NO_PROXY]")]
    pub no_proxy: Option<String>,
    #[arg(long, value_name = "FILE")]
    #[arg(help = "PEM file with the only certificate authorities to trust [default: SSL_CERT_FILE or the system's]")]
    pub ca_file: Option<String>,
}

impl NetworkArguments {
    /// Passes on to the engine how the service is reached.
    pub fn set_in(&self, options: &mut Options) -> Result<()> {
        for (key, value) in [
            ("timeout_seconds", &self.timeout),
            // What is not part of the request, such as waiting for the lock of a token cache, has the same limit.
            ("http.timeout_seconds", &self.timeout),
            ("http.connect_timeout_seconds", &self.connect_timeout),
            ("http.retries", &self.retries),
            ("http.proxy", &self.proxy),
            ("http.no_proxy", &self.no_proxy),
            ("http.ca_file", &self.ca_file),
        ] {
            set_given(options, key, value.as_deref())?;
        }
        Ok(())
    }
}

//! Which application asks, where, and what proves who it is.

use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{ArgGroup, Args};
use graphtoken::cloud::Cloud;
use graphtoken::error::Result;
use graphtoken::options::Options;

use super::certificate::CertificateArguments;
use super::setting::set_given;

/// Where tokens are asked for, and which application asks.
#[derive(Args)]
#[command(next_help_heading = "Application")]
#[command(group = ArgGroup::new("place").args(["authority", "tenant"]).required(true).multiple(true))]
pub struct ApplicationArguments {
    /// Whole authority URL, or its base when --tenant is given too
    #[arg(long, value_name = "URL")]
    pub authority: Option<String>,
    /// Tenant: id, domain or whole authority URL
    #[arg(long)]
    pub tenant: Option<String>,
    /// National cloud [default: that of the authority, else global]
    #[arg(long, ignore_case = true, value_parser = PossibleValuesParser::new(Cloud::ALL.map(Cloud::name)))]
    pub cloud: Option<String>,
    /// Application (client) id
    #[arg(long, value_name = "ID")]
    pub client_id: String,
}

/// What proves who the application is.
#[derive(Args)]
#[command(next_help_heading = "Application")]
pub struct CredentialArguments {
    /// File with the client secret; - for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["any_certificate", "client_assertion_file"])]
    pub client_secret_file: Option<PathBuf>,
    /// File with a client assertion that is signed already; - for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "any_certificate")]
    pub client_assertion_file: Option<PathBuf>,
    #[command(flatten)]
    pub certificate: CertificateArguments,
}

impl ApplicationArguments {
    /// Passes them on to the engine.
    pub fn set_in(&self, options: &mut Options) -> Result<()> {
        options.set("http.product", concat!("graph-token/", env!("CARGO_PKG_VERSION")))?;
        options.set("cache", "none")?;
        set_given(options, "authority", self.authority.as_deref())?;
        set_given(options, "cloud", self.cloud.as_deref())
    }

    /// The tenant as the engine takes it: empty when the authority says it.
    pub fn tenant(&self) -> &str {
        self.tenant.as_deref().unwrap_or_default()
    }
}

impl CredentialArguments {
    /// The files that secrets come from.
    pub fn secret_files(&self) -> Vec<&Path> {
        let own = [
            self.client_secret_file.as_deref(),
            self.client_assertion_file.as_deref(),
        ];
        let own = own.into_iter().flatten();
        own.chain(self.certificate.secret_files()).collect()
    }
}

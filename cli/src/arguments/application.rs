//! The application: where it is registered, and its credential.

use std::env;
use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args};
use graphtoken::{Cloud, Options, Result};

use super::certificate::CertificateArguments;
use super::setting::{accepted_as, one_of, set_given};

/// The authority that issues the token, and the application that requests it.
#[derive(Args)]
#[command(next_help_heading = "Application")]
#[command(group = ArgGroup::new("place").args(["authority", "tenant"]).required(true).multiple(true))]
pub struct ApplicationArguments {
    /// Authority URL, or its base if --tenant is given too
    #[arg(long, value_name = "URL")]
    pub authority: Option<String>,
    /// Tenant ID, domain or authority URL
    #[arg(long)]
    pub tenant: Option<String>,
    /// National cloud [default: the authority's, otherwise global]
    #[arg(long, ignore_case = true, value_parser = one_of(Cloud::ALL.map(Cloud::name)))]
    pub cloud: Option<String>,
    /// Kind of authority [default: what its address tells, otherwise aad]
    #[arg(long, value_name = "TYPE", ignore_case = true)]
    #[arg(value_parser = one_of(["aad", "adfs", "b2c", "ciam", "oidc"]))]
    pub authority_type: Option<String>,
    /// Azure region whose token service answers applications; auto detects it [default: none]
    #[arg(long, value_name = "NAME", value_parser = accepted_as("authority.region"))]
    pub azure_region: Option<String>,
    /// Application (client) ID
    #[arg(long, value_name = "ID", required = true)]
    client_id: Option<String>,
}

/// The application's credential. Without one it is a public client.
#[derive(Args)]
#[command(next_help_heading = "Application")]
#[command(group = ArgGroup::new("federation").args(["federated_token_file", "github_actions", "azure_pipelines"])
    .conflicts_with_all(["any_certificate", "client_secret_file", "client_assertion_file"]))]
pub struct CredentialArguments {
    /// File with the client secret, or - for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["any_certificate", "client_assertion_file"])]
    pub client_secret_file: Option<PathBuf>,
    /// File with a signed client assertion, or - for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "any_certificate")]
    pub client_assertion_file: Option<PathBuf>,
    /// File with the token that a platform such as Kubernetes gives its workload; read for each request
    #[arg(long, value_name = "FILE")]
    pub federated_token_file: Option<PathBuf>,
    /// Use the token of this job of GitHub Actions
    #[arg(long)]
    pub github_actions: bool,
    /// Use the token of this job of Azure Pipelines
    #[arg(long)]
    pub azure_pipelines: bool,
    /// Service connection of Azure Pipelines [default: that of the task]
    #[arg(long, value_name = "ID", requires = "azure_pipelines")]
    #[arg(conflicts_with_all = ["federated_token_file", "github_actions"])]
    pub service_connection_id: Option<String>,
    #[command(flatten)]
    pub certificate: CertificateArguments,
}

impl ApplicationArguments {
    /// Passes them on to the engine, with what is the same for every call of this command.
    pub fn set_in(&self, options: &mut Options) -> Result<()> {
        options.set("http.product", concat!("graph-token/", env!("CARGO_PKG_VERSION")))?;
        options.set("cache", "none")?;
        set_given(options, "authority", self.authority.as_deref())?;
        set_given(options, "authority.type", self.authority_type.as_deref())?;
        set_given(options, "authority.region", self.azure_region.as_deref())?;
        set_given(options, "cloud", self.cloud.as_deref())
    }

    /// The tenant as the engine takes it: empty if the authority names it. With `--azure-pipelines` neither of them need
    /// be given: the task sets a variable then.
    pub fn tenant(&self) -> String {
        match (&self.tenant, &self.authority) {
            (Some(tenant), _) => tenant.clone(),
            (None, Some(_)) => String::new(),
            (None, None) => variable("AZURESUBSCRIPTION_TENANT_ID"),
        }
    }

    /// The application's id, which a task of Azure Pipelines gets in a variable.
    pub fn client_id(&self) -> String {
        let given = self.client_id.clone();
        given.unwrap_or_else(|| variable("AZURESUBSCRIPTION_CLIENT_ID"))
    }
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

impl CredentialArguments {
    /// The files that secrets are read from.
    pub fn secret_files(&self) -> Vec<&Path> {
        let own = [
            self.client_secret_file.as_deref(),
            self.client_assertion_file.as_deref(),
        ];
        let own = own.into_iter().flatten();
        own.chain(self.certificate.secret_files()).collect()
    }
}

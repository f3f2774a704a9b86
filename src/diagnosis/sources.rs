//! Checks of the sources of tokens that need no application: named by variables and files, and asked only if the caller
//! says so.

use std::sync::Arc;

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{CHAIN, MANAGED_IDENTITY};
use crate::base::quote::quote;
use crate::base::shown_path::shown;
use crate::client::Client;
use crate::client::environment;
use crate::client::options::Options;
use crate::client::settings::{CachePlace, ClientSettings};
use crate::client::tool::Tool;
use crate::diagnosis::finding::{Check, Finding, found};
use crate::managed_identity::{self, Platform, Source, Variables};
use crate::request::Request;
use crate::request::grant::ClientCredentials;
use crate::request::scope::Scopes;

/// A source that is asked for a token, which is thrown away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedSource {
    /// The managed identity of this machine.
    ManagedIdentity,
    /// The first link of the chain that applies.
    Chain,
}

impl AskedSource {
    /// The source with this name in the C interface.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`] for any other name.
    pub fn from_name(name: &str) -> Result<Self> {
        match name {
            "managed_identity" => Ok(Self::ManagedIdentity),
            "chain" => Ok(Self::Chain),
            _ => Err(Error::new(
                Status::InvalidArgument,
                format!("Unknown source {:?}.", quote(name, &[])),
                "Use managed_identity or chain.",
            )),
        }
    }
}

/// The findings about the sources, of which `asked` is asked.
pub(super) fn findings(asked: Option<AskedSource>, options: &Options) -> Result<Vec<Finding>> {
    let variables = &options.client.identity.variables;
    Ok(vec![
        unasked(Check::Environment, in_environment(variables)),
        unasked(Check::Workload, workload(variables)),
        if asked == Some(AskedSource::ManagedIdentity) {
            asked_identity(options)?
        } else {
            unasked(Check::ManagedIdentity, identity(&options.client))
        },
        unasked(Check::DeveloperTools, tools(variables)),
        if asked == Some(AskedSource::Chain) {
            asked_chain(options)?
        } else {
            let detail = format!("What the chain would use was not asked. {CHAIN} asks it.");
            Finding::skipped(Check::Chain, detail)
        },
    ])
}

/// What the variables say of a source. A source that is not used cannot fail.
enum Named {
    Present(String),
    Absent(String),
}

fn unasked(check: Check, named: Result<Named>) -> Finding {
    match named {
        Ok(Named::Present(detail)) => Finding::passed(check, detail),
        Ok(Named::Absent(detail)) => Finding::skipped(check, detail),
        Err(error) => Finding::warning(check, error.cause(), error.advice()),
    }
}

fn in_environment(variables: &Variables) -> Result<Named> {
    match environment::described(variables) {
        Ok(names) => Ok(Named::Present(format!(
            "The environment variables describe a credential: {}.",
            names.join(", ")
        ))),
        Err(error) if error.status() == Status::CredentialMissing => Ok(Named::Absent(error.cause().to_owned())),
        Err(error) => Err(error),
    }
}

fn workload(variables: &Variables) -> Result<Named> {
    let is_set = |name| variables.get(name).map(|value| value.is_some());
    let mut found = Vec::new();
    if let Some(path) = environment::token_file(variables)? {
        let state = if path.is_file() { "is there" } else { "was not found" };
        found.push(format!("The federated token file {} {state}.", shown(&path)));
    }
    if is_set("ACTIONS_ID_TOKEN_REQUEST_URL")? && is_set("ACTIONS_ID_TOKEN_REQUEST_TOKEN")? {
        found.push("A job of GitHub Actions may request tokens.".to_owned());
    }
    if is_set("SYSTEM_OIDCREQUESTURI")? && is_set("SYSTEM_ACCESSTOKEN")? {
        found.push("A job of Azure Pipelines may request tokens.".to_owned());
    }
    Ok(if found.is_empty() {
        Named::Absent("No variable names a token file, a job of GitHub Actions or one of Azure Pipelines.".to_owned())
    } else {
        Named::Present(found.join(" "))
    })
}

fn identity(settings: &ClientSettings) -> Result<Named> {
    let platform = managed_identity::platform(&settings.identity)?;
    Ok(match platform.source() {
        Source::Imds => Named::Absent(format!(
            "No variable or file names a platform of Azure. Whether this is a virtual machine of Azure was not asked: \
             {MANAGED_IDENTITY} asks it."
        )),
        _ => Named::Present(format!(
            "The platform is {}, which was not asked: {MANAGED_IDENTITY} asks it.",
            described(&platform)
        )),
    })
}

fn described(platform: &Platform) -> String {
    format!("{} at {}", platform.source().product(), platform.endpoint())
}

fn tools(variables: &Variables) -> Result<Named> {
    let mut found = Vec::new();
    for tool in Tool::ALL {
        if let Some(program) = tool.find(variables)? {
            found.push(format!("{} is {}.", tool.product(), shown(&program)));
        }
    }
    Ok(if found.is_empty() {
        Named::Absent("No folder of PATH has az or azd.".to_owned())
    } else {
        Named::Present(found.join(" "))
    })
}

fn asked_identity(options: &Options) -> Result<Finding> {
    let settings = without_cache(options);
    let outcome = managed_identity::platform(&settings.identity).and_then(|platform| {
        acquire(&Client::for_managed_identity(&settings)?, options)?;
        Ok(described(&platform))
    });
    Ok(match found(outcome)? {
        Ok(platform) => Finding::passed(
            Check::ManagedIdentity,
            format!("{platform} issued a token, which was discarded."),
        ),
        Err(error) => Finding::of_error(Check::ManagedIdentity, &error),
    })
}

fn asked_chain(options: &Options) -> Result<Finding> {
    let outcome = Client::for_chain(&without_cache(options)).and_then(|client| {
        acquire(&client, options)?;
        Ok(client)
    });
    Ok(match found(outcome)? {
        Ok(client) => {
            let chosen = client.chosen().unwrap_or_default();
            let detail = format!("The chain uses {chosen}. {}", client.passed_over().replace('\n', " "));
            Finding::passed(Check::Chain, detail.trim_end())
        }
        Err(error) => {
            let lines = error.cause().replace('\n', " ");
            Finding::failed(Check::Chain, error.status(), lines, error.advice())
        }
    })
}

fn without_cache(options: &Options) -> ClientSettings {
    ClientSettings {
        cache: CachePlace::None,
        ..options.client.clone()
    }
}

fn acquire(client: &Client, options: &Options) -> Result<()> {
    let request = Request::new(Arc::new(ClientCredentials), Scopes::default(), options.request.clone());
    client.acquire(&request, None).map(drop)
}

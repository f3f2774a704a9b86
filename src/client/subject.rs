//! What a client acquires tokens for.

use std::sync::Arc;

use crate::base::error::Result;
#[cfg(feature = "flows")]
use crate::base::error::{Error, Status};
use crate::base::secret::Secret;
#[cfg(feature = "flows")]
use crate::client::{chain::Chain, developer_tools::DeveloperTool, environment::Environment};
#[cfg(feature = "flows")]
use crate::managed_identity::ManagedIdentity;
use crate::service::application::Application;

/// An application with its credential, or what else issues tokens.
pub(super) enum Subject {
    Application(Arc<Application>),
    #[cfg(feature = "flows")]
    Machine(Arc<ManagedIdentity>),
    #[cfg(feature = "flows")]
    Environment(Arc<Environment>),
    #[cfg(feature = "flows")]
    Tool(Arc<DeveloperTool>),
    #[cfg(feature = "flows")]
    Chain(Arc<Chain>),
}

impl Subject {
    pub(super) fn token_endpoint(&self) -> &str {
        match self {
            Self::Application(application) => application.authority().token_endpoint(),
            #[cfg(feature = "flows")]
            Self::Machine(identity) => identity.endpoint(),
            #[cfg(feature = "flows")]
            Self::Environment(environment) => environment.application().authority().token_endpoint(),
            #[cfg(feature = "flows")]
            Self::Tool(_) => "",
            #[cfg(feature = "flows")]
            Self::Chain(chain) => chain.facts().map_or("", |facts| &facts.token_endpoint),
        }
    }

    pub(super) fn tenant(&self) -> &str {
        match self {
            Self::Application(application) => application.authority().tenant(),
            #[cfg(feature = "flows")]
            Self::Environment(environment) => environment.application().authority().tenant(),
            #[cfg(feature = "flows")]
            Self::Tool(tool) => tool.tenant(),
            #[cfg(feature = "flows")]
            Self::Machine(_) => "",
            #[cfg(feature = "flows")]
            Self::Chain(chain) => chain.facts().map_or("", |facts| &facts.tenant),
        }
    }

    pub(super) fn client_id(&self) -> &str {
        match self {
            Self::Application(application) => application.client_id(),
            #[cfg(feature = "flows")]
            Self::Machine(identity) => identity.client_id(),
            #[cfg(feature = "flows")]
            Self::Environment(environment) => environment.application().client_id(),
            #[cfg(feature = "flows")]
            Self::Tool(_) => "",
            #[cfg(feature = "flows")]
            Self::Chain(chain) => chain.facts().map_or("", |facts| &facts.client_id),
        }
    }

    #[cfg(feature = "flows")]
    pub(super) fn chosen(&self) -> Option<&str> {
        match self {
            Self::Chain(chain) => chain.chosen(),
            _ => None,
        }
    }

    #[cfg(feature = "flows")]
    pub(super) fn passed_over(&self) -> &str {
        match self {
            Self::Chain(chain) => chain.passed_over(),
            _ => "",
        }
    }

    #[cfg(feature = "flows")]
    pub(super) fn warning(&self) -> &str {
        match self {
            Self::Application(application) => application.warning(),
            Self::Machine(identity) => identity.warning(),
            Self::Environment(environment) => environment.warning(),
            Self::Chain(chain) => chain.facts().map_or("", |facts| &facts.warning),
            Self::Tool(_) => "",
        }
    }

    #[cfg(feature = "flows")]
    pub(super) fn application(&self) -> Result<&Arc<Application>> {
        let message = match self {
            Self::Application(application) => return Ok(application),
            Self::Machine(_) => "A managed identity has no users who could sign in.",
            Self::Environment(_) => "The environment variables describe a credential; no user signs in.",
            Self::Tool(_) => "The developer tool has signed its user in already.",
            Self::Chain(_) => "A chain signs no user in.",
        };
        Err(Error::new(
            Status::InvalidArgument,
            message,
            "Use the client of an application.",
        ))
    }

    pub(super) fn assertion(&self) -> Result<Secret> {
        match self {
            Self::Application(application) => application.assertion(),
            #[cfg(feature = "flows")]
            Self::Environment(environment) => environment.application().assertion(),
            #[cfg(feature = "flows")]
            Self::Machine(_) => Err(no_certificate("A managed identity")),
            #[cfg(feature = "flows")]
            Self::Tool(_) => Err(no_certificate("A developer tool")),
            #[cfg(feature = "flows")]
            Self::Chain(_) => Err(no_certificate("A chain")),
        }
    }
}

#[cfg(feature = "flows")]
fn no_certificate(subject: &str) -> Error {
    Error::new(
        Status::CredentialMissing,
        format!("{subject} has no certificate to sign a client assertion with."),
        "Use an application with a certificate and its private key.",
    )
}

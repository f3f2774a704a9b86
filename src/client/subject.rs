//! What a client acquires tokens for.

use std::sync::Arc;

use crate::base::error::Result;
#[cfg(feature = "flows")]
use crate::base::error::{Error, Status};
use crate::base::secret::Secret;
#[cfg(feature = "flows")]
use crate::managed_identity::ManagedIdentity;
use crate::service::application::Application;

/// An application with its credential, or a machine.
pub(super) enum Subject {
    Application(Arc<Application>),
    #[cfg(feature = "flows")]
    Machine(Arc<ManagedIdentity>),
}

impl Subject {
    pub(super) fn token_endpoint(&self) -> &str {
        match self {
            Self::Application(application) => application.authority().token_endpoint(),
            #[cfg(feature = "flows")]
            Self::Machine(identity) => identity.endpoint(),
        }
    }

    pub(super) fn tenant(&self) -> &str {
        match self {
            Self::Application(application) => application.authority().tenant(),
            #[cfg(feature = "flows")]
            Self::Machine(_) => "",
        }
    }

    pub(super) fn client_id(&self) -> &str {
        match self {
            Self::Application(application) => application.client_id(),
            #[cfg(feature = "flows")]
            Self::Machine(identity) => identity.client_id(),
        }
    }

    #[cfg(feature = "flows")]
    pub(super) fn application(&self) -> Result<&Arc<Application>> {
        match self {
            Self::Application(application) => Ok(application),
            Self::Machine(_) => Err(Error::new(
                Status::InvalidArgument,
                "A managed identity has no users who could sign in.",
                "Use the client of an application.",
            )),
        }
    }

    pub(super) fn assertion(&self) -> Result<Secret> {
        match self {
            Self::Application(application) => application.assertion(),
            #[cfg(feature = "flows")]
            Self::Machine(_) => Err(Error::new(
                Status::CredentialMissing,
                "A managed identity has no certificate to sign a client assertion with.",
                "Use an application with a certificate and its private key.",
            )),
        }
    }
}

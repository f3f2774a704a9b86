//! Clients for what a machine has, which need no application: a managed identity, the credential of environment
//! variables, developer tools, and a chain of them.

use std::sync::Arc;

use crate::base::clock::{Clock, SystemClock};
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{CACHE_NAME, REDIS};
use crate::client::chain::Chain;
use crate::client::developer_tools::DeveloperTool;
use crate::client::environment::Environment;
use crate::client::settings::{CachePlace, ClientSettings};
use crate::client::single_flight::Flights;
use crate::client::sources::{Owner, Sources};
use crate::client::store_choice::StoreChoice;
use crate::client::subject::Subject;
use crate::client::tool::Tool;
use crate::client::{Client, Inner};
use crate::http::metadata::{DirectTransport, MetadataTransport};
use crate::managed_identity::{self, Identity, ManagedIdentity, Platform};
use crate::service::issuer::Issuer;

impl Client {
    /// A client for the managed identity of this machine, which needs neither a tenant nor an application.
    ///
    /// Sends nothing yet: the platform tells itself by the variables of the environment. Requests never go through a
    /// proxy. Tokens are kept in memory alone: the platform keeps them for all processes of the machine.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`] for contradictory settings and for variables that no platform sets,
    /// [`Status::CredentialMissing`] if the platform that the settings name has not set its variables.
    pub fn for_managed_identity(settings: &ClientSettings) -> Result<Self> {
        let platform = managed_identity::platform(&settings.identity)?;
        let trust = platform.trust(settings.transport.trust.ca_file());
        let transport = DirectTransport::new(settings.transport.product.clone(), &trust)?;
        Self::of_platform(platform, settings, Arc::new(transport), Arc::new(SystemClock))
    }

    /// The same with another network and clock, for tests.
    pub fn of_platform(
        platform: Platform,
        settings: &ClientSettings,
        transport: Arc<dyn MetadataTransport>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        settings.refuse_useless("A managed identity")?;
        let client_id = match settings.identity.identity()? {
            Identity::ClientId(id) => id,
            Identity::System | Identity::ObjectId(_) | Identity::ResourceId(_) => String::new(),
        };
        let limits = (settings.retries, settings.transport.timeout);
        let scope = settings.default_scope();
        let identity = Arc::new(ManagedIdentity::new(
            platform, &client_id, &scope, limits, transport, clock,
        ));
        let issuer = Arc::clone(&identity) as _;
        Ok(Self::in_memory(Subject::Machine(identity), issuer, settings.cache))
    }

    /// A client for the application that the environment variables describe: by `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and
    /// `AZURE_CLIENT_SECRET`, or `AZURE_CLIENT_CERTIFICATE_PATH` (with `AZURE_CLIENT_CERTIFICATE_PASSWORD` and
    /// `AZURE_CLIENT_SEND_CERTIFICATE_CHAIN`); or for the user that `AZURE_USERNAME` and `AZURE_PASSWORD` describe. An
    /// empty variable counts as unset. `AZURE_AUTHORITY_HOST` names the authority unless the settings do.
    ///
    /// # Errors
    /// [`Status::CredentialMissing`] if they describe none, or only a part of one; otherwise what is wrong with what they
    /// say. Values are in no message.
    pub fn from_environment(settings: &ClientSettings) -> Result<Self> {
        settings.refuse_identity()?;
        let environment = Environment::of_variables(settings)?;
        if environment.has_user() && settings.shares_tokens() {
            return Err(Error::new(
                Status::InvalidArgument,
                "Tokens of a user of the environment variables are not kept for other processes.",
                format!("Leave out {CACHE_NAME}, {REDIS} and a store of your own."),
            ));
        }
        let sources = if environment.has_user() {
            Sources::in_memory(Arc::clone(&environment) as _, settings.cache)
        } else {
            let store = StoreChoice::new(settings, &(Arc::new(SystemClock) as _))?;
            let owner = Owner::of(environment.application(), &settings.capabilities);
            Sources::new(Arc::clone(&environment) as _, owner, settings.cache, store)
        };
        let inner = Inner {
            sources,
            subject: Subject::Environment(environment),
            flights: Flights::at(settings.cache),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// A client that uses the first of these that applies, and then keeps to it: the credential or workload that the
    /// environment variables describe, the managed identity of this machine, the Azure CLI, the Azure Developer CLI. The
    /// variable `AZURE_TOKEN_CREDENTIALS` narrows them down. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`] for settings that have no effect here, and for a value of `AZURE_TOKEN_CREDENTIALS`
    /// that is not known; otherwise what is wrong with the variables of the first link that applies. If none applies,
    /// [`Client::acquire`] returns [`Status::CredentialMissing`].
    pub fn for_chain(settings: &ClientSettings) -> Result<Self> {
        settings.refuse_identity()?;
        settings.refuse_useless("A chain")?;
        let chain = Arc::new(Chain::new(settings)?);
        let issuer = Arc::clone(&chain) as _;
        Ok(Self::in_memory(Subject::Chain(chain), issuer, settings.cache))
    }

    /// A client that asks a developer tool for the tokens of its user. Nothing is run yet. Tokens are kept in memory
    /// alone: the tool keeps them for all processes of its user.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`] for settings that have no effect here.
    pub fn for_developer_tool(tool: Tool, settings: &ClientSettings) -> Result<Self> {
        settings.refuse_identity()?;
        settings.refuse_useless("A developer tool")?;
        let tool = Arc::new(DeveloperTool::new(tool, settings)?);
        let issuer = Arc::clone(&tool) as _;
        Ok(Self::in_memory(Subject::Tool(tool), issuer, settings.cache))
    }

    /// A client for `subject`, whose tokens are kept in memory alone.
    pub(super) fn in_memory(subject: Subject, issuer: Arc<dyn Issuer>, place: CachePlace) -> Self {
        let inner = Inner {
            sources: Sources::in_memory(issuer, place),
            subject,
            flights: Flights::at(place),
        };
        Self { inner: Arc::new(inner) }
    }
}

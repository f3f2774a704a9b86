//! Clients for the managed identity of a machine.

use std::sync::Arc;

use crate::authority::cloud::Cloud;
use crate::base::clock::{Clock, SystemClock};
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{AUTHORITY, AUTHORITY_TYPE, AZURE_REGION, CACHE_NAME, CAPABILITIES, REDIS};
use crate::client::settings::{CachePlace, ClientSettings};
use crate::client::single_flight::Flights;
use crate::client::sources::Sources;
use crate::client::subject::Subject;
use crate::client::{Client, Inner};
use crate::http::metadata::{DirectTransport, MetadataTransport};
use crate::managed_identity::{self, Identity, ManagedIdentity, Platform};
use crate::request::claims::Capabilities;

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
        refuse_useless(settings)?;
        let client_id = match settings.identity.identity()? {
            Identity::ClientId(id) => id,
            Identity::System | Identity::ObjectId(_) | Identity::ResourceId(_) => String::new(),
        };
        let cloud = settings.cloud.unwrap_or(Cloud::Global);
        let default_scope = format!("https://{}/.default", cloud.graph_host());
        let limits = (settings.retries, settings.transport.timeout);
        let identity = ManagedIdentity::new(platform, &client_id, &default_scope, limits, transport, clock);
        let identity = Arc::new(identity);
        let flights = match settings.cache {
            CachePlace::Client => Some(Arc::default()),
            CachePlace::Process => Some(Flights::of_process()),
            CachePlace::None => None,
        };
        let inner = Inner {
            sources: Sources::in_memory(Arc::clone(&identity) as _, settings.cache),
            subject: Subject::Machine(identity),
            flights,
        };
        Ok(Self { inner: Arc::new(inner) })
    }
}

/// Settings that cannot have an effect are refused, so that nobody relies on them.
fn refuse_useless(settings: &ClientSettings) -> Result<()> {
    if settings.authority.is_some() || settings.authority_kind.is_some() || settings.region.is_some() {
        return Err(Error::new(
            Status::InvalidArgument,
            "A managed identity has no authority: its platform knows the tenant.",
            format!("Leave out {AUTHORITY}, {AUTHORITY_TYPE} and {AZURE_REGION}."),
        ));
    }
    if settings.capabilities != Capabilities::default() {
        return Err(Error::new(
            Status::InvalidArgument,
            "A managed identity has no capabilities: its platform asks for the token.",
            format!("Leave out {CAPABILITIES}."),
        ));
    }
    let is_shared = settings.store.is_some() || settings.redis.address.is_some() || settings.file_store.name.is_some();
    if is_shared {
        // Another machine, or a container with the same home folder, would get the token of this machine's identity.
        return Err(Error::new(
            Status::InvalidArgument,
            "Tokens of a managed identity are not kept for other processes: the platform does so itself.",
            format!("Leave out {CACHE_NAME}, {REDIS} and a store of your own."),
        ));
    }
    Ok(())
}

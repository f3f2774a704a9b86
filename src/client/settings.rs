//! The settings of a client.

use std::sync::Arc;

use crate::authority::Authority;
use crate::authority::cloud::Cloud;
use crate::authority::kind::AuthorityKind;
#[cfg(feature = "flows")]
use crate::authority::region::Region;
use crate::base::error::Result;
#[cfg(feature = "flows")]
use crate::base::error::{Error, Status};
#[cfg(feature = "flows")]
use crate::base::parameter::{
    AUTHORITY, AUTHORITY_TYPE, AZURE_REGION, CACHE_NAME, CAPABILITIES, IDENTITY_CLIENT_ID, IDENTITY_OBJECT_ID,
    IDENTITY_RESOURCE_ID, REDIS,
};
use crate::credential::assertion::AssertionSettings;
use crate::http::transport::TransportSettings;
#[cfg(feature = "flows")]
use crate::managed_identity::{IdentitySettings, RegionDetector};
use crate::request::claims::Capabilities;
#[cfg(feature = "flows")]
use crate::service::federation::FederationSettings;
#[cfg(feature = "flows")]
use crate::service::region::RegionSource;
use crate::store::TokenStore;
use crate::store::file::FileStoreSettings;
use crate::store::key::StoreKey;
use crate::store::redis::settings::RedisSettings;

/// Settings of a client.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// The national cloud, if one is set.
    pub cloud: Option<Cloud>,
    /// The authority, if one is set.
    pub authority: Option<String>,
    /// The kind of authority; `None` for the one that its address tells.
    pub authority_kind: Option<AuthorityKind>,
    /// The region whose token service answers the application.
    #[cfg(feature = "flows")]
    pub region: Option<RegionChoice>,
    /// How client assertions are made.
    pub assertion: AssertionSettings,
    /// What the client tells the service that it can do.
    pub capabilities: Capabilities,
    /// How connections are made.
    pub transport: TransportSettings,
    /// Where tokens are cached in memory.
    pub cache: CachePlace,
    /// The file that shares tokens with other processes.
    pub file_store: FileStoreSettings,
    /// The Redis server that shares tokens with other machines, in place of a file.
    pub redis: RedisSettings,
    /// The key that encrypts tokens in a file or in Redis.
    pub store_key: Option<StoreKey>,
    /// A store of the program's own, in place of a file or Redis.
    pub store: Option<Arc<dyn TokenStore>>,
    /// The token service of the system that runs a workload, if its variables are not those of the environment.
    #[cfg(feature = "flows")]
    pub federation: FederationSettings,
    /// The managed identity of the machine, for a client without an application.
    #[cfg(feature = "flows")]
    pub identity: IdentitySettings,
    /// The tenant whose token a developer tool is asked for; empty for the one that it is signed in to.
    #[cfg(feature = "flows")]
    pub tool_tenant: String,
    /// How often a request is sent again after a transient failure, within the time limit.
    pub retries: u32,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            cloud: None,
            authority: None,
            authority_kind: None,
            #[cfg(feature = "flows")]
            region: None,
            assertion: AssertionSettings::default(),
            capabilities: Capabilities::default(),
            transport: TransportSettings::default(),
            cache: CachePlace::default(),
            file_store: FileStoreSettings::default(),
            redis: RedisSettings::default(),
            store_key: None,
            store: None,
            #[cfg(feature = "flows")]
            federation: FederationSettings::default(),
            #[cfg(feature = "flows")]
            identity: IdentitySettings::default(),
            #[cfg(feature = "flows")]
            tool_tenant: String::new(),
            retries: 3,
        }
    }
}

impl ClientSettings {
    /// The authority that `tenant` and the settings name.
    ///
    /// # Errors
    /// As for [`Authority::of_kind`].
    pub fn authority(&self, tenant: &str) -> Result<Authority> {
        Authority::of_kind(self.authority_kind, tenant, self.authority.as_deref(), self.cloud)
    }

    /// What finds the application's region; `None` if it has none.
    #[cfg(feature = "flows")]
    pub(super) fn region_source(&self) -> Result<Option<Arc<dyn RegionSource>>> {
        Ok(match &self.region {
            None => None,
            Some(RegionChoice::Named(region)) => Some(Arc::new(region.clone())),
            Some(RegionChoice::Auto { asks_imds }) => {
                let variables = self.identity.variables.clone();
                Some(Arc::new(RegionDetector::new(variables, &self.transport, *asks_imds)?))
            }
        })
    }

    /// Refuses the choice of a managed identity for a client that uses none.
    #[cfg_attr(
        not(feature = "flows"),
        expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "nothing can choose one")
    )]
    pub(super) fn refuse_identity(&self) -> Result<()> {
        #[cfg(feature = "flows")]
        if self.identity.choose_one() {
            return Err(Error::new(
                Status::InvalidArgument,
                "The id of a managed identity was given, but no managed identity is used.",
                format!("Leave out {IDENTITY_CLIENT_ID}, {IDENTITY_OBJECT_ID} and {IDENTITY_RESOURCE_ID}."),
            ));
        }
        Ok(())
    }
}

#[cfg(feature = "flows")]
impl ClientSettings {
    /// The scope of requests that name none, where no authority tells the cloud.
    pub(super) fn default_scope(&self) -> String {
        let cloud = self.cloud.unwrap_or(Cloud::Global);
        format!("https://{}/.default", cloud.graph_host())
    }

    /// Whether tokens are kept for other processes.
    pub(super) fn shares_tokens(&self) -> bool {
        self.store.is_some() || self.redis.address.is_some() || self.file_store.name.is_some()
    }

    /// Refuses settings that cannot have an effect on `subject`, whose tokens are kept in memory alone, so that nobody
    /// relies on them.
    pub(super) fn refuse_useless(&self, subject: &str) -> Result<()> {
        let refused = |message: String, hint: String| Err(Error::new(Status::InvalidArgument, message, hint));
        if self.authority.is_some() || self.authority_kind.is_some() || self.region.is_some() {
            return refused(
                format!("{subject} has no authority of its own: what issues the token knows the tenant."),
                format!("Leave out {AUTHORITY}, {AUTHORITY_TYPE} and {AZURE_REGION}."),
            );
        }
        if self.capabilities != Capabilities::default() {
            return refused(
                format!("{subject} has no capabilities: what issues the token answers no challenges."),
                format!("Leave out {CAPABILITIES}."),
            );
        }
        if self.shares_tokens() {
            // Another machine, or a container with the same home folder, would get the token of this one's identity.
            return refused(
                format!("{subject} keeps no tokens for other processes."),
                format!("Leave out {CACHE_NAME}, {REDIS} and a store of your own."),
            );
        }
        Ok(())
    }
}

/// Which region of Azure answers an application.
#[cfg(feature = "flows")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegionChoice {
    /// This one.
    Named(Region),
    /// The one that this machine is in.
    Auto {
        /// Whether the machine's metadata service may be asked for it.
        asks_imds: bool,
    },
}

/// Where a client caches its tokens in memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CachePlace {
    /// In the client, until it is dropped.
    #[default]
    Client,
    /// In the process, shared by all clients with the same application, authority and credential.
    Process,
    /// Nowhere.
    None,
}

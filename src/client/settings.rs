//! What a client is built with.

use std::sync::Arc;

use crate::authority::cloud::Cloud;
use crate::credential::assertion::AssertionSettings;
use crate::http::transport::TransportSettings;
use crate::store::TokenStore;
use crate::store::file::FileStoreSettings;
use crate::store::key::StoreKey;
use crate::store::redis::settings::RedisSettings;

/// Settings of a client.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// The national cloud, when it is said.
    pub cloud: Option<Cloud>,
    /// The authority, when it is more than a cloud.
    pub authority: Option<String>,
    /// How client assertions are made.
    pub assertion: AssertionSettings,
    /// How connections are made.
    pub transport: TransportSettings,
    /// Where tokens are kept.
    pub cache: CachePlace,
    /// The file in which tokens are kept for other processes.
    pub file_store: FileStoreSettings,
    /// The Redis in which they are kept, in place of a file.
    pub redis: RedisSettings,
    /// What tokens in a file or in Redis are protected with.
    pub store_key: Option<StoreKey>,
    /// Where else they are kept.
    pub store: Option<Arc<dyn TokenStore>>,
    /// How often a request is sent again after a failure that may pass, as far as the time limit allows it.
    pub retries: u32,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            cloud: None,
            authority: None,
            assertion: AssertionSettings::default(),
            transport: TransportSettings::default(),
            cache: CachePlace::default(),
            file_store: FileStoreSettings::default(),
            redis: RedisSettings::default(),
            store_key: None,
            store: None,
            retries: 3,
        }
    }
}

/// Where a client keeps its tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CachePlace {
    /// With the client; gone with it.
    #[default]
    Client,
    /// In the process, shared with every client that says the same and has the same proof.
    Process,
    /// Nowhere.
    None,
}

//! Tokens in Redis, for the processes of a fleet. In builds without the feature `redis` nothing of this is compiled but
//! the refusal.

#[cfg(feature = "redis")]
mod connection;
#[cfg(feature = "redis")]
mod protocol;
#[cfg(feature = "redis")]
mod server;
#[cfg(feature = "redis")]
mod socket;

use std::sync::Arc;

use crate::clock::Clock;
use crate::error::{Error, Result, Status};
use crate::options::ClientSettings;
use crate::store::TokenStore;

/// The store that `settings` describe; `None` when they name no Redis. Nothing is sent yet.
pub fn store(settings: &ClientSettings, clock: &Arc<dyn Clock>) -> Result<Option<Arc<dyn TokenStore>>> {
    let Some(address) = &settings.redis.address else {
        return Ok(None);
    };
    let key = settings.store_key.as_ref().ok_or_else(|| {
        refused(
            "Redis is named as the place for shared tokens, and no key to protect them with is given.",
            "Give 32 random bytes in Base64 as cache.key, the same to every process: `openssl rand -base64 32` makes them.",
        )
    })?;
    of(settings, address, key, clock).map(Some)
}

#[cfg(feature = "redis")]
fn of(
    settings: &ClientSettings,
    address: &crate::redis_settings::RedisAddress,
    key: &crate::store_key::StoreKey,
    clock: &Arc<dyn Clock>,
) -> Result<Arc<dyn TokenStore>> {
    let ca_file = settings.transport.trust.ca_file();
    let server = server::RedisServer::shared(&settings.redis, address, ca_file)?;
    Ok(Arc::new(crate::shared_store::SharedStore::new(
        server,
        key,
        Arc::clone(clock),
    )))
}

#[cfg(not(feature = "redis"))]
fn of(
    _settings: &ClientSettings,
    _address: &crate::redis_settings::RedisAddress,
    _key: &crate::store_key::StoreKey,
    _clock: &Arc<dyn Clock>,
) -> Result<Arc<dyn TokenStore>> {
    Err(refused(
        "This build of GraphToken has no Redis.",
        "Use a library that was built with the feature redis, or a store of your own.",
    ))
}

fn refused(what: &str, hint: &str) -> Error {
    Error::new(Status::InvalidArgument, what, hint)
}

//! Tokens in Redis, for the processes of a fleet. In builds without the feature `redis` nothing of this is compiled but
//! the refusal.

pub mod settings;

#[cfg(feature = "redis")]
mod connection;
#[cfg(feature = "redis")]
mod protocol;
#[cfg(feature = "redis")]
mod server;
#[cfg(feature = "redis")]
mod socket;

use std::path::PathBuf;
use std::sync::Arc;

use crate::base::clock::Clock;
use crate::base::error::{Error, Result, Status};
use crate::store::TokenStore;
use crate::store::key::StoreKey;
use crate::store::redis::settings::{RedisAddress, RedisSettings};

/// The store that `settings` describe; `None` when they name no Redis. Nothing is sent yet.
///
/// Records are protected with `key`. The server's certificate is checked against `ca_file`, or against the authorities
/// that the operating system trusts when that is `None`.
pub fn store(
    settings: &RedisSettings,
    key: Option<&StoreKey>,
    ca_file: Option<PathBuf>,
    clock: &Arc<dyn Clock>,
) -> Result<Option<Arc<dyn TokenStore>>> {
    let Some(address) = &settings.address else {
        return Ok(None);
    };
    let key = key.ok_or_else(|| {
        refused(
            "Redis is named as the place for shared tokens, and no key to protect them with is given.",
            "Give 32 random bytes in Base64 as cache.key, the same to every process: `openssl rand -base64 32` makes them.",
        )
    })?;
    of(settings, address, key, ca_file, clock).map(Some)
}

#[cfg(feature = "redis")]
fn of(
    settings: &RedisSettings,
    address: &RedisAddress,
    key: &StoreKey,
    ca_file: Option<PathBuf>,
    clock: &Arc<dyn Clock>,
) -> Result<Arc<dyn TokenStore>> {
    let server = server::RedisServer::shared(settings, address, ca_file)?;
    Ok(Arc::new(crate::store::shared::SharedStore::new(
        server,
        key,
        Arc::clone(clock),
    )))
}

#[cfg(not(feature = "redis"))]
fn of(
    _settings: &RedisSettings,
    _address: &RedisAddress,
    _key: &StoreKey,
    _ca_file: Option<PathBuf>,
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

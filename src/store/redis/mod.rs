//! Tokens in Redis, for several processes and machines. Builds without the feature `redis` refuse the settings.

pub mod settings;

#[cfg(feature = "redis")]
mod connection;
#[cfg(feature = "redis")]
mod protocol;
#[cfg(feature = "redis")]
mod refusal;
#[cfg(feature = "redis")]
mod server;
#[cfg(feature = "redis")]
mod socket;

use std::path::PathBuf;
use std::sync::Arc;

use crate::base::clock::Clock;
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::CACHE_KEY;
use crate::store::TokenStore;
use crate::store::key::{HOW_TO_GENERATE, StoreKey};
use crate::store::redis::settings::{RedisAddress, RedisSettings};

/// The store that `settings` describe; `None` if they name no server. Nothing is sent yet.
///
/// Records are encrypted with `key`. `ca_file` has the authorities to trust for the server's certificate; `None` stands
/// for those of the operating system.
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
            "No key was given to encrypt the tokens in Redis.",
            format!("Set {CACHE_KEY} to 32 random bytes in Base64, the same for every process. {HOW_TO_GENERATE}"),
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
        "This build of GraphToken does not support Redis.",
        "Use a library that was built with the feature `redis`, or a token store of your own.",
    ))
}

fn refused(message: &str, hint: impl Into<String>) -> Error {
    Error::new(Status::InvalidArgument, message, hint)
}

//! Chooses the token store that a client's settings name.

use std::sync::Arc;

use crate::base::clock::Clock;
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{CACHE_KEY, CACHE_NAME, REDIS};
use crate::client::settings::ClientSettings;
use crate::store::TokenStore;
use crate::store::file::FileStore;
use crate::store::redis;

/// The chosen store, or why it cannot be used.
#[derive(Debug, Default)]
pub struct StoreChoice {
    /// The store; `None` if the settings name none, or if it cannot be used now.
    pub store: Option<Arc<dyn TokenStore>>,
    /// Why the store cannot be used now.
    pub failure: Option<Error>,
}

impl StoreChoice {
    /// Chooses the store that `settings` name.
    ///
    /// # Errors
    /// `InvalidArgument` for contradictory settings, `CacheProtectionUnavailable` if the user's account offers no
    /// protection for a file. A file that cannot be used now is no error, because tokens can be issued without it.
    pub fn new(settings: &ClientSettings, clock: &Arc<dyn Clock>) -> Result<Self> {
        refuse_contradictions(settings)?;
        let key = settings.store_key.as_ref();
        let of_redis = || redis::store(&settings.redis, key, settings.transport.trust.ca_file(), clock);
        let store = match settings.store.clone().map_or_else(of_redis, |own| Ok(Some(own)))? {
            Some(store) => Some(store),
            None => match FileStore::open(&settings.file_store, key, settings.transport.timeout) {
                Ok(store) => store.map(|store| Arc::new(store) as _),
                Err(error) if matches!(error.status(), Status::CacheUnwritable | Status::CacheLocked) => {
                    log::warn!("tokens are not shared with other processes: {error}");
                    return Ok(Self {
                        store: None,
                        failure: Some(error),
                    });
                }
                Err(error) => return Err(error),
            },
        };
        Ok(Self { store, failure: None })
    }
}

fn refuse_contradictions(settings: &ClientSettings) -> Result<()> {
    settings.file_store.refuse_without_name()?;
    let places = [
        settings.store.is_some(),
        settings.redis.address.is_some(),
        settings.file_store.name.is_some(),
    ];
    match places.iter().filter(|is_named| **is_named).count() {
        0 if settings.store_key.is_some() => Err(Error::new(
            Status::InvalidArgument,
            "A token cache key was given, but no place to keep tokens in.",
            format!("Use {CACHE_NAME} or {REDIS} to name a place, or leave out {CACHE_KEY}."),
        )),
        0 | 1 => Ok(()),
        _ => Err(Error::new(
            Status::InvalidArgument,
            "More than one place to keep tokens for other processes was given.",
            format!("Use only one: a file with {CACHE_NAME}, Redis with {REDIS}, or a store of your own."),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::SystemClock;
    use crate::client::options::Options;

    fn refusal(given: &[(&str, &str)]) -> Error {
        let mut options = Options::default();
        for (key, value) in given {
            options.set(key, value).unwrap();
        }
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        StoreChoice::new(&options.client, &clock).unwrap_err()
    }

    #[test]
    fn contradictory_settings_are_refused() {
        let key = ("cache.key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        let (file, redis) = (("cache.name", "work"), ("cache.redis", "redis://localhost"));
        for (given, named) in [
            (&[key][..], "cache.name or option cache.redis"),
            (&[file, redis, key], "Use only one"),
            (&[redis], "cache.key"),
            (&[("cache.folder", "/x")], "cache.name"),
            (&[("cache.protection", "none"), redis, key], "cache.name"),
        ] {
            let error = refusal(given);
            assert_eq!(error.status(), Status::InvalidArgument, "{given:?}");
            assert!(error.hint().contains(named), "{given:?}: {}", error.hint());
        }
    }
}

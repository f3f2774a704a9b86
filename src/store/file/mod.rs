//! Tokens in a file of the user's, for the next process and for others at the same time.
//!
//! The file has MSAL's unified cache schema, so that MSAL's libraries read ours and we read theirs. It is replaced in one
//! step, under a lock that every process takes, and protected with what the operating system has for the user's secrets
//! or with a key.

mod account;
mod cipher;
mod contents;
mod disk;
mod document;
mod listing;
mod lock;
mod place;
mod proof;
mod protection;
mod refresh_tokens;
mod settings;
mod target;
#[cfg(not(windows))]
mod user_key;

pub use listing::ListedToken;
pub use settings::{CacheName, FileStoreSettings, ProtectionChoice};

use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::base::error::{Error, Result, Status};
use crate::store::file::contents::Contents;
use crate::store::file::place::Place;
use crate::store::file::protection::{Protection, Unopened};
use crate::store::file::target::Target;
use crate::store::key::StoreKey;
use crate::store::{Found, TokenStore, Turn, Wanted};
use crate::token::Token;

/// A token cache in a file.
#[derive(Debug)]
pub struct FileStore {
    place: Place,
    protection: Protection,
}

impl FileStore {
    /// The cache that `settings` name, protected with `key` in place of what they say; `None` when they name none. The
    /// file is made with the first token.
    ///
    /// # Errors
    /// `InvalidArgument` for settings that contradict each other, `CacheProtectionUnavailable` when this account has no
    /// protection of its own, `CacheUnwritable` and `CacheLocked` when the folder cannot be used.
    pub fn open(settings: &FileStoreSettings, key: Option<&StoreKey>) -> Result<Option<Self>> {
        let Some(path) = settings.path()? else { return Ok(None) };
        let place = Place::new(path);
        place.make_folder()?;
        let lock = place.lock()?;
        let protection = Protection::new(settings, key, place.path())?;
        drop(lock);
        Ok(Some(Self { place, protection }))
    }

    /// Removes the cache that `settings` name, whatever is in it, and says whether there was one.
    pub fn clear(settings: &FileStoreSettings) -> Result<bool> {
        let Some(path) = settings.path()? else { return Ok(false) };
        if !path.parent().is_some_and(Path::is_dir) {
            return Ok(false);
        }
        let place = Place::new(path);
        let _lock = place.lock()?;
        let was_there = place.remove()?;
        #[cfg(not(windows))]
        protection::forget_key(settings, place.path());
        Ok(was_there)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        self.place.path()
    }

    /// The access tokens in it, without the tokens themselves.
    pub fn tokens(&self) -> Result<Vec<ListedToken>> {
        self.read().map(|contents| ListedToken::all(&contents))
    }

    /// What is in the file; nothing when there is none.
    ///
    /// # Errors
    /// A damaged file is set aside, and the error says where it is now: the next call finds none.
    fn read(&self) -> Result<Contents> {
        match self.try_read()? {
            Ok(contents) => return Ok(contents),
            Err(Unopened::Otherwise(reason)) => return Err(self.protected_otherwise(reason)),
            Err(Unopened::Lost(_)) => {}
        }
        // MSAL does not replace the file in one step, but holds the lock while it writes.
        let _lock = self.place.lock()?;
        match self.try_read()? {
            Ok(contents) => Ok(contents),
            Err(Unopened::Otherwise(reason)) => Err(self.protected_otherwise(reason)),
            Err(Unopened::Lost(reason)) => Err(self.set_aside(&reason)?),
        }
    }

    fn try_read(&self) -> Result<std::result::Result<Contents, Unopened>> {
        let Some(content) = self.place.read()? else {
            return Ok(Ok(Contents::default()));
        };
        let json = self.protection.open(&content);
        Ok(json.and_then(|json| Contents::parse(&json).map_err(Unopened::Lost)))
    }

    /// Changes what is in the file. What is damaged is set aside, and the change begins a new one.
    fn change(&self, change: impl FnOnce(&mut Contents) -> Result<()>) -> Result<()> {
        self.place.make_folder()?;
        let _lock = self.place.lock()?;
        let mut contents = match self.try_read()? {
            Ok(contents) => contents,
            Err(Unopened::Otherwise(reason)) => return Err(self.protected_otherwise(reason)),
            Err(Unopened::Lost(reason)) => {
                log::warn!("{}", self.set_aside(&reason)?);
                Contents::default()
            }
        };
        change(&mut contents)?;
        self.place.replace(&self.protection.seal(&contents.to_json())?)
    }

    fn set_aside(&self, reason: &str) -> Result<Error> {
        let aside = self.place.set_aside(SystemTime::now())?;
        Ok(Error::new(
            Status::CacheUnreadable,
            format!(
                "The token cache {} is damaged: {reason}. It was set aside as {}, and a new one begins.",
                self.path().display(),
                aside.display()
            ),
            "Nothing has to be done, but users whose newest refresh token was in it may have to sign in again. After a \
             change of the key, or a restart of a Linux machine without one, this is expected.",
        ))
    }

    fn protected_otherwise(&self, reason: &str) -> Error {
        Error::new(
            Status::CacheUnreadable,
            format!("The token cache {} cannot be used: {reason}.", self.path().display()),
            "Give the cache.protection or cache.key that it was written with, or another cache.name.",
        )
    }
}

impl TokenStore for FileStore {
    fn find(&self, wanted: &Wanted<'_>) -> Result<Found> {
        Ok(self.read()?.find(&Target::new(wanted)))
    }

    fn keep(&self, wanted: &Wanted<'_>, token: &Token, now: SystemTime) -> Result<()> {
        let hides_content = self.protection.hides_content();
        self.change(|contents| contents.keep(&Target::new(wanted), token, now, hides_content))
    }

    fn forget_refresh_token(&self, wanted: &Wanted<'_>) -> Result<()> {
        self.change(|contents| {
            contents.forget_refresh_token(&Target::new(wanted));
            Ok(())
        })
    }

    fn take_turn(&self, wanted: &Wanted<'_>, patience: Duration) -> Result<Turn> {
        let number = self.read()?.turn(&Target::new(wanted));
        let lock = self.place.turn(number, patience)?;
        Ok(Turn {
            hold: lock.map(|lock| Box::new(lock) as _),
            // They may have come and gone between the caller's look and its turn, and looking again costs little.
            others_were_first: true,
        })
    }
}

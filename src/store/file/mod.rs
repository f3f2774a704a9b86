//! Tokens in a file, for later processes and for those that run at the same time.
//!
//! The file has the schema of MSAL's unified cache: MSAL's libraries read our files, and we read theirs. It is replaced
//! atomically, under a lock that every process takes. The operating system's protection for the user's secrets encrypts
//! it, or a key of the caller, unless the caller wants plain text.

mod account;
mod cipher;
mod claim;
mod companion;
mod contents;
mod disk;
mod document;
mod entries;
#[cfg(feature = "flows")]
mod file_accounts;
mod listing;
mod lock;
#[cfg(feature = "flows")]
mod memory;
mod ownership;
mod place;
mod proof;
mod protection;
mod refresh_tokens;
mod removal;
mod selection;
mod settings;
#[cfg(feature = "flows")]
mod signed_in;
mod signed_out;
mod target;
#[cfg(not(windows))]
mod user_key;
mod verbatim;

#[cfg(feature = "flows")]
pub use account::belongs_to;
pub use listing::ListedToken;
#[cfg(feature = "flows")]
pub use memory::MemoryAccounts;
pub use selection::TokenSelection;
pub use settings::{CacheName, FileStoreSettings, ProtectionChoice};

use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{CACHE_KEY, CACHE_NAME, CACHE_PROTECTION};
#[cfg(feature = "flows")]
use crate::store::accounts::AccountStore;
use crate::store::file::contents::Contents;
use crate::store::file::place::{Place, Trust};
use crate::store::file::protection::{Protection, Unopened};
use crate::store::file::target::{TURNS, Target};
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
    /// Opens the cache that `settings` name; `None` if they name none. `key` replaces the protection in `settings`. The
    /// file is created with the first token. Operations wait for the lock for a quarter of `time_limit`, that of calls,
    /// and for 5 s at most.
    ///
    /// # Errors
    /// `InvalidArgument` for settings that contradict each other, `CacheProtectionUnavailable` if this account has no
    /// user protection, and for plain text in a folder that other users can write; `CacheUnwritable` and `CacheLocked`
    /// if the folder cannot be used.
    pub fn open(settings: &FileStoreSettings, key: Option<&StoreKey>, time_limit: Duration) -> Result<Option<Self>> {
        let Some(path) = settings.path()? else { return Ok(None) };
        let place = Place::new(path, time_limit);
        place.make_folder()?;
        place.check_folder(Trust::of(hides_content(settings, key)))?;
        let lock = place.lock()?;
        let protection = Protection::new(settings, key, place.path())?;
        drop(lock);
        Ok(Some(Self { place, protection }))
    }

    /// Deletes the cache that `settings` name, whatever it contains, and the locks beside it that no process holds.
    /// Damaged files that were set aside stay. Returns whether there was a cache; `None` if the settings name none.
    /// Waits for the lock as [`FileStore::open`] does.
    pub fn clear(settings: &FileStoreSettings, time_limit: Duration) -> Result<Option<bool>> {
        let Some(path) = settings.path()? else { return Ok(None) };
        let place = Place::new(path, time_limit);
        if !place.was_used() {
            return Ok(Some(false));
        }
        let lock = place.lock()?;
        let was_there = place.remove()?;
        #[cfg(not(windows))]
        protection::forget_key(settings, place.path());
        place.remove_locks(TURNS, lock);
        Ok(Some(was_there))
    }

    /// Removes what `selection` covers from the cache that `settings` name, and returns how many access tokens that were;
    /// `None` if the settings name no cache. A cache with nothing left is deleted with its locks, as
    /// [`FileStore::clear`] does it. `key` and `time_limit` as for [`FileStore::open`].
    ///
    /// # Errors
    /// A file that cannot be opened stays as it is: the caller may only have the wrong key. `InvalidArgument` if several
    /// accounts have the name of the selection.
    pub fn remove(
        settings: &FileStoreSettings,
        key: Option<&StoreKey>,
        time_limit: Duration,
        selection: &TokenSelection,
    ) -> Result<Option<usize>> {
        let Some(path) = settings.path()? else { return Ok(None) };
        if !Place::new(path, time_limit).was_used() {
            return Ok(Some(0));
        }
        let Some(store) = Self::open(settings, key, time_limit)? else {
            return Ok(None);
        };
        let forget_key = || {
            #[cfg(not(windows))]
            protection::forget_key(settings, store.place.path());
        };
        let removed = store.take_away(forget_key, |contents| removal::remove(contents, selection))?;
        Ok(Some(removed))
    }

    /// Removes a part of the contents. A cache with nothing left is deleted with its locks, and `emptied` is called.
    fn take_away<T>(&self, emptied: impl FnOnce(), removal: impl FnOnce(&mut Contents) -> Result<T>) -> Result<T> {
        let lock = self.place.lock()?;
        let mut contents = match self.try_read()? {
            Ok(contents) => contents,
            Err(Unopened::Unexpected(reason)) => return Err(self.unusable(reason)),
            Err(Unopened::Lost(reason)) => return Err(self.unusable(&reason)),
        };
        let removed = removal(&mut contents)?;
        if removal::is_empty(&contents) {
            self.place.remove()?;
            emptied();
            self.place.remove_locks(TURNS, lock);
        } else {
            self.place.replace(&self.protection.seal(&contents.to_json())?)?;
        }
        Ok(removed)
    }

    /// Lists the access tokens that `selection` covers in the cache that `settings` name, without the tokens themselves;
    /// none if there is no such cache. `key` and `time_limit` as for [`FileStore::open`]. Nothing is created.
    pub fn list(
        settings: &FileStoreSettings,
        key: Option<&StoreKey>,
        time_limit: Duration,
        selection: &TokenSelection,
    ) -> Result<Vec<ListedToken>> {
        let Some(path) = settings.path()? else {
            return Ok(Vec::new());
        };
        let place = Place::new(path, time_limit);
        if !place.was_used() {
            place.check_folder(Trust::of(hides_content(settings, key)))?;
            return Ok(Vec::new());
        }
        let store = Self::open(settings, key, time_limit)?;
        store.map_or(Ok(Vec::new()), |store| store.tokens(selection))
    }

    /// The file.
    pub fn path(&self) -> &Path {
        self.place.path()
    }

    /// Lists the access tokens that `selection` covers in the file, without the tokens themselves.
    ///
    /// # Errors
    /// A file that cannot be opened stays as it is: the caller may only have the wrong key.
    pub fn tokens(&self, selection: &TokenSelection) -> Result<Vec<ListedToken>> {
        self.read_or(|reason| Ok(self.unusable(reason)))
            .map(|contents| ListedToken::all(&contents, selection))
    }

    /// Reads the file; a missing one has no contents.
    ///
    /// # Errors
    /// A damaged file is renamed, and the error tells its new name: the next call finds no file.
    fn read(&self) -> Result<Contents> {
        self.read_or(|reason| self.set_aside(reason))
    }

    /// Reads the file; `lost` makes the error for one that is damaged, while nobody else writes it.
    fn read_or(&self, lost: impl FnOnce(&str) -> Result<Error>) -> Result<Contents> {
        match self.try_read()? {
            Ok(contents) => return Ok(contents),
            Err(Unopened::Unexpected(reason)) => return Err(self.unusable(reason)),
            Err(Unopened::Lost(_)) => {}
        }
        // MSAL does not replace the file atomically, but holds the lock while it writes.
        let _lock = self.place.lock()?;
        match self.try_read()? {
            Ok(contents) => Ok(contents),
            Err(Unopened::Unexpected(reason)) => Err(self.unusable(reason)),
            Err(Unopened::Lost(reason)) => Err(lost(&reason)?),
        }
    }

    fn try_read(&self) -> Result<std::result::Result<Contents, Unopened>> {
        let trust = Trust::of(self.protection.hides_content());
        let Some(content) = self.place.read(trust)? else {
            return Ok(Ok(Contents::default()));
        };
        let json = self.protection.open(&content);
        Ok(json.and_then(|json| Contents::parse(&json).map_err(Unopened::Lost)))
    }

    /// Changes the contents of the file. A damaged file is renamed, and the change starts a new one.
    fn change(&self, change: impl FnOnce(&mut Contents) -> Result<()>) -> Result<()> {
        self.place.make_folder()?;
        let _lock = self.place.lock()?;
        let mut contents = match self.try_read()? {
            Ok(contents) => contents,
            Err(Unopened::Unexpected(reason)) => return Err(self.unusable(reason)),
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
                "The token cache {} is damaged: {reason}. It was renamed to {}, and the next token starts a new cache.",
                self.path().display(),
                aside.display()
            ),
            format!(
                "Sign in again if a refresh token is rejected: the newest one may have been in that file. This is \
                 expected after a change of {CACHE_KEY}, and without one after a restart of a Linux machine."
            ),
        ))
    }

    fn unusable(&self, reason: &str) -> Error {
        Error::new(
            Status::CacheUnreadable,
            format!("Cannot use the token cache {}: {reason}.", self.path().display()),
            format!(
                "Check {CACHE_PROTECTION} and {CACHE_KEY}: they must be the same as when the file was written. Or use \
                 {CACHE_NAME} to choose another file."
            ),
        )
    }
}

/// Whether the file cannot be read without a key.
fn hides_content(settings: &FileStoreSettings, key: Option<&StoreKey>) -> bool {
    key.is_some() || settings.protection != ProtectionChoice::None
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

    #[cfg(feature = "flows")]
    fn account_store(&self) -> Option<&dyn AccountStore> {
        Some(self)
    }

    fn take_turn(&self, wanted: &Wanted<'_>, patience: Duration) -> Result<Turn> {
        let number = self.read()?.turn(&Target::new(wanted));
        let lock = self.place.turn(number, patience)?;
        Ok(Turn {
            hold: lock.map(|lock| Box::new(lock) as _),
            // Another process may have finished between the caller's lookup and its turn, and a second lookup is cheap.
            others_were_first: true,
        })
    }
}

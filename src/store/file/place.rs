//! The file on disk: read, replaced atomically, locked, renamed when it is damaged.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{CACHE_FOLDER, CACHE_KEY};
use crate::base::regular_file::{self, Links};
use crate::store::file::companion;
use crate::store::file::disk::{self, SystemDisk};
use crate::store::file::lock::FileLock;
use crate::store::file::ownership::foreign_access;

/// The longest wait for the file's lock. Other processes hold it for milliseconds.
const LONGEST_PATIENCE: Duration = Duration::from_secs(5);

/// The size limit in bytes: the whole file is read into memory, and no token cache is larger.
const LARGEST: usize = 256 * 1024 * 1024;

/// Why the content of the file is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// It cannot be written without the key that encrypts it.
    InKey,
    /// Only this user and root can write it.
    InOwner,
}

impl Trust {
    /// The trust in a file whose protection hides its content, or does not.
    pub(super) fn of(hides_content: bool) -> Self {
        if hides_content { Self::InKey } else { Self::InOwner }
    }
}

/// The path of the file, and of the files beside it.
#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
    patience: Duration,
}

impl Place {
    /// The place of the file at `path`, for calls with this time limit: an operation waits for a part of it.
    pub(super) fn new(path: PathBuf, time_limit: Duration) -> Self {
        Self {
            path,
            patience: LONGEST_PATIENCE.min(time_limit / 4),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Creates the folder if it is missing. Only this user can enter it.
    pub(super) fn make_folder(&self) -> Result<()> {
        let folder = self.folder();
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(|error| failed("create", folder, &error))
    }

    /// Refuses a folder that other users can write if the file is trusted for its owner; logs a warning otherwise.
    ///
    /// # Errors
    /// `CacheProtectionUnavailable`.
    pub(super) fn check_folder(&self, trust: Trust) -> Result<()> {
        let folder = self.folder();
        // A folder that cannot be looked at fails when it is used.
        let access = fs::metadata(folder).ok().as_ref().and_then(foreign_access);
        match (access, trust) {
            (None, _) => Ok(()),
            (Some(access), Trust::InKey) => {
                log::warn!(
                    "other users can delete the token cache {} or put an older one in its place: its folder {access}",
                    self.path.display()
                );
                Ok(())
            }
            (Some(access), Trust::InOwner) => Err(Error::new(
                Status::CacheProtectionUnavailable,
                format!(
                    "Cannot keep tokens in plain text in {}: the folder {access}, so that other users can plant tokens.",
                    folder.display()
                ),
                format!(
                    "Make this account the owner of the folder and the only one that can write it (chmod 700), use \
                     {CACHE_FOLDER} to choose another one, or set {CACHE_KEY}."
                ),
            )),
        }
    }

    /// Reads the file; `None` if there is none. No lock is needed, because the file is replaced atomically.
    ///
    /// # Errors
    /// `CacheUnreadable`; also for a file that other users can write if it is trusted for its owner.
    pub(super) fn read(&self, trust: Trust) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let opened = regular_file::open(OpenOptions::new().read(true), &self.path, Links::Refused);
        let (file, facts) = match opened {
            Ok(opened) => opened,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.unreadable(&error)),
        };
        if let (Trust::InOwner, Some(access)) = (trust, foreign_access(&facts)) {
            return Err(self.planted(access));
        }
        self.warn_of_readers(&facts);
        let content = regular_file::content(file, &facts, LARGEST);
        content.map(Some).map_err(|error| self.unreadable(&error))
    }

    /// Replaces the content of the file. The caller holds the lock.
    pub(super) fn replace(&self, content: &[u8]) -> Result<()> {
        let deadline = std::time::Instant::now() + self.patience;
        loop {
            match disk::replace(&SystemDisk, &self.path, &self.beside(companion::DRAFT), content) {
                // Windows refuses this while another program (MSAL, a virus scanner) has the file open exclusively.
                Err(error) if cfg!(windows) && is_denied(&error) && std::time::Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                outcome => return outcome.map_err(|error| failed("write", &self.path, &error)),
            }
        }
    }

    /// Deletes the file, and returns whether there was one. The caller holds the lock.
    pub(super) fn remove(&self) -> Result<bool> {
        match fs::remove_file(&self.path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(failed("delete", &self.path, &error)),
        }
    }

    /// Whether a process has used the cache: its lock, which each creates first, is there, or the file.
    pub(super) fn was_used(&self) -> bool {
        let is_there = |path: &Path| path.symlink_metadata().is_ok();
        is_there(&self.path) || is_there(&self.beside(companion::LOCK))
    }

    /// Deletes the locks that nobody holds, of `turns` turns and that for writing, which the caller holds. A process that
    /// waits for one of them finds that it is deleted, and takes a new one.
    pub(super) fn remove_locks(&self, turns: u8, lock: FileLock) {
        for number in 0..turns {
            let path = self.beside(&format!("{}{number}", companion::TURN));
            let is_there = path.symlink_metadata().is_ok();
            if let Some(turn) = is_there
                .then(|| FileLock::take(&path, Duration::ZERO).ok().flatten())
                .flatten()
            {
                turn.delete(&path);
            }
        }
        lock.delete(&self.beside(companion::LOCK));
    }

    /// Renames the file to an unused name, and returns that name. The caller holds the lock.
    pub(super) fn set_aside(&self, now: SystemTime) -> Result<PathBuf> {
        let extension = format!("{}{}", companion::DAMAGED, time_stamp(now));
        let mut aside = self.beside(&extension);
        let mut number = 1;
        while aside.symlink_metadata().is_ok() {
            number += 1;
            aside = self.beside(&format!("{extension}-{number}"));
        }
        fs::rename(&self.path, &aside).map_err(|error| failed("rename", &self.path, &error))?;
        Ok(aside)
    }

    /// Takes the lock for writing the file. It has the name that MSAL's extensions use.
    pub(super) fn lock(&self) -> Result<FileLock> {
        let path = self.beside(companion::LOCK);
        let taken = FileLock::take(&path, self.patience).map_err(|error| failed("lock", &path, &error))?;
        taken.ok_or_else(|| {
            Error::new(
                Status::CacheLocked,
                format!(
                    "Timed out waiting for the lock {}: another process has held it for {} ms.",
                    path.display(),
                    self.patience.as_millis()
                ),
                "Find and end the program that hangs while it uses this token cache.",
            )
        })
    }

    /// Takes the lock for the turn of this number; `None` if others hold it for all of `patience`.
    pub(super) fn turn(&self, number: u8, patience: Duration) -> Result<Option<FileLock>> {
        let path = self.beside(&format!("{}{number}", companion::TURN));
        FileLock::take(&path, patience).map_err(|error| failed("lock", &path, &error))
    }

    pub(super) fn unreadable(&self, error: &io::Error) -> Error {
        Error::new(
            Status::CacheUnreadable,
            format!("Cannot read the token cache {}: {error}.", self.path.display()),
            hint(error),
        )
    }

    fn planted(&self, access: &str) -> Error {
        Error::new(
            Status::CacheUnreadable,
            format!(
                "Cannot use the token cache {}: the file {access}, so that its tokens may be planted.",
                self.path.display()
            ),
            format!(
                "Delete the file, or make this account its owner and the only one that can write it (chmod 600). Or set \
                 {CACHE_KEY}."
            ),
        )
    }

    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    fn beside(&self, extension: &str) -> PathBuf {
        let mut name = OsString::from(&self.path);
        name.push(".");
        name.push(extension);
        name.into()
    }

    #[cfg(unix)]
    fn warn_of_readers(&self, found: &fs::Metadata) {
        use std::os::unix::fs::PermissionsExt;
        if found.permissions().mode() & 0o077 != 0 {
            log::warn!(
                "other users have permissions for the token cache {}; the next write sets its mode to 600",
                self.path.display()
            );
        }
    }

    #[cfg(not(unix))]
    #[allow(clippy::unused_self, reason = "other systems look at the permissions here")]
    fn warn_of_readers(&self, _: &fs::Metadata) {}
}

fn is_denied(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied || error.raw_os_error() == Some(32)
}

fn failed(action: &str, path: &Path, error: &io::Error) -> Error {
    Error::new(
        Status::CacheUnwritable,
        format!("Cannot {action} {}: {error}.", path.display()),
        hint(error),
    )
}

fn hint(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => format!(
            "Make the account that runs this program the owner of the folder, or use {CACHE_FOLDER} to choose another \
             one."
        ),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "Free space on the disk.".to_owned(),
        io::ErrorKind::InvalidInput | io::ErrorKind::IsADirectory => {
            format!("Delete it, or use {CACHE_FOLDER} to choose another folder.")
        }
        _ => format!("Check the disk or network share, or use {CACHE_FOLDER} to choose another folder."),
    }
}

/// The date and time in UTC in the basic format of ISO 8601: `20261125T195030Z`.
fn time_stamp(now: SystemTime) -> String {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let text = der::DateTime::from_unix_duration(since).map(|time| time.to_string());
    text.unwrap_or_default().replace(['-', ':'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_set_aside_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(folder.path().join("cache"), Duration::ZERO);
        let asides = ["one", "other", "third"].map(|content| {
            fs::write(place.path(), content).unwrap();
            (place.set_aside(UNIX_EPOCH).unwrap(), content)
        });
        for (aside, content) in asides {
            assert_eq!(fs::read_to_string(aside).unwrap(), content);
        }
    }

    #[test]
    fn time_stamps_are_file_names_that_sort() {
        let time = UNIX_EPOCH + Duration::from_secs(1_300_819_380);
        assert_eq!(time_stamp(time), "20110322T184300Z");
    }
}

//! The file on the disk: read, replaced in one step, locked, set aside.

use std::ffi::OsString;
use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::store::file::disk::{self, SystemDisk};
use crate::store::file::lock::FileLock;

/// How long an operation waits for the file's lock. Others hold it for milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// More than this is no token cache, and would be read into memory whole.
const LARGEST: u64 = 256 * 1024 * 1024;

/// The file's path, and the names beside it.
#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
}

impl Place {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the folder, which nobody but this user may enter, when it is not there.
    pub(super) fn make_folder(&self) -> Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(|error| unwritable(folder, &error))
    }

    /// What is in the file; `None` when there is none. No lock is needed: the file is never there in part.
    pub(super) fn read(&self) -> Result<Option<Zeroizing<Vec<u8>>>> {
        match fs::metadata(&self.path) {
            Ok(found) if found.len() > LARGEST => {
                return Err(self.unreadable(&io::Error::from(io::ErrorKind::FileTooLarge)));
            }
            Ok(found) => self.warn_of_readers(&found),
            Err(_) => {}
        }
        match fs::read(&self.path) {
            Ok(content) => Ok(Some(Zeroizing::new(content))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.unreadable(&error)),
        }
    }

    /// Puts `content` in the place of what is there. The caller holds the lock.
    pub(super) fn replace(&self, content: &[u8]) -> Result<()> {
        let deadline = std::time::Instant::now() + PATIENCE;
        loop {
            match disk::replace(&SystemDisk, &self.path, &self.beside("new"), content) {
                // On Windows somebody who has the file open without sharing it (MSAL, a virus scanner) is in the way.
                Err(error) if cfg!(windows) && is_denied(&error) && std::time::Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                outcome => return outcome.map_err(|error| unwritable(&self.path, &error)),
            }
        }
    }

    /// Removes the file, and says whether there was one. The caller holds the lock.
    pub(super) fn remove(&self) -> Result<bool> {
        match fs::remove_file(&self.path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(unwritable(&self.path, &error)),
        }
    }

    /// Gives the file a name that no other file has, which is returned. The caller holds the lock.
    pub(super) fn set_aside(&self, now: SystemTime) -> Result<PathBuf> {
        let mut aside = self.beside(&format!("damaged-{}", time_stamp(now)));
        let mut number = 1;
        while aside.exists() {
            number += 1;
            aside = self.beside(&format!("damaged-{}-{number}", time_stamp(now)));
        }
        fs::rename(&self.path, &aside).map_err(|error| unwritable(&self.path, &error))?;
        Ok(aside)
    }

    /// The lock of everybody who writes the file; under the name that MSAL's extensions take.
    pub(super) fn lock(&self) -> Result<FileLock> {
        let path = self.beside("lockfile");
        let taken = FileLock::take(&path, PATIENCE).map_err(|error| unwritable(&path, &error))?;
        taken.ok_or_else(|| {
            Error::new(
                Status::CacheLocked,
                format!(
                    "Another process has had {} locked for {} s.",
                    path.display(),
                    PATIENCE.as_secs()
                ),
                "Look for a program that hangs while it uses this token cache.",
            )
        })
    }

    /// The lock of everybody who asks the service for tokens of this `number`; `None` when others have it for too long.
    pub(super) fn turn(&self, number: u8, patience: Duration) -> Result<Option<FileLock>> {
        let path = self.beside(&format!("turn-{number}"));
        FileLock::take(&path, patience).map_err(|error| unwritable(&path, &error))
    }

    pub(super) fn unreadable(&self, error: &io::Error) -> Error {
        Error::new(
            Status::CacheUnreadable,
            format!("The token cache {} cannot be read: {error}", self.path.display()),
            hint(error),
        )
    }

    fn beside(&self, what: &str) -> PathBuf {
        let mut name = OsString::from(&self.path);
        name.push(".");
        name.push(what);
        name.into()
    }

    #[cfg(unix)]
    fn warn_of_readers(&self, found: &fs::Metadata) {
        use std::os::unix::fs::PermissionsExt;
        if found.permissions().mode() & 0o077 != 0 {
            log::warn!(
                "others than its owner may use the token cache {}; it gets the mode 600 when it is written next",
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

fn unwritable(path: &Path, error: &io::Error) -> Error {
    Error::new(
        Status::CacheUnwritable,
        format!("{} cannot be written: {error}", path.display()),
        hint(error),
    )
}

fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "Let the account that runs this program own the cache's folder, or name another one with cache.folder."
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "Make room on the disk.",
        _ => "Check the disk or network share that it is on, or name another folder with cache.folder.",
    }
}

/// Date and time in UTC as ISO 8601 has them in file names: `20261125T195030Z`.
fn time_stamp(now: SystemTime) -> String {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let text = der::DateTime::from_unix_duration(since).map(|time| time.to_string());
    text.unwrap_or_default().replace(['-', ':'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_set_aside_stays() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(folder.path().join("cache"));
        let asides = ["one", "other", "third"].map(|content| {
            fs::write(place.path(), content).unwrap();
            (place.set_aside(UNIX_EPOCH).unwrap(), content)
        });
        for (aside, content) in asides {
            assert_eq!(fs::read_to_string(aside).unwrap(), content);
        }
    }

    #[test]
    fn time_stamps_sort_and_are_file_names() {
        let time = UNIX_EPOCH + Duration::from_secs(1_300_819_380);
        assert_eq!(time_stamp(time), "20110322T184300Z");
    }
}

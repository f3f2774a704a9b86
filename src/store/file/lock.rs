//! Locks between processes. The operating system releases them when their process dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::base::jitter;
use crate::base::regular_file::{self, Links};

/// The pause between two attempts; a random part of up to the same length is added.
const PAUSE: Duration = Duration::from_millis(4);

/// A lock, held until it is dropped.
#[derive(Debug)]
pub(super) struct FileLock {
    /// Unlocked when it is closed.
    file: File,
}

impl FileLock {
    /// Locks the file at `path`, and creates it if it is missing; `None` if others hold the lock for all of `patience`.
    pub(super) fn take(path: &Path, patience: Duration) -> io::Result<Option<Self>> {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(lock) = Self::try_take(path)? {
                return Ok(Some(lock));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            thread::sleep(left.min(PAUSE + jitter::up_to(PAUSE)));
        }
    }

    /// Deletes the file at `path`, which is the locked one, and releases the lock. A file that cannot be deleted stays
    /// for the next process.
    pub(super) fn delete(self, path: &Path) {
        if let Err(error) = std::fs::remove_file(path) {
            log::debug!("{} stays: {error}", path.display());
        }
        drop(self.file);
    }

    fn try_take(path: &Path) -> io::Result<Option<Self>> {
        let file = match open(path) {
            Ok(file) => file,
            Err(error) if is_opened_exclusively(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            // MSAL's extensions delete the file when they release the lock. A lock on a deleted file does not count.
            Ok(()) if is_at(&file, path) => Ok(Some(Self { file })),
            Ok(()) | Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    regular_file::open(&mut options, path, Links::Refused).map(|(file, _)| file)
}

/// Whether another process has the file open exclusively, as .NET locks files on Windows: `ERROR_SHARING_VIOLATION`, or
/// `ERROR_ACCESS_DENIED` while the file is being deleted.
fn is_opened_exclusively(error: &io::Error) -> bool {
    cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 5))
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let of_file = file.metadata().map(|found| (found.dev(), found.ino()));
    let of_path = path.symlink_metadata().map(|found| (found.dev(), found.ino()));
    matches!((of_file, of_path), (Ok(one), Ok(other)) if one == other)
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_at_a_time_holds_the_lock_and_a_deleted_file_is_no_lock() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = FileLock::take(&path, Duration::ZERO).unwrap().unwrap();
        assert!(FileLock::take(&path, Duration::ZERO).unwrap().is_none());
        drop(first);
        let second = FileLock::take(&path, Duration::ZERO).unwrap().unwrap();
        second.delete(&path);
        assert!(!path.exists());
        let third = FileLock::take(&path, Duration::ZERO).unwrap().unwrap();
        std::fs::remove_file(&path).unwrap();
        FileLock::take(&path, Duration::ZERO).unwrap().unwrap();
        drop(third);
    }
}

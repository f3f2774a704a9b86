//! Locks between processes, which the operating system gives back when their holder dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::base::jitter;

/// How long to wait before trying again; up to as much is added.
const PAUSE: Duration = Duration::from_millis(4);

/// A lock that is held until this is dropped.
#[derive(Debug)]
pub(super) struct FileLock {
    _file: File,
}

impl FileLock {
    /// Locks the file at `path`, which is made when it is not there; `None` when others have it for all of `patience`.
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

    fn try_take(path: &Path) -> io::Result<Option<Self>> {
        let file = match open(path) {
            Ok(file) => file,
            Err(error) if is_shared_by_nobody(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            // MSAL's extensions remove the file when they give the lock back; what was locked then is no longer the lock.
            Ok(()) if is_at(&file, path) => Ok(Some(Self { _file: file })),
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
    options.open(path)
}

/// .NET locks a file on Windows by sharing it with nobody: `ERROR_SHARING_VIOLATION`; and while it is being removed,
/// opening is `ERROR_ACCESS_DENIED`.
fn is_shared_by_nobody(error: &io::Error) -> bool {
    cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 5))
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let of_file = file.metadata().map(|found| (found.dev(), found.ino()));
    let of_path = path.metadata().map(|found| (found.dev(), found.ino()));
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
    fn one_holder_at_a_time_and_never_of_a_file_that_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = FileLock::take(&path, Duration::ZERO).unwrap().unwrap();
        assert!(FileLock::take(&path, Duration::ZERO).unwrap().is_none());
        drop(first);
        let second = FileLock::take(&path, Duration::ZERO).unwrap().unwrap();
        std::fs::remove_file(&path).unwrap();
        FileLock::take(&path, Duration::ZERO).unwrap().unwrap();
        drop(second);
    }
}

//! The keys of Azure Arc's agent. Who can read one in the agent's folder may ask for a token, once.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

/// The keys that were written and not used yet.
pub(super) struct AgentKeys {
    folder: PathBuf,
    unused: Mutex<Vec<(String, PathBuf)>>,
}

impl AgentKeys {
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            unused: Mutex::default(),
        }
    }

    /// Writes a new key, and returns the path of its file.
    pub(super) fn challenge(&self) -> io::Result<String> {
        let key = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let path = self.folder.join(format!("{}.key", Uuid::new_v4()));
        let mut file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        file.write_all(key.as_bytes())?;
        let shown = path.display().to_string();
        self.lock().push((key, path));
        Ok(shown)
    }

    /// Whether `key` is one of them. It is used up then.
    pub(super) fn spend(&self, key: &str) -> bool {
        let mut unused = self.lock();
        let Some(index) = unused.iter().position(|(known, _)| known == key) else {
            return false;
        };
        let (_, path) = unused.swap_remove(index);
        // A test may have moved it.
        let _ = fs::remove_file(path);
        true
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(String, PathBuf)>> {
        self.unused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

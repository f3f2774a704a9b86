//! Files of one test.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A folder that is deleted when dropped.
pub struct Folder(TempDir);

impl Folder {
    /// An empty one.
    #[allow(clippy::new_without_default, reason = "it makes something on disk")]
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("there is a directory for temporary files"))
    }

    /// An empty one that is written to no disk, where the system has a place for such folders.
    pub fn in_memory() -> Self {
        match Path::new("/dev/shm") {
            memory if memory.is_dir() => Self::below(memory),
            _ => Self::new(),
        }
    }

    /// An empty one inside of another folder.
    pub fn below(folder: &Path) -> Self {
        Self(tempfile::tempdir_in(folder).expect("the folder can be written"))
    }

    /// Where a file of this name is or would be; the folder itself for an empty name.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The path as an argument.
    pub fn argument(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// Writes a file and returns its path as an argument.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), content).expect("the directory can be written");
        self.argument(name)
    }
    /// Writes a program for the shell and returns its path.
    #[cfg(unix)]
    pub fn program(&self, name: &str, script: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;

        let path = self.path(name);
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("the directory can be written");
        let permissions = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&path, permissions).expect("it is ours");
        path
    }
}

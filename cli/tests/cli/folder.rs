//! Files of one test.

use std::path::PathBuf;

use tempfile::TempDir;

/// A folder that is gone with the test.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("there is a directory for temporary files"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The path as an argument.
    pub fn argument(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// Writes a file and gives its path as an argument.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), content).expect("the directory can be written");
        self.argument(name)
    }
}

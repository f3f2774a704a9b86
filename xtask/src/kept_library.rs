//! The library for C while another build writes one with other features under the same name.

use std::fs;
use std::path::PathBuf;

use crate::artifacts::test_library;
use crate::process::Failure;

/// A copy of the library with the test features, beside it.
pub struct KeptLibrary(PathBuf);

impl KeptLibrary {
    /// Copies the library that is there.
    pub fn keep() -> Result<Self, Failure> {
        let kept = Self::of_last_run();
        match fs::copy(test_library(), &kept.0) {
            Ok(_) => Ok(kept),
            Err(error) => Err(format!("{}: {error}", kept.0.display()).into()),
        }
    }

    /// What a run that was broken off may have left.
    pub fn of_last_run() -> Self {
        Self(test_library().with_extension("kept"))
    }

    /// Puts the copy in the place of what has been built since; nothing when there is no copy.
    pub fn put_back(self) -> Result<(), Failure> {
        if !self.0.exists() {
            return Ok(());
        }
        fs::rename(&self.0, test_library()).map_err(|error| format!("{}: {error}", self.0.display()).into())
    }
}

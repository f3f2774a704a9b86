//! The Windows programs, and where they are.

use std::path::PathBuf;

use crate::artifacts::{RELEASE_PACKAGES, SHIPPED_LIBRARY, copy, target_directory};
use crate::process::{self, Failure};
use crate::tool;

/// The target that the lane builds for.
pub const TARGET: &str = "x86_64-pc-windows-gnu";

/// A folder for everything that the lane builds: its compiler is perhaps another one than that of the other lanes.
pub struct Build {
    folder: PathBuf,
}

impl Build {
    pub fn place() -> Self {
        let folder = target_directory().join("windows");
        Self { folder }
    }

    /// The library as it is shipped.
    pub fn library(&self) -> PathBuf {
        self.release("graphtoken.dll")
    }

    /// What other programs are linked with.
    pub fn import_library(&self) -> PathBuf {
        self.release("libgraphtoken.dll.a")
    }

    /// The library with the test features.
    pub fn test_library(&self) -> PathBuf {
        self.folder.join("test/graphtoken.dll")
    }

    /// The PowerShell module around the library for Windows.
    pub fn module(&self) -> PathBuf {
        self.folder.join("module/GraphToken")
    }

    pub fn command(&self, name: &str) -> PathBuf {
        self.release(&format!("{name}.exe"))
    }

    /// Builds everything. The shipped library comes last, because both libraries are built under the same name.
    pub fn make(&self) -> Result<(), Failure> {
        let test_features = ["--features", "graphtoken/test-hooks"];
        self.cargo("build", &[&RELEASE_PACKAGES[..], &test_features].concat())?;
        copy(&self.library(), &self.test_library())?;
        self.cargo("rustc", &SHIPPED_LIBRARY)
    }

    fn cargo(&self, command: &str, arguments: &[&str]) -> Result<(), Failure> {
        let mut cargo = tool::windows_cargo(command, TARGET);
        cargo
            .args(["--release", "--target-dir"])
            .arg(&self.folder)
            .args(arguments);
        process::stream(&mut cargo).map(drop)
    }

    fn release(&self, file: &str) -> PathBuf {
        self.folder.join(TARGET).join("release").join(file)
    }
}

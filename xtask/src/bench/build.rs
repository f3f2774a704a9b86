//! What is measured, built as it is shipped, and what measures it.

use std::process::Command;

use super::Extent;
use crate::artifacts::{RELEASE_PACKAGES, TEST_FEATURES, build_release, cargo};
use crate::process::{Failure, stream};

pub fn make(extent: Extent) -> Result<(), Failure> {
    stream(benches(extent).arg("--no-run"))?;
    stream(cargo(&["build", "--release", "--package", "canned-service"]).args(RELEASE_PACKAGES))?;
    // The last step, because those before it write a library that is not optimized at link time.
    build_release()
}

/// The programs under `benches`: optimized as what is shipped, or as the tests have them built already.
pub fn benches(extent: Extent) -> Command {
    match extent {
        Extent::Full => {
            let mut cargo = cargo(&["bench", "--package", "canned-service"]);
            cargo.args(RELEASE_PACKAGES).args(PROGRAMS);
            cargo
        }
        Extent::Quick => {
            let mut cargo = cargo(&["bench", "--profile", "dev", "--workspace"]);
            cargo.args(["--features", TEST_FEATURES]).args(PROGRAMS);
            cargo
        }
    }
}

const PROGRAMS: [&str; 4] = ["--bench", "engine", "--bench", "memory"];

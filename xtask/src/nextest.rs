//! Tests in Rust, run by nextest.

use std::process::Command;

use crate::artifacts::{TEST_FEATURES, cargo};
use crate::tool::program;

/// The tests of the whole workspace, each in a process of its own, where nextest is installed.
pub fn nextest(arguments: &[&str]) -> Option<Command> {
    program("cargo-nextest")?;
    let mut command = cargo(&["nextest", "run", "--workspace", "--features", TEST_FEATURES]);
    command
        .args(["--no-fail-fast", "--status-level", "slow"])
        .args(arguments);
    Some(command)
}

//! Tests in Rust, run by nextest.

use std::process::Command;

use crate::artifacts::{TEST_FEATURES, cargo, cargo_test};
use crate::process::{Failure, stream};
use crate::tool::program;

/// The tests of the whole workspace, each in a process of its own, where nextest is installed.
pub fn nextest(arguments: &[&str]) -> Option<Command> {
    program("cargo-nextest")?;
    let mut command = cargo(&["nextest", "run", "--workspace", "--features", TEST_FEATURES]);
    command.args([
        "--no-fail-fast",
        "--status-level",
        "slow",
        "--final-status-level",
        "flaky",
    ]);
    command.args(arguments);
    Some(command)
}

/// The tests of one program, which is built before the caller adds variables that are for the tests alone. The options
/// are those of nextest.
pub fn test_program(name: &str, options: &[&str]) -> Result<Command, Failure> {
    // All programs, so that cargo has the features of the other lanes, and builds nothing anew.
    stream(&mut cargo_test(&["--no-run"]))?;
    let one = format!("binary(={name})");
    let nextest = nextest(&[&["--filterset", &one][..], options].concat());
    Ok(nextest.unwrap_or_else(|| cargo_test(&["--test", name])))
}

//! What cargo builds, and where it is afterwards.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use test_support::checkout::root;

use crate::process::{self, Failure};

/// The features of the debug build: with them the bindings can be compared and a panic can be forced.
pub const TEST_FEATURES: &str = "graphtoken/bindings,graphtoken/test-hooks";

/// A cargo command in the checkout.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root()).args(arguments);
    cargo
}

/// Builds what is shipped: the library and the commands, without test features.
///
/// Always all of them, so that cargo resolves the same features every time and builds no dependency twice.
pub fn build_release() -> Result<(), Failure> {
    process::stream(cargo(&["build", "--release"]).args(RELEASE_PACKAGES))?;
    process::stream(cargo(&["rustc", "--release"]).args(SHIPPED_LIBRARY)).map(drop)
}

/// Builds the library and the commands for the demo: the same code, not optimised. The profile is that of this program,
/// so that what both link is built once.
pub fn build_demo() -> Result<(), Failure> {
    process::stream(cargo(&["build", "--profile", QUICK]).args(RELEASE_PACKAGES)).map(drop)
}

const QUICK: &str = "quick";

/// The C library by itself, as arguments of `cargo rustc`. With the Rust library beside it, which is not shipped, cargo
/// leaves out the optimization at link time, and the file is larger by a quarter.
///
/// It has none of the tests' features, and on Windows other code, so what only they use shows as a warning here alone.
pub const SHIPPED_LIBRARY: [&str; 8] = [
    "--package",
    "graphtoken",
    "--lib",
    "--crate-type",
    "cdylib",
    "--",
    "--deny",
    "warnings",
];

/// The packages of [`build_release`] and [`build_demo`] as arguments.
pub const RELEASE_PACKAGES: [&str; 6] = ["-p", "graphtoken", "-p", "graph-token", "-p", "entra-emulator"];

/// The tests of the whole workspace, always with the same features, so that cargo builds no dependency twice.
pub fn cargo_test(arguments: &[&str]) -> Command {
    let mut command = cargo(&["test", "--workspace", "--features", TEST_FEATURES]);
    command.args(arguments);
    command
}

/// The library of the demo.
pub fn demo_library() -> PathBuf {
    target_directory().join(QUICK).join(LIBRARY)
}

/// A command of the demo.
pub fn demo_command(name: &str) -> PathBuf {
    command(QUICK, name)
}

/// The shipped library.
pub fn release_library() -> PathBuf {
    target_directory().join("release").join(LIBRARY)
}

/// The library with the test features, from the build of the tests.
pub fn test_library() -> PathBuf {
    target_directory().join("debug").join("deps").join(LIBRARY)
}

/// A command, as it is shipped.
pub fn release_command(name: &str) -> PathBuf {
    command("release", name)
}

/// A command from the build of the tests.
pub fn test_command(name: &str) -> PathBuf {
    command("debug", name)
}

/// How the library is named where the platform's prefix is not expected: in a PowerShell module.
pub const MODULE_LIBRARY: &str = if cfg!(windows) {
    "graphtoken.dll"
} else if cfg!(target_os = "macos") {
    "graphtoken.dylib"
} else {
    "graphtoken.so"
};

/// How cargo names the library.
const LIBRARY: &str = if cfg!(windows) {
    "graphtoken.dll"
} else if cfg!(target_os = "macos") {
    "libgraphtoken.dylib"
} else {
    "libgraphtoken.so"
};

/// Copies a built file into a folder, which is made if it is missing.
pub fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    let folder = to.parent().expect("a file is in a folder");
    let copied = fs::create_dir_all(folder).and_then(|()| fs::copy(from, to));
    copied
        .map(drop)
        .map_err(|error| format!("{} cannot be copied: {error}", from.display()).into())
}

fn command(profile: &str, name: &str) -> PathBuf {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    target_directory().join(profile).join(file)
}

/// Where cargo builds. This program was built there too: `TARGET/quick/xtask`.
pub fn target_directory() -> PathBuf {
    let program = env::current_exe().expect("a running program has a path");
    let directory = program.ancestors().nth(2);
    directory.expect("cargo puts programs two directories deep").to_owned()
}

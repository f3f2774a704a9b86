//! What cargo has built together with the running test.

use std::env;
use std::path::PathBuf;

/// Where cargo puts programs, such as `target/debug`. A test is in the folder `deps` there.
pub fn folder() -> PathBuf {
    let test = env::current_exe().expect("a running program has a path");
    let folder = test.ancestors().nth(2);
    folder.expect("a test is two folders deep").to_owned()
}

/// A program of this name.
pub fn program(name: &str) -> PathBuf {
    folder().join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

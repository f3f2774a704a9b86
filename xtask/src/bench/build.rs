//! What is measured, built as it is shipped, and what measures it.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use super::Extent;
use crate::artifacts::{RELEASE_PACKAGES, TEST_FEATURES, build_release, cargo};
use crate::process::{Failure, capture, stream};

/// The programs under `benches`.
pub struct Benches {
    pub engine: PathBuf,
    pub memory: PathBuf,
}

/// Builds everything. Cargo must not be asked for a bench again: that would write the library once more, and without
/// optimization at link time, because it is built together with the one for Rust.
pub fn make(extent: Extent) -> Result<Benches, Failure> {
    stream(&mut cargo_bench(extent))?;
    let artifacts = capture(cargo_bench(extent).args(["--message-format", "json"]))?;
    stream(cargo(&["build", "--release", "--package", "canned-service"]).args(RELEASE_PACKAGES))?;
    build_release()?;
    Ok(Benches {
        engine: executable(&artifacts, "engine")?,
        memory: executable(&artifacts, "memory")?,
    })
}

/// Optimized as what is shipped, or as the tests have it built already.
fn cargo_bench(extent: Extent) -> Command {
    let mut command = cargo(&["bench", "--no-run", "--bench", "engine", "--bench", "memory"]);
    match extent {
        Extent::Full => command.args(["--package", "canned-service"]).args(RELEASE_PACKAGES),
        Extent::Quick => command.args(["--profile", "dev", "--workspace", "--features", TEST_FEATURES]),
    };
    command
}

/// The program of this name in cargo's messages, one JSON object on each line.
fn executable(messages: &str, name: &str) -> Result<PathBuf, Failure> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str(line).ok());
    let mut built = messages.filter(|message: &Value| message["target"]["name"] == name);
    let path = built.find_map(|message| message["executable"].as_str().map(PathBuf::from));
    path.ok_or_else(|| format!("cargo does not say where it put the program {name}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_in_messages_of_cargo() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"graphtoken"},"executable":null}
{"reason":"compiler-artifact","target":{"name":"engine"},"executable":"/target/release/deps/engine-1"}
{"reason":"build-finished","success":true}
"#;
        let path = executable(messages, "engine").unwrap();
        assert_eq!(path, PathBuf::from("/target/release/deps/engine-1"));
        assert!(executable(messages, "memory").is_err());
    }
}

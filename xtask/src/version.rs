//! `cargo xtask version`: a new version wherever it stands.

use std::fs;

use crate::artifacts::{cargo, root};
use crate::process::{Failure, capture};

/// Where it stands, and what stands around it there. Everything else reads it from the first of these places, and
/// `tests/versions.rs` compares them.
const PLACES: [(&str, &str, &str); 7] = [
    ("Cargo.toml", "\nversion = \"", "\"\n"),
    (
        "powershell/GraphToken/GraphToken.psd1",
        "ModuleVersion          = '",
        "'",
    ),
    ("README.md", "graph-token-", "-"),
    ("README.md", "graphtoken-", "-"),
    ("README.md", "graphtoken_", "_"),
    ("README.md", "GraphToken-", ".zip"),
    ("README.md", "Version ", " is not in a registry yet"),
];

/// Writes it, and says whether it could.
pub fn run(version: &str) -> bool {
    if !is_version(version) {
        eprintln!("{version} is not a version such as 1.2.3");
        return false;
    }
    let written = PLACES
        .iter()
        .try_for_each(|place| replace(place, version))
        .and_then(|()| write_locks());
    if let Err(failure) = &written {
        eprintln!("{failure}");
    }
    written.is_ok()
}

/// Three numbers: that is what PowerShell and .NET take.
fn is_version(text: &str) -> bool {
    let numbers: Vec<&str> = text.split('.').collect();
    numbers.len() == 3
        && numbers
            .iter()
            .all(|number| number.parse::<u16>().is_ok_and(|read| read.to_string() == **number))
}

fn replace(&(file, before, after): &(&str, &str, &str), version: &str) -> Result<(), Failure> {
    let path = root().join(file);
    let failed = |error: std::io::Error| Failure::from(format!("{file}: {error}"));
    let text = fs::read_to_string(&path).map_err(failed)?;
    let old = env!("CARGO_PKG_VERSION");
    let (old, new) = (format!("{before}{old}{after}"), format!("{before}{version}{after}"));
    if !text.contains(&old) {
        return Err(format!("{file}: {} is not there", old.trim()).into());
    }
    fs::write(&path, text.replace(&old, &new)).map_err(failed)
}

/// Has cargo write the version into its lists of packages.
fn write_locks() -> Result<(), Failure> {
    for manifest in ["Cargo.toml", "fuzz/Cargo.toml"] {
        capture(&mut cargo(&[
            "update",
            "--workspace",
            "--offline",
            "--quiet",
            "--manifest-path",
            manifest,
        ]))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_has_three_numbers() {
        for text in ["0.1.0", "10.20.30", "1.0.65535"] {
            assert!(is_version(text), "{text}");
        }
        for text in ["", "1.2", "1.2.3.4", "v1.2.3", "1.2.3-beta", "01.2.3", "1.2.65536"] {
            assert!(!is_version(text), "{text}");
        }
    }

    #[test]
    fn the_version_stands_in_every_place() {
        let version = env!("CARGO_PKG_VERSION");
        for (file, before, after) in PLACES {
            let text = fs::read_to_string(root().join(file)).unwrap();
            assert!(text.contains(&format!("{before}{version}{after}")), "{file}: {before}");
        }
    }
}

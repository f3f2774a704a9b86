//! `THIRD-PARTY-NOTICES.txt` names the crates of what is shipped, on every platform, and no others.

use std::collections::BTreeSet;
use std::env;
use std::process::Command;

use test_support::checkout::{read, root};

#[test]
fn the_notices_are_those_of_the_crates_in_what_is_shipped() {
    let (named, linked) = (named(), linked());
    let missing: Vec<_> = linked.difference(&named).collect();
    let strange: Vec<_> = named.difference(&linked).collect();
    let hint = "cargo xtask notices writes the file anew";
    assert!(
        missing.is_empty() && strange.is_empty(),
        "missing {missing:?}, strange {strange:?}; {hint}"
    );
}

/// The crates in the file: indented lines such as `  aes 0.9.1 (https://...)`.
fn named() -> BTreeSet<String> {
    let notices = read("THIRD-PARTY-NOTICES.txt");
    let lines = notices.lines().filter_map(|line| line.strip_prefix("  "));
    let crates = lines.filter_map(|line| {
        let mut words = line.split(' ');
        let (name, version) = (words.next()?, words.next()?);
        let is_name = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        let is_version = version.split('.').count() == 3 && version.starts_with(|c: char| c.is_ascii_digit());
        (is_name && is_version).then(|| format!("{name} {version}"))
    });
    crates.collect()
}

/// The crates that cargo links into the library and the commands, without our own.
fn linked() -> BTreeSet<String> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(root())
        .args(["tree", "--locked", "--target", "all", "--edges", "normal"]);
    cargo.args([
        "--package",
        "graph-token",
        "--package",
        "entra-emulator",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).unwrap();
    // A package of the workspace has its path behind the version.
    let crates = tree
        .lines()
        .filter(|line| !line.contains("(/") && !line.contains(":\\"));
    let crates = crates.filter_map(|line| line.split_once(" v"));
    crates
        .map(|(name, version)| format!("{name} {}", version.split(' ').next().unwrap_or_default()))
        .collect()
}

//! `THIRD-PARTY-NOTICES.txt` names the crates of what is shipped, on every platform, and no others.

use std::collections::BTreeSet;
use std::env;
use std::process::Command;

use test_support::checkout::{read, root};

#[test]
fn the_notices_are_those_of_the_crates_in_what_is_shipped() {
    let notices = read("THIRD-PARTY-NOTICES.txt");
    let (commands, emulator) = notices
        .split_once("\nentra-emulator\n")
        .expect("the emulator has a part of its own");
    for (part, package) in [(commands, "graph-token"), (emulator, "entra-emulator")] {
        let (named, shipped) = (named(part), linked(package, &targets()));
        let missing: Vec<_> = shipped.difference(&named).collect();
        // Cargo has dependencies for no platform at all among those for every one.
        let anywhere = linked(package, &["all".to_owned()]);
        let strange: Vec<_> = named.difference(&anywhere).collect();
        let hint = "cargo xtask notices writes the file anew";
        assert!(
            missing.is_empty() && strange.is_empty(),
            "{package}: missing {missing:?}, strange {strange:?}; {hint}"
        );
    }
}

/// The crates in a part of the file: indented lines such as `  aes 0.9.1 (https://...)`.
fn named(part: &str) -> BTreeSet<String> {
    let lines = part.lines().filter_map(|line| line.strip_prefix("  "));
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

/// The targets that packages are made for.
fn targets() -> Vec<String> {
    let platforms = read("xtask/src/package/platform.rs");
    let (_, list) = platforms.split_once("PLATFORMS").expect("the platforms are listed");
    let (list, _) = list.split_once("\n];").expect("the list ends");
    let is_target = |word: &&str| {
        ["-unknown-", "-pc-", "-apple-"]
            .iter()
            .any(|vendor| word.contains(vendor))
    };
    let targets: Vec<String> = list.split('"').filter(is_target).map(str::to_owned).collect();
    assert!(targets.len() >= 4, "{targets:?}");
    targets
}

/// The crates that cargo links into a command for these targets, without our own.
fn linked(package: &str, targets: &[String]) -> BTreeSet<String> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(root())
        .args(["tree", "--locked", "--edges", "normal"]);
    cargo.args(targets.iter().flat_map(|target| ["--target", target]));
    cargo.args(["--package", package, "--prefix", "none", "--format", "{p}"]);
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

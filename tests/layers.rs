//! The house keeps its shape: every module uses only those below it, and only the C boundary is `unsafe`.

use std::fs;
use std::path::{Path, PathBuf};

/// The engine's modules from the ground up. Each may use only those before it.
const MODULES: &[&str] = &[
    "base",
    "os",
    "certificate",
    "authority",
    "http",
    "token",
    "credential",
    "request",
    "cache",
    "service",
    "store",
    "client",
    "diagnosis",
    "ffi",
];

#[test]
fn every_module_has_its_place() {
    let mut found: Vec<String> = files("src").iter().filter_map(|path| module_of(path)).collect();
    found.sort();
    found.dedup();
    let mut listed = MODULES.to_vec();
    listed.sort_unstable();
    assert_eq!(found, listed, "MODULES of this test is not what is under src");
}

#[test]
fn modules_use_only_those_below() {
    for path in files("src") {
        let Some(module) = module_of(&path) else { continue };
        let place = |name: &str| MODULES.iter().position(|listed| *listed == name);
        for used in used_by(&code_of(&path)) {
            assert!(
                used == module || place(&used) < place(&module),
                "{} uses crate::{used}, which is not below {module}",
                path.display()
            );
        }
    }
}

#[test]
fn only_the_boundary_is_unsafe() {
    for path in ["src", "cli/src", "emulator/src", "xtask/src"]
        .iter()
        .flat_map(|folder| files(folder))
    {
        let boundary = ["src/ffi", "src/os"]
            .iter()
            .any(|folder| path.starts_with(root().join(folder)));
        let words = |line: &str| {
            line.split(|c: char| !c.is_alphanumeric() && c != '_')
                .any(|word| word == "unsafe")
        };
        let has_unsafe = code_of(&path).lines().any(words);
        assert!(boundary || !has_unsafe, "{} has unsafe code", path.display());
    }
}

#[test]
fn the_emulator_shares_nothing_with_the_engine() {
    let manifest = fs::read_to_string(root().join("emulator/Cargo.toml")).unwrap();
    assert!(
        !manifest.contains("graphtoken"),
        "what checks must not share code with what signs"
    );
}

#[test]
fn imports_are_found_however_they_are_written() {
    let code = "use crate::error::Error;\nuse crate::{pem, pfx::Pfx};\nlet x = crate::clock::now();\n";
    assert_eq!(used_by(code), ["error", "pem", "pfx", "clock"]);
}

/// The module of the engine that a file belongs to; `None` for the root of the crate.
fn module_of(path: &Path) -> Option<String> {
    let inside = path.strip_prefix(root().join("src")).ok()?;
    let first = Path::new(inside.iter().next()?).file_stem()?.to_str()?;
    (first != "lib").then(|| first.to_owned())
}

/// The modules behind `crate::`, one level deep.
fn used_by(code: &str) -> Vec<String> {
    let mut used = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let list = match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default().split(',').collect(),
            None => vec![rest],
        };
        for item in list {
            let item = item.trim();
            let end = item
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(item.len());
            used.push(item[..end].to_owned());
        }
    }
    used
}

/// A file without its comments and without the tests at its end, which may use what they like.
fn code_of(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let lines = code.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no Rust files");
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

//! The Rust sources of the repository, for tests that read them.

use std::fs;
use std::path::{Path, PathBuf};

/// Every Rust file under `folder` with its syntax tree, in the order of their paths.
pub fn sources(folder: &str) -> Vec<(PathBuf, syn::File)> {
    let parse = |path: PathBuf| {
        let file = syn::parse_file(&fs::read_to_string(&path).unwrap());
        let file = file.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path, file)
    };
    files(folder).into_iter().map(parse).collect()
}

/// The paths of the Rust files under `folder`.
pub fn files(folder: &str) -> Vec<PathBuf> {
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
    found.sort();
    found
}

/// Whether a module is compiled for tests alone.
pub fn is_test(module: &syn::ItemMod) -> bool {
    module.attrs.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        _ => false,
    })
}

/// The checkout.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

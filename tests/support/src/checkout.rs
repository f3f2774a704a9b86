//! The files of this repository.

use std::fs;
use std::path::Path;

/// The folder of the checkout.
pub fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).expect("this package is two folders deep")
}

/// The text of a committed file, whose path begins at the root.
#[track_caller]
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The end of the line that a generated page begins with, after what it is generated from.
pub const GENERATED_BY_TESTS: &str = "do not edit. `BLESS=1 cargo xtask test` writes it anew.";

/// Compares a generated file with the committed one; with `BLESS=1` in the environment writes it instead.
#[track_caller]
pub fn compare(path: &str, generated: &str) {
    let file = root().join(path);
    if std::env::var_os("BLESS").is_some() {
        let folder = file.parent().expect("a file is in a folder");
        fs::create_dir_all(folder).unwrap_or_else(|error| panic!("{path}: {error}"));
        fs::write(&file, generated).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    let committed = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        committed == generated,
        "{path} is not up to date; run with BLESS=1 to write it anew"
    );
}

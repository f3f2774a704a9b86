//! `THIRD-PARTY-NOTICES.txt`: the licences of the crates in what is shipped, which ask for it.

use std::process::Command;

use super::archive::{read, write};
use super::documents::NOTICES;
use crate::artifacts::{cargo, root};
use crate::process::{Failure, capture, stream};
use crate::tool::program;

/// Writes the file anew, and says whether it could.
pub fn run() -> bool {
    let written = make().and_then(|text| write(&root().join(NOTICES), text.as_bytes()));
    match &written {
        Ok(()) => println!("{NOTICES}"),
        Err(failure) => eprintln!("{failure}"),
    }
    written.is_ok()
}

/// Has `cargo about` gather them, for every platform: those of the library and of graph-token, and those of the
/// emulator.
fn make() -> Result<String, Failure> {
    // The tool works offline, and no build here downloads the crates of other platforms.
    stream(&mut cargo(&["fetch", "--locked", "--quiet"]))?;
    let parts = ["cli", "emulator"].map(|package| {
        let mut about = Command::new(program("cargo-about").unwrap_or_default());
        about
            .current_dir(root())
            .args(["generate", "--locked", "--offline", "--fail", "--manifest-path"]);
        about.arg(format!("{package}/Cargo.toml"));
        about.args([
            "--config",
            "packaging/notices/about.toml",
            "packaging/notices/about.hbs",
        ]);
        capture(&mut about)
    });
    let [commands, emulator] = parts;
    let text = format!(
        "{HEAD}\nThe library and graph-token\n\n{}\nentra-emulator\n\n{}",
        commands?, emulator?
    );
    Ok(text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + "\n")
}

const HEAD: &str = "\
THIRD-PARTY NOTICES

GraphToken contains the following software, under these licenses.
";

/// Refuses to pack notices that are not those of `Cargo.lock`.
pub fn check() -> Result<(), Failure> {
    let (made, kept) = (make()?, read(&root().join(NOTICES))?);
    if made.as_bytes() == kept {
        return Ok(());
    }
    Err(format!("{NOTICES} is out of date; write it anew with: cargo xtask notices").into())
}

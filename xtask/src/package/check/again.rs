//! The same packages once more, from a clone in another folder and the same native files.

use std::env;
use std::process::Command;

use test_support::folder::Folder;

use crate::artifacts::root;
use crate::package::archive::read;
use crate::package::checksums;
use crate::package::platform::{PLATFORMS, files_folder};
use crate::package::{PLACES, Pack};
use crate::process::{Failure, stream};
use crate::tool::tools_folder;

/// Compares the checksums of both.
pub fn check(pack: &Pack) -> Result<(), Failure> {
    let folder = Folder::new();
    let clone = folder.path("another/checkout");
    stream(Command::new("git").args(["clone", "--quiet"]).arg(root()).arg(&clone))?;
    let mut package = Command::new("cargo");
    package.current_dir(&clone).env_remove("CARGO_TARGET_DIR");
    // The tools of this checkout are those of the other one.
    let tools = [tools_folder().join("bin")].into_iter();
    let others = env::var_os("PATH").unwrap_or_default();
    let path = tools.chain(env::split_paths(&others));
    package.env("PATH", env::join_paths(path).map_err(|error| error.to_string())?);
    package.args(["xtask", "package", "--native"]).arg(files_folder());
    for platform in PLATFORMS.iter().filter(|platform| !pack.platforms.contains(platform)) {
        package.args(["--without", platform.rid]);
    }
    stream(&mut package)?;
    for place in PLACES {
        let sums = |checkout: &std::path::Path| read(&checkout.join("dist").join(place.name).join(checksums::NAME));
        let (first, second) = (sums(root())?, sums(&clone)?);
        if first != second {
            let both = [first, second].map(|sums| String::from_utf8_lossy(&sums).into_owned());
            return Err(format!("dist/{} differs:\n{}", place.name, both.join("\n")).into());
        }
    }
    Ok(())
}

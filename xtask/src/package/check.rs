//! `cargo xtask package --check`: installs each package as its user would, in an empty place, and gets a token from the
//! packed emulator. Then the tests of this repository run around what is packed.

mod again;
mod c_library;
mod commands;
mod debian;
mod dotnet;
mod gallery;
mod image;
mod runner;
mod suites;
mod trial;

use std::process::Command;

use super::platform::{Builder, PLATFORMS, Platform};
use super::{Pack, checksums, native};
use crate::artifacts::root;
use crate::lane::Lanes;
use crate::process::{Failure, stream};
use crate::tool::{
    ARM_GCC, CARGO_ZIGBUILD, CC, CMAKE, DOTNET, DPKG_DEB, MINGW, MUSL_GCC, OPENSSL, PKG_CONFIG, POWERSHELL, QEMU,
    REDIS, Tool, WINDOWS_POWERSHELL, WINE, ZIG,
};

/// What the lanes need beside what packing needs.
pub const TOOLS: &[&Tool] = &[
    &CC,
    &OPENSSL,
    &REDIS,
    &DOTNET,
    &WINE,
    &POWERSHELL,
    &WINDOWS_POWERSHELL,
    &MINGW,
];

/// Tries every package, whatever becomes of each, and says whether all went well.
pub fn run(pack: &Pack) -> bool {
    let mut lanes = Lanes::default();
    lanes.check("checksums", &[], check_sums);
    lanes.check("bin", &[&OPENSSL, &QEMU, &ARM_GCC, &WINE], || commands::check(pack));
    let compilers = [&CC, &OPENSSL, &PKG_CONFIG, &CMAKE, &MUSL_GCC, &QEMU, &ARM_GCC];
    lanes.check("c", &compilers, || c_library::check(pack));
    lanes.check("debian", &[&OPENSSL, &DPKG_DEB], || debian::check(pack));
    let windows = [&OPENSSL, &DOTNET, &WINE, &POWERSHELL, &WINDOWS_POWERSHELL];
    lanes.check("nuget", &windows, || dotnet::check(pack));
    lanes.check("psgallery", &windows, || gallery::check(pack));
    lanes.check("oci", &[&OPENSSL], || image::check(pack));
    suites::add(&mut lanes, pack);
    lanes.check("types", &[&ZIG, &CARGO_ZIGBUILD, &MINGW], check_types);
    lanes.check("same bytes", &[], || again::check(pack));
    lanes.summarize(true)
}

/// The platforms for which only a machine of theirs links.
fn check_types() -> Result<(), Failure> {
    let here = Platform::of_this_machine();
    let foreign = |platform: &&Platform| platform.builder == Builder::Native && Some(*platform) != here;
    PLATFORMS.iter().filter(foreign).try_for_each(native::check_types)
}

fn check_sums() -> Result<(), Failure> {
    for place in super::PLACES {
        let folder = root().join("dist").join(place.name);
        if folder.exists() {
            stream(
                Command::new("sha256sum")
                    .args(["--check", "--strict", checksums::NAME])
                    .current_dir(folder),
            )?;
        }
    }
    Ok(())
}

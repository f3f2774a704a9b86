//! The native files of a platform: built, checked, and laid where the packages take them from.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::elf::Elf;
use super::platform::{Builder, Platform, files_folder};
use crate::artifacts::{self, RELEASE_PACKAGES, SHIPPED_LIBRARY, copy, root, target_directory};
use crate::library;
use crate::process::{Failure, capture, stream};
use crate::tool::{program, zig};
use crate::windows::WindowsBuild;

/// The commands that are packed.
pub const COMMANDS: [&str; 2] = ["graph-token", "entra-emulator"];

/// The name under which C programs look for the library: its number is that of the ABI.
pub const SONAME: &str = "libgraphtoken.so.1";

/// Whether this machine builds the files of a platform. Builds nothing.
pub fn check_builder(platform: &Platform) -> Result<(), Failure> {
    if platform.builder == Builder::Native && Platform::of_this_machine() != Some(platform) {
        return Err(format!(
            "{rid} is built on a machine of that platform; leave it out with --without {rid}",
            rid = platform.rid
        )
        .into());
    }
    Ok(())
}

/// Builds the library and the commands of a platform.
pub fn build(platform: &Platform) -> Result<(), Failure> {
    let built = target_directory().join("package");
    match platform.builder {
        Builder::Glibc(version) => {
            let target = format!("{}.{version}", platform.target);
            zig_build(platform, &target, &built, "")?;
            zig_library(platform, &target, &built, "")?;
            lay(platform, &built, &built)
        }
        Builder::Musl => {
            // Zig has the objects that begin and end a program.
            zig_build(platform, platform.target, &built, "-C link-self-contained=no")?;
            // A library that is loaded by others cannot have a C library of its own.
            let (library, flags) = (
                built.join("shared"),
                "-C link-self-contained=no -C target-feature=-crt-static",
            );
            zig_library(platform, platform.target, &library, flags)?;
            lay(platform, &built, &library)
        }
        Builder::Windows => {
            WindowsBuild::place().make()?;
            lay_windows(platform)
        }
        Builder::Native => build_here(platform),
    }
}

/// Takes the files of a platform from a folder in which each platform has one.
pub fn take(platform: &Platform, folder: &Path) -> Result<(), Failure> {
    let from = folder.join(platform.rid);
    let here = |path: &Path| path.canonicalize().ok();
    // A file that is copied to itself is empty afterwards.
    if here(&from).is_some_and(|from| Some(from) == here(&files_folder().join(platform.rid))) {
        return Ok(());
    }
    files(platform)
        .iter()
        .try_for_each(|file| copy(&from.join(file.file_name().unwrap_or_default()), file))
}

/// Checks the files of a platform, as far as files for Linux tell: what they ask of the system, what the library
/// exports and under which name programs look for it.
pub fn check(platform: &Platform) -> Result<(), Failure> {
    if !platform.rid.starts_with("linux-") {
        return Ok(());
    }
    for file in files(platform) {
        let facts = Elf::of(&file)?;
        let is_command = file != platform.library();
        let refusal = match platform.builder {
            Builder::Glibc(version) => facts.check_glibc(version).err(),
            Builder::Musl if is_command && !facts.needed.is_empty() => {
                Some(format!("not static, it loads {}", facts.needed.join(", ")))
            }
            _ => None,
        };
        if let Some(reason) = refusal {
            return Err(format!("{}: {reason}", file.display()).into());
        }
    }
    let facts = Elf::of(&platform.library())?;
    if facts.soname.as_deref() != Some(SONAME) {
        return Err(format!("{}: its SONAME is {:?}", platform.library().display(), facts.soname).into());
    }
    library::check(&platform.library(), &facts.exports.into_iter().collect())
}

/// Checks the sources for a platform that nothing links for here. With zig's C compiler that of Windows is the one of
/// LLVM, which has the same system in Rust.
pub fn check_types(platform: &Platform) -> Result<(), Failure> {
    let target = platform.target.replace("-msvc", "-gnullvm");
    let folder = target_directory().join("package");
    let mut cargo = zig_cargo("check", platform, &target, &folder, "--deny warnings");
    // Nothing is linked, so the resources may be those of another processor.
    cargo
        .args(RELEASE_PACKAGES)
        .env("WINDRES", "x86_64-w64-mingw32-windres")
        .env("AR", "x86_64-w64-mingw32-ar");
    stream(&mut cargo).map(drop)
}

/// Every file of a platform.
pub fn files(platform: &Platform) -> Vec<PathBuf> {
    let commands = COMMANDS.map(|name| platform.command(name));
    let libraries = [platform.library()].into_iter().chain(platform.import_library());
    libraries.chain(commands).collect()
}

fn zig_build(platform: &Platform, target: &str, folder: &Path, flags: &str) -> Result<(), Failure> {
    let mut cargo = zig_cargo("zigbuild", platform, target, folder, flags);
    for name in COMMANDS {
        cargo.args(["--package", name]);
    }
    stream(&mut cargo).map(drop)
}

fn zig_library(platform: &Platform, target: &str, folder: &Path, flags: &str) -> Result<(), Failure> {
    let mut cargo = zig_cargo("rustc", platform, target, folder, flags);
    cargo.args(SHIPPED_LIBRARY);
    cargo.args(["-C", &format!("link-arg=-Wl,-soname,{SONAME}")]);
    stream(&mut cargo).map(drop)
}

/// A command of cargo with zig as compiler and linker of C. Where this Rust has no standard library for the target,
/// Debian's Rust builds it, whose sources are a package.
fn zig_cargo(command: &str, platform: &Platform, target: &str, folder: &Path, flags: &str) -> Command {
    let mut cargo = Command::new(program("cargo-zigbuild").unwrap_or_default());
    cargo.current_dir(root()).arg(command);
    if !has_standard_library(platform.target) {
        cargo
            .arg("-Zbuild-std=std,panic_unwind")
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTC", "/usr/bin/rustc")
            .env("CARGO", "/usr/bin/cargo");
    }
    if !flags.is_empty() {
        cargo.env("RUSTFLAGS", flags);
    }
    cargo.env("CARGO_ZIGBUILD_ZIG_PATH", zig());
    cargo
        .args(["--release", "--target", target, "--target-dir"])
        .arg(folder);
    cargo
}

/// Whether the Rust of the checkout compiles for a target as it is.
fn has_standard_library(target: &str) -> bool {
    let place = ["--print", "target-libdir", "--target", target];
    capture(Command::new("rustc").args(place)).is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}

/// On a machine of the platform itself.
fn build_here(platform: &Platform) -> Result<(), Failure> {
    artifacts::build_release()?;
    copy(&artifacts::release_library(), &platform.library())?;
    COMMANDS
        .iter()
        .try_for_each(|name| copy(&artifacts::release_command(name), &platform.command(name)))
}

fn lay(platform: &Platform, commands: &Path, library: &Path) -> Result<(), Failure> {
    let release = |folder: &Path| folder.join(platform.target).join("release");
    copy(&release(library).join(platform.library_name()), &platform.library())?;
    COMMANDS.iter().try_for_each(|name| {
        let built = release(commands).join(platform.command_name(name));
        copy(&built, &platform.command(name))
    })
}

fn lay_windows(platform: &Platform) -> Result<(), Failure> {
    let build = WindowsBuild::place();
    copy(&build.library(), &platform.library())?;
    if let Some(import_library) = platform.import_library() {
        copy(&build.import_library(), &import_library)?;
    }
    COMMANDS
        .iter()
        .try_for_each(|name| copy(&build.command(name), &platform.command(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_that_no_tool_builds_here_is_refused_by_name() {
        let here = Platform::of_this_machine();
        for rid in ["osx-arm64", "osx-x64", "win-arm64"] {
            let platform = Platform::named(rid).unwrap();
            let outcome = check_builder(platform).map_err(|failure| failure.to_string());
            if here == Some(platform) {
                assert_eq!(outcome, Ok(()));
            } else {
                assert!(outcome.unwrap_err().ends_with(&format!("--without {rid}")));
            }
        }
        assert!(check_builder(Platform::named("linux-musl-x64").unwrap()).is_ok());
    }
}

//! Programs that not every machine has.

mod install;
mod list;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::artifacts::{cargo, root, target_directory};
use crate::process;

pub use install::{install, install_crate};
pub use list::*;

/// A program that something needs.
pub struct Tool {
    /// What it is called in messages.
    pub name: &'static str,
    source: Source,
    is_there: fn() -> bool,
}

/// Where a tool comes from.
#[derive(Clone, Copy)]
enum Source {
    /// Packages of Debian and Ubuntu.
    Packages(&'static [&'static str]),
    /// A crate with a program of the same name, and the version that is tried.
    Crate(&'static str, &'static str),
    /// A crate whose program wants its feature `cli`.
    CrateWithFeature(&'static str, &'static str),
    /// Packages of Python, separated by spaces.
    Python(&'static str),
    /// A package of Node.js.
    Npm(&'static str),
    /// What to do, in words.
    ByHand(&'static str),
}

impl Tool {
    /// Whether this machine has it.
    pub fn is_there(&self) -> bool {
        (self.is_there)()
    }

    /// That it is missing, and how to get it.
    pub fn absence(&self) -> String {
        format!("{} is missing; get it by: {}", self.name, self.source.how())
    }
}

impl Source {
    fn how(self) -> String {
        match self {
            Self::Packages(packages) => format!("apt-get install {}", packages.join(" ")),
            Self::Crate(name, version) => format!("cargo install --locked {name}@{version}"),
            Self::CrateWithFeature(name, version) => format!("cargo install --locked --features cli {name}@{version}"),
            Self::Python(packages) => format!("pip install {packages}"),
            Self::Npm(package) => format!("npm install {package}"),
            Self::ByHand(what) => what.to_owned(),
        }
    }
}

/// A program of the path, or one that was installed beside what cargo builds.
pub fn program(name: &str) -> Option<PathBuf> {
    let own = tools_folder().join("bin").join(name);
    find(name).or_else(|| own.is_file().then_some(own))
}

/// Where programs are installed that only this checkout uses.
pub fn tools_folder() -> PathBuf {
    target_directory().join("tools")
}

/// A PowerShell 7 host: `pwsh`, or a host named `gtpwsh` that takes the same arguments.
pub fn powershell() -> Option<PathBuf> {
    powershells().into_iter().next()
}

/// Every PowerShell 7 host: `pwsh`, and a host of the bare engine named `gtpwsh`.
pub fn powershells() -> Vec<PathBuf> {
    ["pwsh", "gtpwsh"].into_iter().filter_map(find).collect()
}

/// A PowerShell for Windows that runs here: the program that `GRAPHTOKEN_WINDOWS_POWERSHELL` names.
pub fn windows_powershell() -> Option<PathBuf> {
    env::var_os("GRAPHTOKEN_WINDOWS_POWERSHELL").map(PathBuf::from)
}

/// A Python for MSAL: that of `GRAPHTOKEN_TEST_MSAL_PYTHON`, the one that was installed for this checkout, or the first
/// on the path.
pub fn python() -> PathBuf {
    let given = env::var_os("GRAPHTOKEN_TEST_MSAL_PYTHON").map(PathBuf::from);
    let own = || Some(python_of(&python_folder())).filter(|python| python.is_file());
    given.or_else(own).or_else(|| find("python3")).unwrap_or_default()
}

/// Where packages of Python are installed for this checkout.
fn python_folder() -> PathBuf {
    target_directory().join("python")
}

/// Where packages of Node.js are: in the folder that `GRAPHTOKEN_TEST_NODE_MODULES` names, or those that were installed
/// for this checkout.
pub fn node_modules() -> PathBuf {
    let given = env::var_os("GRAPHTOKEN_TEST_NODE_MODULES").map(PathBuf::from);
    given.unwrap_or_else(|| node_folder().join("node_modules"))
}

/// Where packages of Node.js are installed for this checkout.
fn node_folder() -> PathBuf {
    target_directory().join("node")
}

/// Zig, from the packages of Python.
pub fn zig() -> PathBuf {
    python_folder().join("bin/python-zig")
}

/// The Python of a virtual environment.
fn python_of(folder: &Path) -> PathBuf {
    folder.join("bin/python3")
}

/// The folder with the advisories: that of `GRAPHTOKEN_ADVISORY_DB`.
pub fn advisories() -> Option<PathBuf> {
    env::var_os("GRAPHTOKEN_ADVISORY_DB").map(PathBuf::from)
}

/// A command of a cargo for Windows: that of `GRAPHTOKEN_WINDOWS_CARGO`, which adds the target by itself, or this one.
pub fn windows_cargo(command: &str, target: &str) -> Command {
    if let Some(program) = env::var_os("GRAPHTOKEN_WINDOWS_CARGO") {
        let mut cargo = Command::new(program);
        cargo.current_dir(root()).arg(command);
        cargo
    } else {
        cargo(&[command, "--target", target])
    }
}

/// What is put before a Windows program to run it: that of `GRAPHTOKEN_WINDOWS_RUNNER`, or `wine`.
pub fn windows_runner() -> PathBuf {
    let given = env::var_os("GRAPHTOKEN_WINDOWS_RUNNER").map(PathBuf::from);
    given.or_else(|| find("wine")).unwrap_or_default()
}

fn find(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    let directories = env::var_os("PATH")?;
    env::split_paths(&directories)
        .map(|directory| directory.join(&file))
        .find(|path| path.is_file())
}

/// Debian's valgrind needs the names of functions of the C library, which come in another package.
fn has_valgrind() -> bool {
    let has_names = !Path::new("/etc/debian_version").exists() || Path::new("/usr/share/doc/libc6-dbg").exists();
    find("valgrind").is_some() && has_names
}

/// gcc prints the path of a library that it has, and the bare name of another one.
fn has_gcc_library(name: &str) -> bool {
    let path = process::capture(Command::new("gcc").arg(format!("-print-file-name={name}")));
    path.is_ok_and(|path| Path::new(path.trim()).is_absolute())
}

fn has_windows_target() -> bool {
    let place = ["--print", "target-libdir", "--target", "x86_64-pc-windows-gnu"];
    let folder = process::capture(Command::new("rustc").args(place));
    folder.is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}

fn has_dotnet() -> bool {
    let sdks = process::capture(Command::new("dotnet").arg("--list-sdks"));
    sdks.is_ok_and(|list| {
        let majors = list.lines().filter_map(|line| line.split('.').next());
        majors
            .filter_map(|major| major.parse::<u32>().ok())
            .any(|major| major >= 10)
    })
}

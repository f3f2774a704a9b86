//! Installs the tools that a command needs.

use std::env;
use std::iter;
use std::process::Command;

use crate::artifacts::cargo;
use crate::process::{Failure, capture, stream};
use crate::tool::{Source, Tool, find, node_folder, python_folder, python_of, tools_folder};

/// Says what is missing, and installs it: packages with `apt-get` as root, programs and Python's packages beside what
/// cargo builds. It says what it cannot install, with the way to get it; the lanes that need it are left out.
pub fn install(tools: &[&'static Tool]) {
    println!("\n== install");
    let missing: Vec<&Tool> = tools.iter().copied().filter(|tool| !tool.is_there()).collect();
    if missing.is_empty() {
        println!("nothing is missing");
    }
    for tool in &missing {
        println!("{}", tool.absence());
    }
    let packages = install_packages(&missing);
    let others = missing.iter().map(|tool| match tool.source {
        Source::Crate(name, version) => install_crate(name, version, &[]),
        Source::CrateWithFeature(name, version) => install_crate(name, version, &["--features", "cli"]),
        Source::Python(packages) => install_python_packages(packages),
        Source::Npm(package) => install_node_package(package),
        Source::Packages(_) | Source::ByHand(_) => Ok(()),
    });
    for failure in iter::once(packages).chain(others).filter_map(Result::err) {
        println!("{failure}");
    }
}

/// Installs the packages of all tools at once.
fn install_packages(missing: &[&Tool]) -> Result<(), Failure> {
    let packages = packages_of(missing);
    if packages.is_empty() || find("apt-get").is_none() {
        return Ok(());
    }
    let install = ["install", "--yes", "--no-install-recommends"];
    if !is_root() {
        println!("Run this, and then this command again:");
        println!("  sudo apt-get {} {}", install.join(" "), packages.join(" "));
        return Ok(());
    }
    stream(Command::new("apt-get").args(["update", "--quiet=2"]))?;
    let mut apt = Command::new("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet=2");
    stream(apt.args(install).args(packages)).map(drop)
}

/// Each package once.
fn packages_of(tools: &[&Tool]) -> Vec<&'static str> {
    let mut packages: Vec<&str> = tools
        .iter()
        .filter_map(|tool| match tool.source {
            Source::Packages(packages) => Some(packages),
            Source::Python(_) => Some(&["python3", "python3-venv"][..]),
            // Not every machine has Node.js from its packages, which are large: it is a tool of its own.
            Source::Crate(..) | Source::CrateWithFeature(..) | Source::Npm(_) | Source::ByHand(_) => None,
        })
        .flatten()
        .copied()
        .collect();
    packages.sort_unstable();
    packages.dedup();
    packages
}

fn is_root() -> bool {
    capture(Command::new("id").arg("--user")).is_ok_and(|id| id.trim() == "0")
}

/// Installs a program that runs for seconds, and is built sooner without optimization.
pub fn install_crate(name: &str, version: &str, options: &[&str]) -> Result<(), Failure> {
    let mut install = cargo(&["install", "--locked", "--debug"]);
    install.args(options).arg("--root");
    install.env("CARGO_PROFILE_DEV_DEBUG", "0");
    // What .cargo/config.toml sets is for the aws-lc of this repository, and other programs build another one.
    let ours = env::vars_os().map(|(name, _)| name);
    for name in ours.filter(|name| name == "CPATH" || name.as_encoded_bytes().starts_with(b"AWS_LC_SYS_")) {
        install.env_remove(name);
    }
    stream(install.arg(tools_folder()).arg(format!("{name}@{version}"))).map(drop)
}

fn install_python_packages(packages: &str) -> Result<(), Failure> {
    let folder = python_folder();
    stream(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    stream(Command::new(python_of(&folder)).args(pip).args(packages.split(' '))).map(drop)
}

/// Runs no script of a package.
fn install_node_package(package: &str) -> Result<(), Failure> {
    let options = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"];
    let npm = find("npm").ok_or_else(|| format!("npm is missing, so {package} was not installed"))?;
    stream(Command::new(npm).args(options).arg(node_folder()).arg(package)).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tool::{ADDRESS_SANITIZER, CC, DOTNET, MSAL_PYTHON};

    #[test]
    fn each_package_is_named_once() {
        let packages = packages_of(&[&CC, &DOTNET, &MSAL_PYTHON, &ADDRESS_SANITIZER]);
        assert_eq!(packages, ["gcc", "libc6-dev", "python3", "python3-venv"]);
    }
}

//! The folder of the PowerShell module.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::artifacts::{MODULE_LIBRARY, build_release, release_library, root};
use crate::dotnet;
use crate::process::Failure;
use crate::tool::DOTNET;

/// Builds the module and says where it is.
pub fn run() -> bool {
    if !DOTNET.is_there() {
        eprintln!("{}", DOTNET.absence());
        return false;
    }
    match build_release().and_then(|()| build()) {
        Ok(path) => println!("{}", path.display()),
        Err(failure) => {
            eprintln!("{failure}");
            return false;
        }
    }
    true
}

/// Puts the module together around the release library, which must have been built, and returns its folder.
pub fn build() -> Result<PathBuf, Failure> {
    let folder = root().join("dist/module/GraphToken");
    build_for_host(&folder, &release_library())?;
    Ok(folder)
}

/// Puts the module together in a folder, around a library for this machine.
pub fn build_for_host(folder: &Path, library: &Path) -> Result<(), Failure> {
    let place = format!("{}/{MODULE_LIBRARY}", dotnet::runtime_identifier());
    build_around(folder, &[(place, library.to_owned())])
}

/// Puts the module together in a folder, around libraries, each with its place in the folder, which is of the platform
/// that it is for.
pub fn build_around(folder: &Path, libraries: &[(String, PathBuf)]) -> Result<(), Failure> {
    dotnet::build(PROJECT, "Release", &[])?;
    assemble(folder, libraries).map_err(|error| format!("{}: {error}", folder.display()).into())
}

const PROJECT: &str = "powershell/GraphToken.PowerShell";

fn assemble(folder: &Path, libraries: &[(String, PathBuf)]) -> io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    copy_folder(&root().join("powershell/GraphToken"), folder)?;
    for assembly in ["GraphToken.PowerShell.dll", "GraphToken.dll"] {
        let built = root().join(PROJECT).join("bin/Release/netstandard2.0").join(assembly);
        fs::copy(built, folder.join(assembly))?;
    }
    for (place, library) in libraries {
        let place = folder.join(place);
        fs::create_dir(place.parent().expect("a file is in a folder"))?;
        fs::copy(library, place)?;
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

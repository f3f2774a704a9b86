//! `dist/psgallery`: the module as the PowerShell Gallery has it, and as a zip file for a folder of modules.

use std::path::Path;
use std::process::Command;

use test_support::folder::Folder;

use super::Pack;
use super::archive::Entries;
use super::documents::Documents;
use super::open_packaging;
use crate::module;
use crate::process::{Failure, stream};
use crate::tool::{POWERSHELL, powershell};

/// Writes both files.
pub fn write(pack: &Pack, folder: &Path) -> Result<(), Failure> {
    let staged = Folder::new();
    let module = staged.path("GraphToken");
    lay_module(pack, &module)?;
    let mut entries = Entries::default();
    entries.add_folder("GraphToken", &module)?;
    entries.write_zip(&folder.join(format!("GraphToken-{}.zip", pack.version)), pack.time)?;
    let packed = publish(&staged, &module)?;
    let name = format!("GraphToken.{}.nupkg", pack.version);
    open_packaging::normalize(&packed.join(&name))?.write_zip(&folder.join(name), pack.time)
}

/// Writes the module with the library of every platform into a folder.
fn lay_module(pack: &Pack, folder: &Path) -> Result<(), Failure> {
    let libraries: Vec<_> = pack
        .platforms
        .iter()
        .map(|platform| {
            (
                format!("{}/{}", platform.rid, platform.module_library_name()),
                platform.library(),
            )
        })
        .collect();
    module::build_around(folder, &libraries)?;
    let documents = Documents {
        readme: "powershell/README.md",
        bill_of_materials: &pack.bill_of_materials,
    };
    let mut entries = Entries::default();
    documents.add_to(&mut entries, "")?;
    entries.unpack(folder)
}

/// Publishes the module to a folder, as one publishes it to the Gallery; returns that folder.
fn publish(staged: &Folder, module: &Path) -> Result<std::path::PathBuf, Failure> {
    let host = powershell().ok_or_else(|| POWERSHELL.absence())?;
    let (home, repository) = (staged.path("home"), staged.path("repository"));
    for folder in [&home, &repository] {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let mut publish = Command::new(host);
    publish
        .args(["-NoProfile", "-NonInteractive", "-Command", PUBLISH])
        // Without a home of its own it would write into this folder.
        .current_dir(staged.path(""))
        .env("HOME", home)
        .env("REPOSITORY", &repository)
        .env("MODULE", module);
    stream(&mut publish)?;
    Ok(repository)
}

const PUBLISH: &str = "\
    $ErrorActionPreference = 'Stop'
    Register-PSResourceRepository -Name Folder -Uri $env:REPOSITORY -Trusted
    Publish-PSResource -Path $env:MODULE -Repository Folder";

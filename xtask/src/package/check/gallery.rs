//! `dist/psgallery`: installed, updated and uninstalled from a folder in place of the Gallery, and unpacked into a folder
//! of modules.

use std::path::Path;
use std::process::Command;

use serde_json::json;
use test_support::emulator::CONFIDENTIAL;

use super::trial::{Trial, expect_token};
use crate::artifacts::root;
use crate::package::Pack;
use crate::package::archive::Entries;
use crate::process::Failure;
use crate::tool::{POWERSHELL, powershell, windows_powershell};

/// Every way to install the module.
pub fn check(pack: &Pack) -> Result<(), Failure> {
    let host = powershell().ok_or_else(|| POWERSHELL.absence())?;
    install(pack, &host)?;
    let trial = unpack(pack)?;
    from_folder(&trial, &host, &|path| path.display().to_string())?;
    match windows_powershell() {
        Some(host) => from_folder(&unpack(pack)?, &host, &|path| format!("Z:{}", path.display())),
        None => Err("there is no PowerShell for Windows".to_owned().into()),
    }
}

fn install(pack: &Pack, host: &Path) -> Result<(), Failure> {
    let trial = Trial::begin()?;
    let call = json!({
        "TenantId": trial.authority(),
        "ClientId": CONFIDENTIAL,
        "CertificatePath": trial.certificate(),
    });
    let arguments = trial.path("call.json");
    std::fs::write(&arguments, call.to_string()).map_err(|error| error.to_string())?;
    let mut script = Command::new(host);
    script
        .args(["-NoProfile", "-NonInteractive", "-File"])
        .arg(root().join("tests/packages/powershell/install.ps1"))
        .arg("-Package")
        .arg(root().join(format!("dist/psgallery/GraphToken.{}.nupkg", pack.version)))
        .arg("-Folder")
        .arg(trial.path(""))
        .arg("-Call")
        .arg(&arguments)
        .env("GRAPHTOKEN_TEST_CALL", &arguments);
    trial.run(&mut script).map(drop)
}

fn unpack(pack: &Pack) -> Result<Trial, Failure> {
    let trial = Trial::begin()?;
    let zip = root().join(format!("dist/psgallery/GraphToken-{}.zip", pack.version));
    Entries::of_zip(&zip)?.unpack(&trial.path("modules"))?;
    Ok(trial)
}

/// As a folder of the module path. `shown` is a path as the host sees it.
fn from_folder(trial: &Trial, host: &Path, shown: &dyn Fn(&Path) -> String) -> Result<(), Failure> {
    let line = format!(
        "$env:PSModulePath = '{modules}' + [IO.Path]::PathSeparator + $env:PSModulePath
         Get-GraphToken -TenantId '{authority}' -ClientId {CONFIDENTIAL} -CertificatePath '{certificate}' -AsPlainText",
        modules = shown(&trial.path("modules")),
        authority = trial.authority(),
        certificate = shown(Path::new(&trial.certificate())),
    );
    let mut script = Command::new(host);
    expect_token(&trial.run(script.args(["-NoProfile", "-NonInteractive", "-Command", &line]))?)
}

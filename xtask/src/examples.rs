//! The PowerShell examples of README.md, run as they are written there in every PowerShell that this machine has.

use std::fs;
use std::path::Path;
use std::process::Command;

use test_support::emulator::{self, CONFIDENTIAL, PASSWORD, USER};
use test_support::openssl::openssl;

use crate::artifacts::{root, test_command};
use crate::module;
use crate::process::{Failure, stream};
use crate::stage::Stage;
use crate::tool::{POWERSHELL, powershells};

const PFX_PASSWORD: &str = "pass w+rd";

/// Runs them in each host of this system around the module as it is shipped.
pub fn check() -> Result<(), Failure> {
    let module = module::build()?;
    let hosts = powershells();
    if hosts.is_empty() {
        return Err(format!("{} is missing", POWERSHELL.name).into());
    }
    hosts.iter().try_for_each(|host| {
        let stage = stage()?;
        // In its home .NET keeps the certificates of a user.
        let mut command = script(host, &module, &stage, &display);
        stream(command.env("HOME", stage.path(""))).map(drop)
    })
}

/// Runs them in PowerShell for Windows, in front of which `runner` stands, around the module there.
pub fn check_windows(runner: &Path, module: &Path) -> Result<(), Failure> {
    let stage = stage()?;
    // The root of this system's files is a drive there.
    stream(&mut script(runner, module, &stage, &|path| {
        format!("Z:{}", display(path))
    }))
    .map(drop)
}

/// The service, and the files that README's variables are made from.
fn stage() -> Result<Stage, Failure> {
    let program = test_command("entra-emulator");
    let stage = Stage::set(&program, 1, |pairs| emulator::arguments(&pairs[0].certificate()))?;
    stage.write("password.txt", PASSWORD);
    stage.write("app.password", PFX_PASSWORD);
    let (pair, pfx) = (stage.certificate(), stage.path("app.pfx"));
    let pem = fs::read_to_string(&pair).map_err(|error| format!("{pair}: {error}"))?;
    stage.write("app.pem", &pem);
    let password = format!("pass:{PFX_PASSWORD}");
    openssl(&[
        "pkcs12",
        "-export",
        "-in",
        &pair,
        "-out",
        &display(&pfx),
        "-passout",
        &password,
    ]);
    Ok(stage)
}

fn script(host: &Path, module: &Path, stage: &Stage, shown: &dyn Fn(&Path) -> String) -> Command {
    let mut command = Command::new(host);
    command
        .args(["-NoProfile", "-NonInteractive", "-File"])
        .arg(shown(&root().join("xtask/readme/examples.ps1")))
        .args(["-Module", &shown(module), "-Readme", &shown(&root().join("README.md"))])
        .args(["-Authority", stage.address(), "-AppId", CONFIDENTIAL])
        .args(["-Folder", &shown(&stage.path("")), "-UserName", USER])
        .env("NO_COLOR", "1");
    command
}

fn display(path: &Path) -> String {
    path.display().to_string()
}

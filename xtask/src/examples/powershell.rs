//! The examples in PowerShell, in every PowerShell that this machine has.

use std::path::Path;
use std::process::Command;

use test_support::emulator::{CONFIDENTIAL, USER};
use test_support::fenced_block::to_run;

use super::stage;
use crate::artifacts::root;
use crate::module;
use crate::process::{Failure, stream};
use crate::stage::Stage;
use crate::tool::{POWERSHELL, powershells};

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

/// Each block is a file of the stage, and its sample another one.
fn script(host: &Path, module: &Path, stage: &Stage, shown: &dyn Fn(&Path) -> String) -> Command {
    let blocks = to_run("powershell");
    for (number, block) in blocks.iter().enumerate() {
        let name = format!("example-{number:02}");
        stage.write(&format!("{name}.ps1"), &format!("# {}\n{}", block.place(), block.text));
        if let Some(sample) = &block.sample {
            stage.write(&format!("{name}.txt"), sample);
        }
    }
    let mut command = Command::new(host);
    command
        .args(["-NoProfile", "-NonInteractive", "-File"])
        .arg(shown(&root().join("xtask/documents/examples.ps1")))
        .args(["-Module", &shown(module), "-Count", &blocks.len().to_string()])
        .args(["-Authority", stage.address(), "-AppId", CONFIDENTIAL])
        .args(["-Folder", &shown(&stage.path("")), "-UserName", USER])
        .env("NO_COLOR", "1");
    command
}

fn display(path: &Path) -> String {
    path.display().to_string()
}

//! `dist/bin`, unpacked.

use std::path::Path;

use test_support::emulator;

use super::runner::Runner;
use super::trial::Trial;
use crate::artifacts::root;
use crate::package::Pack;
use crate::package::platform::Platform;
use crate::process::Failure;

/// Each command gets a token from the emulator of this machine, and from its own.
pub fn check(pack: &Pack) -> Result<(), Failure> {
    for platform in &pack.platforms {
        match Runner::of(platform) {
            Some(runner) => check_one(pack, platform, &runner)?,
            None => println!("{}: does not run on this machine", platform.rid),
        }
    }
    Ok(())
}

fn check_one(pack: &Pack, platform: &Platform, runner: &Runner) -> Result<(), Failure> {
    let trial = Trial::begin()?;
    let ending = if platform.is_windows() { "zip" } else { "tar.gz" };
    let file = format!("dist/bin/graph-token-{}-{}.{ending}", pack.version, platform.rid);
    let folder = trial.unpack(&root().join(file))?;
    let graph_token = folder.join(platform.command_name("graph-token"));
    let version = trial.run(runner.command(&graph_token).arg("--version"))?;
    if !version.contains(pack.version) {
        return Err(format!("{}: says that it is {version}", platform.rid).into());
    }
    trial.get_token(&mut runner.command(&graph_token))?;
    let emulator = folder.join(platform.command_name("entra-emulator"));
    own_emulator(&trial, runner, &graph_token, &emulator)
}

fn own_emulator(trial: &Trial, runner: &Runner, graph_token: &Path, emulator: &Path) -> Result<(), Failure> {
    let service = runner.service(emulator, &emulator::arguments(&trial.certificate()))?;
    let authority = format!("{}/{}", service.address(), emulator::TENANT);
    trial.get_token_from(&authority, &mut runner.command(graph_token))
}

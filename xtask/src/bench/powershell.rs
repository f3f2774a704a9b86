//! The module in a PowerShell host.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::measurements::Measurements;
use super::run::{CLIENT_ID, Run};
use crate::artifacts::root;
use crate::process::{Failure, capture};
use crate::tool::{POWERSHELL, powershell};
use crate::{dotnet, module};

/// A module with one cmdlet that does nothing.
const EMPTY: &str = "powershell/EmptyModule";

pub fn measure(run: &Run) -> Result<Measurements, Failure> {
    dotnet::build(EMPTY, "Release", &[])?;
    let empty = root().join(EMPTY).join("bin/Release/netstandard2.0/EmptyModule.dll");
    let module = module::build()?;
    let mut measurements = Measurements::default();
    let mut times: [Vec<f64>; 2] = Default::default();
    for _ in 0..run.count(11, 1) {
        times[0].extend(run_script("import.ps1", &module, run)?.get("powershell-import"));
        times[1].extend(run_script("import-empty.ps1", &empty, run)?.get("powershell-import-empty"));
    }
    for (name, values) in ["powershell-import", "powershell-import-empty"].into_iter().zip(times) {
        measurements.put_median(name, values);
    }
    measurements.add(run_script("call.ps1", &module, run)?);
    measurements.add(run_script("call-empty.ps1", &empty, run)?);
    Ok(measurements)
}

/// Runs a script of `xtask/bench` in a process of its own.
fn run_script(script: &str, module: &Path, run: &Run) -> Result<Measurements, Failure> {
    let host: PathBuf = powershell().ok_or_else(|| format!("{} is missing", POWERSHELL.name))?;
    let mut command = Command::new(host);
    command
        .args(["-NoProfile", "-NonInteractive", "-File"])
        .arg(root().join("xtask/bench").join(script))
        .arg("-Module")
        .arg(module)
        .args([
            "-Tenant",
            &run.stage.authority(),
            "-ClientId",
            CLIENT_ID,
            "-CertificateFile",
        ])
        .arg(run.stage.certificate())
        .args(["-Calls", &run.count(5000, 20).to_string()]);
    let output = capture(&mut command)?;
    println!("{script}\n{}", output.trim_end());
    Ok(Measurements::of_output(&output))
}

//! The .NET class beside MSAL.NET, in one process.

use std::process::Command;

use super::command::{peak_memory, size, time};
use super::measurements::Measurements;
use super::run::Run;
use crate::artifacts::{release_library, root};
use crate::dotnet;
use crate::process::{Failure, stream};

const PROJECT: &str = "bindings/csharp/GraphToken.Benchmarks";

pub fn measure(run: &Run) -> Result<Measurements, Failure> {
    let library = release_library();
    dotnet::build(PROJECT, "Release", &[("GRAPHTOKEN_LIBRARY", &library)])?;
    let output = stream(program(run).arg(if run.count(1, 0) == 1 { "full" } else { "quick" }))?;
    let mut measurements = Measurements::of_output(&output);
    let in_process = |proof| measurements.get(&format!("msal-in-process-{proof}"));
    if let Some((certificate, secret)) = in_process("certificate").zip(in_process("secret")) {
        measurements.put("msal-assertion", certificate - secret);
    }
    let (mut times, mut peaks) = (Vec::new(), Vec::new());
    for _ in 0..run.count(11, 1) {
        times.push(time(program(run).arg("msal-start"))?);
        peaks.extend(peak_memory(program(run).arg("msal-start"))?);
    }
    measurements.put_median("msal-start", times);
    measurements.put_median("msal-start-memory", peaks);
    measurements.put("msal-size", size(&folder().join("Microsoft.Identity.Client.dll"))?);
    Ok(measurements)
}

fn folder() -> std::path::PathBuf {
    root().join(PROJECT).join("bin/Release/net10.0")
}

fn program(run: &Run) -> Command {
    let mut program = Command::new("dotnet");
    program
        .arg(folder().join("GraphToken.Benchmarks.dll"))
        .env("GRAPHTOKEN_BENCH_SERVICE", run.stage.address())
        .env("GRAPHTOKEN_BENCH_SLOW_SERVICE", run.slow_service.address())
        .env("GRAPHTOKEN_BENCH_RENEWING_SERVICE", run.renewing_service.address())
        .env(
            "GRAPHTOKEN_BENCH_LONG_RENEWING_SERVICE",
            run.long_renewing_service.address(),
        )
        .env("GRAPHTOKEN_BENCH_CERTIFICATE", run.stage.certificate());
    program
}

//! The .NET class beside MSAL.NET, in one process.

use std::process::Command;

use super::command::{peak_memory, size, time};
use super::measurements::Measurements;
use super::stage::Stage;
use crate::artifacts::{release_library, root};
use crate::dotnet;
use crate::process::{Failure, stream};

const PROJECT: &str = "bindings/csharp/GraphToken.Benchmarks";

pub fn measure(stage: &Stage) -> Result<Measurements, Failure> {
    let library = release_library();
    dotnet::build(PROJECT, "Release", &[("GRAPHTOKEN_LIBRARY", &library)])?;
    let output = stream(program(stage).arg(if stage.runs(1, 0) == 1 { "full" } else { "quick" }))?;
    let mut measurements = Measurements::of_output(&output);
    let in_process = |proof| measurements.get(&format!("msal-in-process-{proof}"));
    if let Some((certificate, secret)) = in_process("certificate").zip(in_process("secret")) {
        measurements.put("msal-assertion", certificate - secret);
    }
    let (mut times, mut peaks) = (Vec::new(), Vec::new());
    for _ in 0..stage.runs(11, 1) {
        times.push(time(program(stage).arg("msal-start"))?);
        peaks.extend(peak_memory(program(stage).arg("msal-start"))?);
    }
    measurements.put_median("msal-start", times);
    measurements.put_median("msal-start-memory", peaks);
    measurements.put("msal-size", size(&folder().join("Microsoft.Identity.Client.dll"))?);
    Ok(measurements)
}

fn folder() -> std::path::PathBuf {
    root().join(PROJECT).join("bin/Release/net10.0")
}

fn program(stage: &Stage) -> Command {
    let mut program = Command::new("dotnet");
    program
        .arg(folder().join("GraphToken.Benchmarks.dll"))
        .env("GRAPHTOKEN_BENCH_SERVICE", stage.service.address())
        .env("GRAPHTOKEN_BENCH_SLOW_SERVICE", stage.slow_service.address())
        .env("GRAPHTOKEN_BENCH_RENEWING_SERVICE", stage.renewing_service.address())
        .env(
            "GRAPHTOKEN_BENCH_LONG_RENEWING_SERVICE",
            stage.long_renewing_service.address(),
        )
        .env("GRAPHTOKEN_BENCH_CERTIFICATE", stage.certificate());
    program
}

//! The engine and the C interface: the programs under `benches`.

use std::path::Path;
use std::process::Command;

use super::Extent;
use super::measurements::Measurements;
use super::run::{DELAY_MILLISECONDS, Run};
use crate::process::{Failure, stream};

pub fn measure(run: &Run) -> Result<Measurements, Failure> {
    let criterion = run.stage.path("criterion");
    let mut engine = program(run, &run.benches.engine);
    engine
        .env("CRITERION_HOME", &criterion)
        .env("GRAPHTOKEN_BENCH_SERVICE", run.stage.address())
        .env("GRAPHTOKEN_BENCH_SLOW_SERVICE", run.slow_service.address())
        .env("GRAPHTOKEN_BENCH_CERTIFICATE", run.stage.certificate())
        .arg("--bench");
    if run.extent == Extent::Quick {
        engine.args([
            "--warm-up-time",
            "0.01",
            "--measurement-time",
            "0.05",
            "--sample-size",
            "10",
        ]);
    }
    let mut measurements = Measurements::of_output(&stream(&mut engine)?);
    measurements.add(Measurements::of_criterion(&criterion)?);
    measurements.add(Measurements::of_output(&stream(&mut program(
        run,
        &run.benches.memory,
    ))?));
    measurements.put("limit-delay", f64::from(DELAY_MILLISECONDS) / 1000.0);
    Ok(measurements)
}

fn program(run: &Run, path: &Path) -> Command {
    let mut program = Command::new(path);
    program.env("GRAPHTOKEN_BENCH_ENTRIES", run.count(1_000_000, 5000).to_string());
    program
}

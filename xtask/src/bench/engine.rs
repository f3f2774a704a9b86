//! The engine and the C interface: the programs under `benches`.

use std::path::Path;
use std::process::Command;

use super::Extent;
use super::measurements::Measurements;
use super::stage::{DELAY_MILLISECONDS, Stage};
use crate::process::{Failure, stream};

pub fn measure(stage: &Stage) -> Result<Measurements, Failure> {
    let criterion = stage.folder().join("criterion");
    let mut engine = program(stage, &stage.benches.engine);
    engine
        .env("CRITERION_HOME", &criterion)
        .env("GRAPHTOKEN_BENCH_SERVICE", stage.service.address())
        .env("GRAPHTOKEN_BENCH_SLOW_SERVICE", stage.slow_service.address())
        .env("GRAPHTOKEN_BENCH_CERTIFICATE", stage.certificate())
        .arg("--bench");
    if stage.extent == Extent::Quick {
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
        stage,
        &stage.benches.memory,
    ))?));
    measurements.put("limit-delay", f64::from(DELAY_MILLISECONDS) / 1000.0);
    Ok(measurements)
}

fn program(stage: &Stage, path: &Path) -> Command {
    let mut program = Command::new(path);
    program.env("GRAPHTOKEN_BENCH_ENTRIES", stage.runs(1_000_000, 5000).to_string());
    program
}

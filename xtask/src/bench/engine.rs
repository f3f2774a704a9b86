//! The engine and the C interface: the programs under `benches`.

use super::Extent;
use super::build::benches;
use super::measurements::Measurements;
use super::stage::{DELAY_MILLISECONDS, Stage};
use crate::process::{Failure, stream};

pub fn measure(stage: &Stage) -> Result<Measurements, Failure> {
    let criterion = stage.folder().join("criterion");
    let mut benches = benches(stage.extent);
    benches
        .env("CRITERION_HOME", &criterion)
        .env("GRAPHTOKEN_BENCH_ENTRIES", stage.runs(1_000_000, 5000).to_string())
        .env("GRAPHTOKEN_BENCH_SERVICE", stage.service.address())
        .env("GRAPHTOKEN_BENCH_SLOW_SERVICE", stage.slow_service.address())
        .env("GRAPHTOKEN_BENCH_CERTIFICATE", stage.certificate());
    if stage.extent == Extent::Quick {
        benches.args([
            "--",
            "--warm-up-time",
            "0.01",
            "--measurement-time",
            "0.05",
            "--sample-size",
            "10",
        ]);
    }
    let output = stream(&mut benches)?;
    let mut measurements = Measurements::of_output(&output);
    measurements.add(Measurements::of_criterion(&criterion)?);
    measurements.put("limit-delay", f64::from(DELAY_MILLISECONDS) / 1000.0);
    Ok(measurements)
}

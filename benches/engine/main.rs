//! Benchmarks of the engine and the C ABI.
//!
//! Benchmarks that use the network need the environment variables `GRAPHTOKEN_BENCH_SERVICE` and
//! `GRAPHTOKEN_BENCH_SLOW_SERVICE` (the addresses of two `canned-service` processes, the second with a delay) and
//! `GRAPHTOKEN_BENCH_CERTIFICATE` (a PEM file with its key), and are skipped without them. `cargo xtask bench` sets
//! them.

mod abi;
#[path = "../canned.rs"]
mod canned;
mod crowd;
mod hit;
mod limit;
#[path = "../measurement.rs"]
mod measurement;
mod renewal;
mod request;
mod service;
mod thread;

use std::time::Duration;

use criterion::Criterion;

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .sample_size(50)
        .without_plots()
        .configure_from_args();
    limit::measure(&mut criterion);
    request::measure(&mut criterion);
    crowd::measure();
    renewal::measure();
    // Last, because it leaves a full cache behind.
    hit::measure(&mut criterion);
    criterion.final_summary();
}

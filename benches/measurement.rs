//! The output of measurements, in the form that `cargo xtask bench` reads.

/// Prints a value in seconds or bytes, or a count.
pub fn report(name: &str, value: f64) {
    println!("measured {name} {value:e}");
}

/// The number of entries of a full cache: `GRAPHTOKEN_BENCH_ENTRIES`, or a million.
pub fn entries() -> usize {
    let text = std::env::var("GRAPHTOKEN_BENCH_ENTRIES").unwrap_or_else(|_| "1000000".to_owned());
    text.parse().expect("GRAPHTOKEN_BENCH_ENTRIES is a number")
}

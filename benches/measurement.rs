//! What a program measured, in a form that `cargo xtask bench` reads.

/// Prints a value in seconds, bytes, or as it is counted.
pub fn report(name: &str, value: f64) {
    println!("measured {name} {value:e}");
}

/// How many entries a full cache has: `GRAPHTOKEN_BENCH_ENTRIES`, or a million.
pub fn entries() -> usize {
    let text = std::env::var("GRAPHTOKEN_BENCH_ENTRIES").unwrap_or_else(|_| "1000000".to_owned());
    text.parse().expect("GRAPHTOKEN_BENCH_ENTRIES is a number")
}

//! Lower limits: the time that the machine needs for the minimum work of each operation.

use std::hint::black_box;
use std::time::{Instant, SystemTime};

use criterion::Criterion;

use crate::service::Service;

pub fn measure(criterion: &mut Criterion) {
    criterion.bench_function("limit-clocks", |bencher| {
        bencher.iter(|| (SystemTime::now(), Instant::now()));
    });
    let chain = chain();
    let mut place = 0;
    criterion.bench_function("limit-memory-read", |bencher| {
        bencher.iter(|| {
            place = black_box(chain[place].next);
            place
        });
    });
    let Some(mut service) = Service::named("GRAPHTOKEN_BENCH_SERVICE") else {
        return;
    };
    let request = token_request();
    criterion.bench_function("limit-round-trip", |bencher| {
        bencher.iter(|| service.exchange(&request));
    });
}

/// A request of the size of a token request with a client secret.
fn token_request() -> Vec<u8> {
    let form = "f".repeat(220);
    let headers: Vec<String> = (0..10)
        .map(|number| format!("x-client-header-{number}: a value of usual length\r\n"))
        .collect();
    let request = format!(
        "POST /contoso.onmicrosoft.com/oauth2/v2.0/token HTTP/1.1\r\nhost: localhost\r\n{}content-length: {}\r\n\r\n{form}",
        headers.concat(),
        form.len()
    );
    request.into_bytes()
}

/// A cache line of the processor.
#[repr(align(64))]
struct Line {
    next: usize,
}

/// 128 MiB of lines, more than processor caches hold. Each names the next line to read. The order is a Weyl sequence,
/// which visits every line once, far from the previous one.
fn chain() -> Vec<Line> {
    const LINES: usize = 1 << 21;
    const STEP: usize = 1_296_877;
    (0..LINES)
        .map(|line| Line {
            next: (line + STEP) % LINES,
        })
        .collect()
}

//! What a token in the cache costs: its memory beyond the token, and the time to put it there or to evict another one.

#[path = "../canned.rs"]
mod canned;
mod counting_allocator;
#[path = "../measurement.rs"]
mod measurement;

use std::time::{Duration, Instant};

use graphtoken::client::Client;
use graphtoken::options::CachePlace;
use graphtoken::request::Request;

use canned::{CannedTransport, TOKEN_LENGTH, request};
use counting_allocator::CountingAllocator;
use measurement::{entries, report};

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator::new();

fn main() {
    let transport = CannedTransport::new();
    let requests: Vec<Request> = (0..entries()).map(request).collect();
    let client = transport.client_of_today(CachePlace::Client);

    let before = ALLOCATOR.live();
    let costs = fill(&client, &requests);
    let used = ALLOCATOR.live() - before;

    transport.close();
    let held = requests
        .iter()
        .filter(|request| client.acquire(request, None).is_ok())
        .count();
    let filled = costs.len() * PORTION;
    println!("{held} of {filled} tokens are in the cache");
    report("engine-held", as_number(held));
    report(
        "engine-memory",
        as_number(used) / as_number(held) - as_number(TOKEN_LENGTH),
    );
    let tenth = costs.len().div_ceil(10);
    report("engine-fill-first", median(&costs[..tenth]));
    // What came when the cache was full already made another token go.
    let last = if held < filled {
        "engine-evict"
    } else {
        "engine-fill-last"
    };
    report(last, median(&costs[costs.len() - tenth..]));
}

/// So many tokens are timed together.
const PORTION: usize = 1000;

/// A cache that takes longer than this for all is slow enough to be known as that.
const LONGEST: Duration = Duration::from_secs(60);

/// Asks for each, and returns the seconds that one token took, by portion.
fn fill(client: &Client, requests: &[Request]) -> Vec<f64> {
    let start = Instant::now();
    let portions = requests.chunks_exact(PORTION).take_while(|_| start.elapsed() < LONGEST);
    let cost = |portion: &[Request]| {
        let start = Instant::now();
        for request in portion {
            client.acquire(request, None).expect("the service issues tokens");
        }
        start.elapsed().as_secs_f64() / as_number(PORTION)
    };
    portions.map(cost).collect()
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

#[allow(clippy::cast_precision_loss, reason = "no count here comes near 2^52")]
fn as_number(count: usize) -> f64 {
    count as f64
}

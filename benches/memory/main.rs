//! The cost of a token in the cache: its memory beyond the token itself, and the time to add it or to evict another
//! one.

#[path = "../canned.rs"]
mod canned;
#[path = "../measurement.rs"]
mod measurement;

use std::time::{Duration, Instant};

use graphtoken::client::Client;
use graphtoken::client::settings::CachePlace;
use graphtoken::os::live_memory;
use graphtoken::request::Request;

use canned::{CannedTransport, TOKEN_LENGTH, request};
use measurement::{entries, report};

fn main() {
    live_memory::count();
    let transport = CannedTransport::new();
    let requests: Vec<Request> = (0..entries()).map(request).collect();
    let client = transport.client_of_today(CachePlace::Client);

    let before = live_memory::live();
    let costs = fill(&client, &requests);
    let used = (live_memory::live() - before).unsigned_abs();

    let kept = held(&transport, &client, &requests);
    let filled = costs.len() * PORTION;
    println!("{kept} of {filled} tokens are in the cache");
    report("engine-held", as_number(kept));
    report(
        "engine-memory",
        as_number(used) / as_number(kept) - as_number(TOKEN_LENGTH),
    );
    let tenth = costs.len().div_ceil(10);
    report("engine-fill-first", median(&costs[..tenth]));
    if kept == filled {
        report("engine-fill-last", median(&costs[costs.len() - tenth..]));
        evict(&transport, &client, filled);
    }
}

/// Adds more tokens to the cache. If it is full, each one evicts another.
fn evict(transport: &CannedTransport, client: &Client, filled: usize) {
    let more: Vec<Request> = (filled..filled + filled / 5).map(request).collect();
    transport.open();
    let costs = fill(client, &more);
    // The tokens that were added first are evicted first.
    let gone = costs.len() * PORTION - held(transport, client, &more);
    let first: Vec<Request> = (0..PORTION).map(request).collect();
    println!("{gone} of {} more tokens are not in the cache", more.len());
    if gone == 0 && held(transport, client, &first) == 0 {
        report("engine-evict", median(&costs[costs.len() - costs.len().div_ceil(10)..]));
    }
}

/// The number of these requests that have a token in the cache.
fn held(transport: &CannedTransport, client: &Client, requests: &[Request]) -> usize {
    transport.close();
    let hits = requests.iter().filter(|request| client.acquire(request, None).is_ok());
    hits.count()
}

/// The number of tokens that are timed together.
const PORTION: usize = 1000;

/// Filling stops after this time: the cache is too slow then, and the measurement shows it.
const LONGEST: Duration = Duration::from_secs(60);

/// Requests each token, and returns the seconds per token for each portion.
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

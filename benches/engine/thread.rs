//! Cache hits by several threads at the same time.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::abi::{AbiClient, AbiRequest};
use crate::measurement::report;

/// Measures hits per second of one and of two threads, alternately, for different keys and for the same key.
pub fn measure(client: &AbiClient, requests: &[AbiRequest]) {
    let (first, second) = requests.split_at(requests.len() / 2);
    let same = &requests[..1];
    let mut rates: [Vec<f64>; 4] = Default::default();
    for _ in 0..ROUNDS {
        rates[0].push(hits_per_second(client, &[first]));
        rates[1].push(hits_per_second(client, &[first, second]));
        rates[2].push(hits_per_second(client, &[same]));
        rates[3].push(hits_per_second(client, &[same, same]));
    }
    let [one, two, one_same, two_same] = rates.map(median);
    report("abi-threads-1-different", one);
    report("abi-threads-2-different", two);
    report("abi-threads-gain-different", two / one);
    report("abi-threads-1-same", one_same);
    report("abi-threads-2-same", two_same);
    report("abi-threads-gain-same", two_same / one_same);
}

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_millis(200);

/// Hits per second with one thread for each share of the requests.
fn hits_per_second(client: &AbiClient, shares: &[&[AbiRequest]]) -> f64 {
    let (start, stop) = (Barrier::new(shares.len() + 1), AtomicBool::new(false));
    thread::scope(|scope| {
        let threads: Vec<_> = shares
            .iter()
            .map(|share| {
                scope.spawn(|| {
                    start.wait();
                    hits(client, share, &stop)
                })
            })
            .collect();
        start.wait();
        let began = Instant::now();
        thread::sleep(ROUND);
        stop.store(true, Ordering::Relaxed);
        let took = began.elapsed().as_secs_f64();
        let hits: u32 = threads
            .into_iter()
            .map(|thread| thread.join().expect("no thread panics"))
            .sum();
        f64::from(hits) / took
    })
}

fn hits(client: &AbiClient, requests: &[AbiRequest], stop: &AtomicBool) -> u32 {
    let mut hits = 0;
    for request in requests.iter().cycle() {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        assert!(client.acquire(request));
        hits += 1;
    }
    hits
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

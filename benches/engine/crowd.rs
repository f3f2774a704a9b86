//! Many concurrent callers for the same token, which is not in the cache.

use std::sync::Barrier;
use std::thread;
use std::time::Instant;

use crate::abi::{AbiClient, AbiRequest, Proof};
use crate::canned::{CLIENT_ID, CLIENT_SECRET, scope};
use crate::measurement::report;
use crate::service::Service;

const CALLERS: usize = 10_000;

/// Stack size in bytes. With the default of 2 MiB, the threads would need 20 GB of address space.
const STACK: usize = 256 * 1024;

/// Measures the time from the first call to the last response, and the number of requests.
pub fn measure() {
    let Some(mut service) = Service::named("GRAPHTOKEN_BENCH_SLOW_SERVICE") else {
        return;
    };
    let client = AbiClient::new(&service.authority(), CLIENT_ID, Proof::Secret(CLIENT_SECRET), &[]);
    let request = AbiRequest::new(&scope(0));
    service.forget();
    let start = Barrier::new(CALLERS + 1);
    let span = thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|_| {
                let caller = || {
                    start.wait();
                    let began = Instant::now();
                    assert!(client.acquire(&request));
                    (began, Instant::now())
                };
                let builder = thread::Builder::new().stack_size(STACK);
                builder
                    .spawn_scoped(scope, caller)
                    .expect("the system starts a thread for each caller")
            })
            .collect();
        start.wait();
        let (began, ended): (Vec<_>, Vec<_>) = callers
            .into_iter()
            .map(|caller| caller.join().expect("each gets a token"))
            .unzip();
        began.into_iter().min().zip(ended.into_iter().max())
    });
    let (first, last) = span.expect("there are callers");
    report("abi-crowd-time", (last - first).as_secs_f64());
    report("abi-crowd-requests", f64::from(service.count()));
}

//! Cache hits.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::Criterion;
use graphtoken::client::Client;
use graphtoken::client::settings::CachePlace;
use graphtoken::request::Request;

use crate::abi::{AbiClient, AbiRequest, Proof};
use crate::canned::{AUTHORITY, CLIENT_ID, CLIENT_SECRET, CannedTransport, request, scope};
use crate::measurement::entries;
use crate::thread;

/// Measures hits among 1, 1,000 and all entries, through the engine and through the C interface, then with several
/// threads.
///
/// The client of the C interface finds the tokens that the engine's client has put into the process's cache, because
/// both have the same application and credential.
pub fn measure(criterion: &mut Criterion) {
    let engine = CannedTransport::new().client_of_today(CachePlace::Process);
    let options = [("cache", "process"), ("http.retries", "0")];
    let abi = AbiClient::new(AUTHORITY, CLIENT_ID, Proof::Secret(CLIENT_SECRET), &options);
    let mut filled = Filled::default();
    for (name, count) in [("1", 1), ("1000", 1000), ("all", entries())] {
        if !filled.fill(&engine, count) || !filled.all_are_held(&abi) {
            println!("the cache does not hold {count} tokens; skipping this measurement");
            return;
        }
        let order = Order::of(count);
        let mut numbers = order.cycle();
        criterion.bench_function(&format!("engine-hit-{name}"), |bencher| {
            bencher.iter(|| engine.acquire(&filled.requests[numbers()], None));
        });
        let mut numbers = order.cycle();
        criterion.bench_function(&format!("abi-hit-{name}"), |bencher| {
            bencher.iter(|| assert!(abi.acquire(&filled.abi_requests[numbers()])));
        });
        if count == 1000 {
            thread::measure(&abi, &filled.abi_requests);
        }
    }
}

const LONGEST_FILLING: Duration = Duration::from_secs(120);

/// Prepared requests whose tokens are in the cache.
#[derive(Default)]
struct Filled {
    requests: Vec<Request>,
    abi_requests: Vec<AbiRequest>,
}

impl Filled {
    /// Returns whether it finished. It gives up if the cache evicts a token for each new one, which takes too long.
    fn fill(&mut self, client: &Client, count: usize) -> bool {
        let start = Instant::now();
        for number in self.requests.len()..count {
            if start.elapsed() > LONGEST_FILLING {
                return false;
            }
            let request = request(number);
            client.acquire(&request, None).expect("the service issues tokens");
            self.requests.push(request);
            self.abi_requests.push(AbiRequest::new(&scope(number)));
        }
        true
    }

    fn all_are_held(&self, abi: &AbiClient) -> bool {
        self.abi_requests.iter().all(|request| abi.acquire(request))
    }
}

/// The numbers below a count, each once, in an order that processors cannot predict.
struct Order(Vec<usize>);

impl Order {
    fn of(count: usize) -> Self {
        let mut numbers: Vec<usize> = (0..count).collect();
        // Xorshift (Marsaglia 2003): the same order in every run.
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        for last in (1..count).rev() {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let other = usize::try_from(state % (last as u64 + 1)).expect("it is below the count");
            numbers.swap(last, other);
        }
        Self(numbers)
    }

    fn cycle(&self) -> impl FnMut() -> usize + '_ {
        let mut place = 0;
        move || {
            place = if place + 1 == self.0.len() { 0 } else { place + 1 };
            black_box(self.0[place])
        }
    }
}

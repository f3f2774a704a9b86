//! Concurrent hits on a token that is due for renewal.

use std::sync::{Arc, Barrier, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use graphtoken::base::clock::Clock;
use graphtoken::client::settings::CachePlace;

use crate::canned::{CannedTransport, request};
use crate::measurement::report;

const CALLERS: usize = 200;

/// Measures how many renewals the hits start.
pub fn measure() {
    let clock = Arc::new(SteeredClock::default());
    let transport = CannedTransport::new();
    let client = transport.client(CachePlace::Client, Arc::clone(&clock) as _);
    let request = request(0);
    client.acquire(&request, None).expect("the service issues tokens");
    clock.advance(Duration::from_secs(80_000));
    let start = Barrier::new(CALLERS);
    thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| {
                start.wait();
                client.acquire(&request, None).expect("the token is in the cache");
            });
        }
    });
    // Renewals run in the background, and nothing signals that there are no more.
    thread::sleep(Duration::from_millis(300));
    let renewals = u32::try_from(transport.posts() - 1).expect("there are not that many");
    report("engine-renewals", f64::from(renewals));
}

/// The machine's clocks, advanced by a chosen time.
#[derive(Default)]
struct SteeredClock {
    ahead: Mutex<Duration>,
}

impl SteeredClock {
    fn advance(&self, by: Duration) {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }

    fn ahead(&self) -> Duration {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for SteeredClock {
    fn now(&self) -> SystemTime {
        SystemTime::now() + self.ahead()
    }

    fn monotonic(&self) -> Instant {
        Instant::now() + self.ahead()
    }
}

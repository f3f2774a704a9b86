//! Many hits at once on a token whose renewal is due.

use std::sync::{Arc, Barrier, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use graphtoken::base::clock::Clock;
use graphtoken::client::settings::CachePlace;

use crate::canned::{CannedTransport, request};
use crate::measurement::report;

const CALLERS: usize = 200;

/// How many renewals they start.
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
    // A renewal runs in the background; nothing tells that no further one comes.
    thread::sleep(Duration::from_millis(300));
    let renewals = u32::try_from(transport.posts() - 1).expect("there are not that many");
    report("engine-renewals", f64::from(renewals));
}

/// The machine's clocks, ahead by as much as one likes.
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

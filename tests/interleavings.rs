//! Callers that want tokens at the same time, in the many orders that a model checker tries. A caller that waits for
//! ever fails its test: the checker detects the deadlock.
//!
//! `cargo test --features model-checking --test interleavings`

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use graphtoken::authority::Authority;
use graphtoken::base::cancel::Cancel;
use graphtoken::base::clock::{Clock, from_unix_seconds};
use graphtoken::base::error::{Error, Result, Status};
use graphtoken::base::secret::Secret;
use graphtoken::client::Client;
use graphtoken::client::settings::ClientSettings;
use graphtoken::credential::Credential;
use graphtoken::http::transport::Transport;
use graphtoken::http::{HttpAnswer, HttpRequest};
use graphtoken::request::Request;
use graphtoken::request::grant::ClientCredentials;
use graphtoken::request::scope::Scopes;
use graphtoken::request::settings::RequestSettings;
use shuttle::scheduler::{PctScheduler, RandomScheduler};
use shuttle::sync::Mutex;
use shuttle::sync::mpsc::{Receiver, Sender, channel};
use shuttle::{Config, Runner, thread};

/// How many orders each of the two schedulers tries.
const ORDERS: usize = 1000;

/// How many thread switches the second scheduler combines: most bugs need no more.
const DEPTH: usize = 3;

/// The engine needs more stack than the checker's threads have by default.
const STACK: usize = 256 * 1024;

fn in_every_order(model: impl Fn() + Send + Sync + Clone + 'static) {
    let mut config = Config::new();
    config.stack_size = STACK;
    Runner::new(RandomScheduler::new(ORDERS), config.clone()).run(model.clone());
    Runner::new(PctScheduler::new(DEPTH, ORDERS), config).run(model);
}

/// What the service does on a request.
enum Conduct {
    Issue,
    Refuse,
    /// Asks the client to wait for seven seconds.
    Throttle,
    /// Panics, as a defect of the engine would.
    Panic,
    /// Answers when told to.
    Hold(Receiver<()>),
}

/// A token service, and a clock that only advances while a caller sleeps. By default it issues tokens.
struct Service {
    conduct: Mutex<Vec<Conduct>>,
    requests: AtomicUsize,
    started: Instant,
    /// In seconds.
    slept: AtomicU64,
}

impl Service {
    /// A service that does this on its first requests, in this order.
    fn with(mut conduct: Vec<Conduct>) -> Arc<Self> {
        conduct.reverse();
        Arc::new(Self {
            conduct: Mutex::new(conduct),
            requests: AtomicUsize::new(0),
            started: Instant::now(),
            slept: AtomicU64::new(0),
        })
    }

    /// A client that repeats a request this often.
    fn client(self: &Arc<Self>, retries: u32) -> Client {
        let settings = ClientSettings {
            retries,
            ..ClientSettings::default()
        };
        let authority = Authority::new("contoso.onmicrosoft.com", None, None).unwrap();
        let secret = Credential::from_secret(Secret::copy_of(b"secret")).unwrap();
        Client::with_parts(authority, "app", Some(secret), settings, self.clone(), self.clone()).unwrap()
    }

    /// The number of requests so far.
    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

impl Transport for Service {
    fn post(&self, request: &HttpRequest) -> Result<HttpAnswer> {
        thread::yield_now();
        if request.timeout == Some(Duration::ZERO) {
            return Err(Error::new(Status::RequestTimeout, "No time is left.", ""));
        }
        let conduct = self.conduct.lock().unwrap().pop().unwrap_or(Conduct::Issue);
        // After the choice of the conduct: the tests wait for the count.
        self.requests.fetch_add(1, Ordering::SeqCst);
        let (status, retry_after, body) = match conduct {
            Conduct::Issue => (200, None, TOKEN),
            Conduct::Refuse => (503, None, ""),
            Conduct::Throttle => (429, Some("7"), ""),
            // `panic!` would print a message in each order.
            Conduct::Panic => resume_unwind(Box::new(())),
            Conduct::Hold(told) => {
                told.recv().unwrap();
                (200, None, TOKEN)
            }
        };
        Ok(HttpAnswer {
            status,
            retry_after: retry_after.map(str::to_owned),
            body: Secret::copy_of(body.as_bytes()),
            ..HttpAnswer::default()
        })
    }
}

const TOKEN: &str = r#"{"token_type":"Bearer","expires_in":3599,"access_token":"issued-token"}"#;

impl Clock for Service {
    fn now(&self) -> SystemTime {
        from_unix_seconds(1_800_000_000)
    }

    fn monotonic(&self) -> Instant {
        self.started + Duration::from_secs(self.slept.load(Ordering::SeqCst))
    }

    fn sleep(&self, duration: Duration) {
        self.slept.fetch_add(duration.as_secs(), Ordering::SeqCst);
        thread::yield_now();
    }
}

/// The outcome of a call as a status.
type Outcome = std::result::Result<(), Status>;

fn acquire(client: &Client, scope: &str, limit: Option<Duration>, cancel: Option<&Cancel>) -> Outcome {
    let settings = RequestSettings {
        timeout: limit,
        ..RequestSettings::default()
    };
    let grant = Arc::new(ClientCredentials);
    let request = Request::new(grant, Scopes::parse(scope).unwrap(), settings);
    let outcome = client.acquire(&request, cancel);
    outcome.map(drop).map_err(|error| error.status())
}

/// Calls for one token, each on its own thread: `patient` ones without a time limit, and one for each of `limits`.
fn call_together(client: &Client, patient: usize, limits: &[Duration]) -> (Vec<Outcome>, Vec<Outcome>) {
    let start = |limit: Option<Duration>| {
        let client = client.clone();
        thread::spawn(move || acquire(&client, "", limit, None))
    };
    let patient: Vec<_> = (0..patient).map(|_| start(None)).collect();
    let limited: Vec<_> = limits.iter().map(|limit| start(Some(*limit))).collect();
    let end = |threads: Vec<thread::JoinHandle<Outcome>>| threads.into_iter().map(|thread| thread.join().unwrap());
    (end(patient).collect(), end(limited).collect())
}

#[test]
fn callers_that_want_the_same_token_make_one_request() {
    in_every_order(|| {
        let service = Service::with(vec![]);
        let (outcomes, _) = call_together(&service.client(0), 3, &[]);
        assert_eq!(outcomes, [Ok(()); 3]);
        assert_eq!(service.requests(), 1);
    });
}

#[test]
fn a_cancelled_call_does_not_affect_the_others() {
    in_every_order(|| {
        let service = Service::with(vec![]);
        let client = service.client(0);
        let cancel = Arc::new(Cancel::default());
        let cancelled = {
            let (client, cancel) = (client.clone(), Arc::clone(&cancel));
            thread::spawn(move || acquire(&client, "", None, Some(&cancel)))
        };
        let signal = thread::spawn(move || cancel.signal());
        let (outcomes, _) = call_together(&client, 2, &[]);
        assert_eq!(outcomes, [Ok(()); 2]);
        assert!(matches!(cancelled.join().unwrap(), Ok(()) | Err(Status::Cancelled)));
        signal.join().unwrap();
        assert_eq!(service.requests(), 1);
    });
}

#[test]
fn a_cancelled_call_does_not_wait_for_the_answer() {
    in_every_order(|| {
        let (done, told): (Sender<()>, Receiver<()>) = channel();
        let service = Service::with(vec![Conduct::Hold(told)]);
        let client = service.client(0);
        let cancel = Arc::new(Cancel::default());
        // One of them may be waiting for its own request, and the other for the first one's.
        let callers = [0; 2].map(|_| {
            let (client, cancel) = (client.clone(), Arc::clone(&cancel));
            thread::spawn(move || acquire(&client, "", None, Some(&cancel)))
        });
        cancel.signal();
        for caller in callers {
            assert_eq!(caller.join().unwrap(), Err(Status::Cancelled));
        }
        done.send(()).unwrap();
        assert_eq!(acquire(&client, "", None, None), Ok(()));
        assert_eq!(service.requests(), 1);
    });
}

#[test]
fn a_call_that_times_out_does_not_affect_the_others() {
    in_every_order(|| {
        let service = Service::with(vec![]);
        let (patient, hurried) = call_together(&service.client(0), 2, &[Duration::ZERO]);
        assert_eq!(patient, [Ok(()); 2]);
        assert!(matches!(hurried[0], Ok(()) | Err(Status::RequestTimeout)));
        assert_eq!(service.requests(), 1);
    });
}

#[test]
fn a_wait_that_is_too_long_for_one_call_is_not_too_long_for_the_others() {
    in_every_order(|| {
        let service = Service::with(vec![Conduct::Throttle]);
        let client = service.client(1);
        let (patient, hurried) = call_together(&client, 2, &[Duration::from_secs(5)]);
        assert_eq!(patient, [Ok(()); 2]);
        assert!(matches!(hurried[0], Ok(()) | Err(Status::Throttled)));
        assert_eq!(service.requests(), 2);
    });
}

#[test]
fn a_failure_is_not_kept() {
    in_every_order(|| {
        let service = Service::with(vec![Conduct::Refuse]);
        let client = service.client(0);
        let (outcomes, _) = call_together(&client, 3, &[]);
        let failed = outcomes.iter().filter(|outcome| outcome.is_err()).count();
        assert!(failed >= 1, "at least one request failed");
        assert_eq!(acquire(&client, "", None, None), Ok(()));
        assert_eq!(service.requests(), 2);
    });
}

#[test]
fn a_panic_in_one_call_does_not_affect_the_others() {
    in_every_order(|| {
        let service = Service::with(vec![Conduct::Panic]);
        let client = service.client(0);
        let callers: Vec<_> = (0..3)
            .map(|_| {
                let client = client.clone();
                thread::spawn(move || catch_unwind(AssertUnwindSafe(|| acquire(&client, "", None, None))).ok())
            })
            .collect();
        let outcomes: Vec<_> = callers.into_iter().map(|caller| caller.join().unwrap()).collect();
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_none()).count(), 1);
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == Some(Ok(()))).count(), 2);
        assert_eq!(service.requests(), 2);
    });
}

#[test]
fn a_call_for_another_token_never_waits() {
    in_every_order(|| {
        let (done, told): (Sender<()>, Receiver<()>) = channel();
        let service = Service::with(vec![Conduct::Hold(told)]);
        let client = service.client(0);
        let held = {
            let client = client.clone();
            thread::spawn(move || acquire(&client, "one/.default", None, None))
        };
        while service.requests() == 0 {
            thread::yield_now();
        }
        assert_eq!(acquire(&client, "other/.default", None, None), Ok(()));
        done.send(()).unwrap();
        assert_eq!(held.join().unwrap(), Ok(()));
    });
}

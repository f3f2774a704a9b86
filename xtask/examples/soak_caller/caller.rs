//! One thread that asks for tokens.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use graphtoken::{AcquiredToken, Cancel, Error, Status, TokenSource};

use crate::application;
use crate::key::Key;
use crate::report::{Failed, Report};
use crate::setup::Setup;

/// How long most calls may take.
pub const TIME_LIMIT: Duration = Duration::from_secs(30);

/// How long some calls may take, which so run out of time now and then while others go on.
const SHORT_TIME_LIMIT: Duration = Duration::from_secs(1);

/// How often a request may be repeated.
pub const RETRIES: u32 = 10;

/// How long a token must still live.
pub const MINIMUM_LIFETIME: Duration = Duration::from_secs(2);

/// All callers of all processes want the same token for this long, in milliseconds; then they want another.
const MEETING: u128 = 50;

pub struct Caller {
    random: fastrand::Rng,
    setup: Arc<Setup>,
    keys: Arc<[Key]>,
    is_over: Arc<AtomicBool>,
    report: Report,
}

impl Caller {
    pub fn new(number: u64, setup: Arc<Setup>, keys: Arc<[Key]>, is_over: Arc<AtomicBool>) -> Self {
        Self {
            random: fastrand::Rng::with_seed(number),
            setup,
            keys,
            is_over,
            report: Report::default(),
        }
    }

    pub fn run(mut self) -> Report {
        let keys = Arc::clone(&self.keys);
        while !self.is_over.load(Ordering::Relaxed) {
            let key = &keys[self.next_key()];
            if let Err(problem) = self.ask(key) {
                self.report.faults.push(problem);
            }
            thread::sleep(Duration::from_millis(self.random.u64(0..10)));
        }
        self.report
    }

    /// Half of the time the one that all callers want now, else any.
    fn next_key(&mut self) -> usize {
        if self.random.bool() {
            return self.random.usize(..self.keys.len());
        }
        let meeting = since_epoch(SystemTime::now()).as_millis() / MEETING;
        fastrand::Rng::with_seed(u64::try_from(meeting).unwrap_or_default()).usize(..self.keys.len())
    }

    fn ask(&mut self, key: &Key) -> Result<(), String> {
        let is_short = self.random.u8(..20) == 0;
        let limit = if is_short { SHORT_TIME_LIMIT } else { TIME_LIMIT };
        let request = key.request(limit)?;
        let is_new_client = self.random.u8(..200) == 0;
        let client = if is_new_client {
            application::client(&self.setup, &self.setup.applications[key.application])
                .map_err(|error| format!("a client could not be made: {error}"))?
        } else {
            key.client.clone()
        };
        let began = SystemTime::now();
        let (result, was_cancelled) = if self.random.u8(..50) == 0 {
            let patience = Duration::from_millis(self.random.u64(..30));
            let cancel = Arc::new(Cancel::default());
            let signal = Arc::clone(&cancel);
            let signalling = thread::spawn(move || {
                thread::sleep(patience);
                signal.signal();
            });
            let result = client.acquire(&request, Some(&cancel));
            signalling
                .join()
                .map_err(|_| "the cancelling thread panicked".to_owned())?;
            (result, true)
        } else {
            (client.acquire(&request, None), false)
        };
        match result {
            Ok(token) => self.judge(key, &token, began),
            Err(error) if was_cancelled && error.status() == Status::Cancelled => self.report.cancelled += 1,
            Err(error) => self.failed(key, &error, began, limit),
        }
        Ok(())
    }

    fn judge(&mut self, key: &Key, token: &AcquiredToken, began: SystemTime) {
        match token.source {
            TokenSource::Network => self.report.from_network += 1,
            TokenSource::Cache => self.report.from_cache += 1,
        }
        if let Some(fault) = key.fault_of(token, began) {
            let of = format!("a token of {} for {}: {fault}", key.client_id, key.resource);
            self.report.faults.push(of);
        }
    }

    fn failed(&mut self, key: &Key, error: &Error, began: SystemTime, limit: Duration) {
        self.report.failed.push(Failed {
            client_id: key.client_id.clone(),
            scope: key.scope(),
            kind: error.status().name(),
            message: error.message().to_owned(),
            began: since_epoch(began),
            ended: since_epoch(SystemTime::now()),
            limit,
        });
    }
}

fn since_epoch(time: SystemTime) -> Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}

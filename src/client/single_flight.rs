//! One request for all callers that want the same token at the same time.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, OnceLock, PoisonError};
use std::time::Instant;

use crate::base::cancel::{Cancel, Registration};
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::REQUEST_TIMEOUT;
use crate::base::sync::{Condvar, Mutex, MutexGuard};
use crate::cache::CacheKey;
use crate::client::settings::CachePlace;
use crate::token::Token;

/// The requests in flight.
#[derive(Default)]
pub struct Flights {
    under_way: Mutex<HashMap<CacheKey, Arc<Flight>>>,
}

/// The part of a caller in a flight.
pub enum Role {
    /// Sends the request, and finishes the flight with its result.
    Leader(Leader),
    /// Waits for the leader's result.
    Follower(Arc<Flight>),
}

impl Flights {
    /// Those of a client that caches at `place`; `None` if each of its calls sends its own request.
    pub fn at(place: CachePlace) -> Option<Arc<Self>> {
        match place {
            CachePlace::Client => Some(Arc::default()),
            CachePlace::Process => Some(Self::of_process()),
            CachePlace::None => None,
        }
    }

    /// The flights of the clients that share the process's cache.
    pub fn of_process() -> Arc<Self> {
        static FLIGHTS: OnceLock<Arc<Flights>> = OnceLock::new();
        Arc::clone(FLIGHTS.get_or_init(Arc::default))
    }

    /// Joins the flight for `key`: as a follower if there is one, else as the leader of a new one.
    pub fn join(self: &Arc<Self>, key: CacheKey) -> Role {
        match lock(&self.under_way).entry(key) {
            Entry::Occupied(flight) => Role::Follower(Arc::clone(flight.get())),
            Entry::Vacant(place) => {
                let flight = Arc::new(Flight {
                    state: Mutex::new(State::UnderWay),
                    news: Condvar::new(),
                });
                place.insert(Arc::clone(&flight));
                Role::Leader(Leader {
                    flights: Arc::clone(self),
                    key,
                    flight,
                })
            }
        }
    }
}

/// The caller that sends the request. If it is dropped before it has finished (by a panic), a follower takes over.
pub struct Leader {
    flights: Arc<Flights>,
    key: CacheKey,
    flight: Arc<Flight>,
}

impl Leader {
    /// Ends the flight with `result` for all followers. Cache the token first, because the next caller starts a new
    /// flight.
    ///
    /// The error of a leader that ran out of time is not passed on: a follower with more time takes over.
    pub fn finish(self, result: &Result<Arc<Token>>) {
        let ran_out_of_time = result.as_ref().is_err_and(Error::ran_out_of_time);
        if !ran_out_of_time {
            self.end(State::Finished(result.clone()));
        }
    }

    /// Removes the flight before it ends it: no caller may join a flight that has ended.
    fn end(&self, state: State) {
        lock(&self.flights.under_way).remove(&self.key);
        *lock(&self.flight.state) = state;
        self.flight.news.notify_all();
    }
}

impl Drop for Leader {
    fn drop(&mut self) {
        let has_finished = matches!(*lock(&self.flight.state), State::Finished(_));
        if !has_finished {
            self.end(State::Abandoned);
        }
    }
}

/// One request in flight, and its result.
pub struct Flight {
    state: Mutex<State>,
    /// Notified when the state changes, and when a follower is cancelled.
    news: Condvar,
}

enum State {
    UnderWay,
    Finished(Result<Arc<Token>>),
    /// The leader left without a result.
    Abandoned,
}

impl Flight {
    /// Waits for the leader's result. Returns `None` if the leader left without one; then join again.
    ///
    /// # Errors
    /// The leader's error; [`Status::RequestTimeout`] after `deadline` and [`Status::Cancelled`] after `cancel` was
    /// signalled, which concern this caller only.
    pub fn wait(self: &Arc<Self>, deadline: Instant, cancel: Option<&Cancel>) -> Option<Result<Arc<Token>>> {
        let flight = Arc::clone(self);
        let registration = cancel.map(|cancel| {
            cancel.on_signal(move || {
                // Under the lock, because a signal between a follower's look at the state and its wait would be lost.
                let _state = lock(&flight.state);
                flight.news.notify_all();
            })
        });
        let mut state = lock(&self.state);
        loop {
            match &*state {
                State::Finished(result) => return Some(result.clone()),
                State::Abandoned => return None,
                State::UnderWay => {}
            }
            if registration.as_ref().is_some_and(Registration::is_signalled) {
                return Some(Err(Error::cancelled()));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Some(Err(out_of_time()));
            }
            let woken = self.news.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn out_of_time() -> Error {
    Error::new(
        Status::RequestTimeout,
        "Timed out waiting for another call's request for the same token.",
        format!("Try again, or use {REQUEST_TIMEOUT} to allow more time."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::from_unix_seconds;
    use crate::base::digest::Digest;
    use crate::base::secret::Secret;
    use crate::token::Holder;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::thread;
    use std::time::Duration;

    fn key(name: &[u8]) -> CacheKey {
        CacheKey::new(Digest::of(&[b"client"]), Digest::of(&[name]))
    }

    fn later() -> Instant {
        Instant::now() + Duration::from_secs(3600)
    }

    fn token() -> Arc<Token> {
        Arc::new(Token {
            access_token: Secret::copy_of(b"t"),
            scopes: "".into(),
            holder: Arc::new(Holder {
                tenant_id: String::new(),
                client_id: String::new(),
            }),
            user: None,
            expires_on: from_unix_seconds(3600),
            refresh_on: None,
            correlation_id: None,
        })
    }

    fn refused(status: Status) -> Result<Arc<Token>> {
        Err(Error::new(status, "no", ""))
    }

    fn leader(flights: &Arc<Flights>, name: &[u8]) -> Leader {
        match flights.join(key(name)) {
            Role::Leader(leader) => leader,
            Role::Follower(_) => panic!("another caller is the leader"),
        }
    }

    fn follower(flights: &Arc<Flights>, name: &[u8]) -> Arc<Flight> {
        match flights.join(key(name)) {
            Role::Follower(flight) => flight,
            Role::Leader(_) => panic!("no other caller is the leader"),
        }
    }

    #[test]
    fn every_follower_gets_the_result_of_the_leader() {
        let flights = Arc::default();
        let leader = leader(&flights, b"a");
        let followers = [follower(&flights, b"a"), follower(&flights, b"a")];
        let token = token();
        leader.finish(&Ok(Arc::clone(&token)));
        for follower in followers {
            let got = follower.wait(later(), None).unwrap().unwrap();
            assert!(Arc::ptr_eq(&got, &token));
        }
    }

    #[test]
    fn a_failure_reaches_all_followers_and_the_next_caller_starts_a_new_flight() {
        let flights = Arc::default();
        let first = leader(&flights, b"a");
        let follower = follower(&flights, b"a");
        first.finish(&refused(Status::ServiceUnavailable));
        let error = follower.wait(later(), None).unwrap().unwrap_err();
        assert_eq!(error.status(), Status::ServiceUnavailable);
        leader(&flights, b"a");
    }

    #[test]
    fn other_keys_have_flights_of_their_own() {
        let flights = Arc::default();
        let _first = leader(&flights, b"a");
        let _second = leader(&flights, b"b");
    }

    #[test]
    fn a_follower_takes_over_from_a_leader_that_timed_out_or_panicked() {
        let flights = Arc::default();
        let hurried = leader(&flights, b"a");
        let first = follower(&flights, b"a");
        hurried.finish(&refused(Status::Throttled).map_err(Error::out_of_time));
        assert!(first.wait(later(), None).is_none());

        let broken = leader(&flights, b"a");
        let second = follower(&flights, b"a");
        let defect = catch_unwind(AssertUnwindSafe(move || {
            let _leader = broken;
            panic!("a defect");
        }));
        assert!(defect.is_err());
        assert!(second.wait(later(), None).is_none());
        leader(&flights, b"a");
    }

    #[test]
    fn a_timeout_after_all_retries_reaches_all_followers() {
        let flights = Arc::default();
        let leader = leader(&flights, b"a");
        let follower = follower(&flights, b"a");
        leader.finish(&refused(Status::RequestTimeout));
        assert!(follower.wait(later(), None).is_some());
    }

    #[test]
    fn a_follower_that_leaves_changes_nothing_for_the_others() {
        let flights = Arc::default();
        let leader = leader(&flights, b"a");
        let [hurried, cancelled, patient] = [0; 3].map(|_| follower(&flights, b"a"));
        let error = hurried.wait(Instant::now(), None).unwrap().unwrap_err();
        assert_eq!(error.status(), Status::RequestTimeout);

        let cancel = Arc::new(Cancel::default());
        let signal = Arc::clone(&cancel);
        let waiting = thread::spawn(move || cancelled.wait(later(), Some(&cancel)).unwrap().unwrap_err());
        signal.signal();
        assert_eq!(waiting.join().unwrap().status(), Status::Cancelled);

        leader.finish(&Ok(token()));
        assert!(patient.wait(later(), None).unwrap().is_ok());
    }
}

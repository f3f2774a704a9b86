//! One request on its way for all callers who want the same token at the same time.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, OnceLock, PoisonError};
use std::time::Instant;

use crate::base::cancel::{Cancel, Registration};
use crate::base::error::{Error, Result, Status};
use crate::base::sync::{Condvar, Mutex, MutexGuard};
use crate::cache::CacheKey;
use crate::token::Token;

/// The requests that are on their way now.
#[derive(Default)]
pub struct Flights {
    under_way: Mutex<HashMap<CacheKey, Arc<Flight>>>,
}

/// What a caller is to do.
pub enum Boarding {
    /// Send the request, and land with what comes of it.
    Pilot(Pilot),
    /// Wait for somebody else's request.
    Passenger(Arc<Flight>),
}

impl Flights {
    /// Those of the clients that share the process's cache.
    pub fn of_process() -> Arc<Self> {
        static FLIGHTS: OnceLock<Arc<Flights>> = OnceLock::new();
        Arc::clone(FLIGHTS.get_or_init(Arc::default))
    }

    /// Makes the caller the pilot of a new flight for `key`, or a passenger of the one that is under way.
    pub fn board(self: &Arc<Self>, key: CacheKey) -> Boarding {
        match lock(&self.under_way).entry(key) {
            Entry::Occupied(flight) => Boarding::Passenger(Arc::clone(flight.get())),
            Entry::Vacant(place) => {
                let flight = Arc::new(Flight {
                    state: Mutex::new(State::InTheAir),
                    news: Condvar::new(),
                });
                place.insert(Arc::clone(&flight));
                Boarding::Pilot(Pilot {
                    flights: Arc::clone(self),
                    key,
                    flight,
                })
            }
        }
    }
}

/// The caller who sends the request. Dropped without landing (a panic), it lets a passenger take over.
pub struct Pilot {
    flights: Arc<Flights>,
    key: CacheKey,
    flight: Arc<Flight>,
}

impl Pilot {
    /// Ends the flight with `result` for all its passengers. What is to be cached must be by now: whoever comes next
    /// starts a new flight.
    ///
    /// A pilot who had too little time takes nobody along: a passenger with more time takes over.
    pub fn land(self, result: &Result<Arc<Token>>) {
        let needed_more_time = result.as_ref().is_err_and(Error::is_for_want_of_time);
        if !needed_more_time {
            self.end(State::Landed(result.clone()));
        }
    }

    /// First out of the list, so that nobody boards a flight that has ended.
    fn end(&self, state: State) {
        lock(&self.flights.under_way).remove(&self.key);
        *lock(&self.flight.state) = state;
        self.flight.news.notify_all();
    }
}

impl Drop for Pilot {
    fn drop(&mut self) {
        let has_landed = matches!(*lock(&self.flight.state), State::Landed(_));
        if !has_landed {
            self.end(State::Abandoned);
        }
    }
}

/// One request that is under way.
pub struct Flight {
    state: Mutex<State>,
    /// Rung at every change of the state, and for a passenger whose call is cancelled.
    news: Condvar,
}

enum State {
    InTheAir,
    Landed(Result<Arc<Token>>),
    /// The pilot has gone without an answer.
    Abandoned,
}

impl Flight {
    /// Waits for the pilot's answer. `None` when the pilot has gone without one, so that this caller boards again.
    ///
    /// # Errors
    /// The pilot's error; [`Status::RequestTimeout`] after `deadline`, [`Status::Cancelled`] after `cancel` was
    /// signalled. Neither of the last two touches the others.
    pub fn wait(self: &Arc<Self>, deadline: Instant, cancel: Option<&Cancel>) -> Option<Result<Arc<Token>>> {
        let flight = Arc::clone(self);
        let registration = cancel.map(|cancel| {
            cancel.on_signal(move || {
                // With the lock, so that the bell cannot ring between a passenger's look and its sleep.
                let _state = lock(&flight.state);
                flight.news.notify_all();
            })
        });
        let mut state = lock(&self.state);
        loop {
            match &*state {
                State::Landed(result) => return Some(result.clone()),
                State::Abandoned => return None,
                State::InTheAir => {}
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
        "The time of this call ended while another call's request for the same token was under way.",
        "Try again, or allow more time (the timeout option).",
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

    fn pilot(flights: &Arc<Flights>, name: &[u8]) -> Pilot {
        match flights.board(key(name)) {
            Boarding::Pilot(pilot) => pilot,
            Boarding::Passenger(_) => panic!("somebody else is the pilot"),
        }
    }

    fn passenger(flights: &Arc<Flights>, name: &[u8]) -> Arc<Flight> {
        match flights.board(key(name)) {
            Boarding::Passenger(flight) => flight,
            Boarding::Pilot(_) => panic!("nobody else is the pilot"),
        }
    }

    #[test]
    fn everyone_gets_what_the_pilot_brings() {
        let flights = Arc::default();
        let pilot = pilot(&flights, b"a");
        let passengers = [passenger(&flights, b"a"), passenger(&flights, b"a")];
        let token = token();
        pilot.land(&Ok(Arc::clone(&token)));
        for passenger in passengers {
            let got = passenger.wait(later(), None).unwrap().unwrap();
            assert!(Arc::ptr_eq(&got, &token));
        }
    }

    #[test]
    fn a_failure_is_everyone_s_and_the_next_caller_flies_again() {
        let flights = Arc::default();
        let first = pilot(&flights, b"a");
        let passenger = passenger(&flights, b"a");
        first.land(&refused(Status::ServiceUnavailable));
        let error = passenger.wait(later(), None).unwrap().unwrap_err();
        assert_eq!(error.status(), Status::ServiceUnavailable);
        pilot(&flights, b"a");
    }

    #[test]
    fn other_keys_have_flights_of_their_own() {
        let flights = Arc::default();
        let _first = pilot(&flights, b"a");
        let _second = pilot(&flights, b"b");
    }

    #[test]
    fn a_pilot_without_time_or_with_a_defect_lets_a_passenger_take_over() {
        let flights = Arc::default();
        let hurried = pilot(&flights, b"a");
        let first = passenger(&flights, b"a");
        hurried.land(&refused(Status::Throttled).map_err(Error::for_want_of_time));
        assert!(first.wait(later(), None).is_none());

        let broken = pilot(&flights, b"a");
        let second = passenger(&flights, b"a");
        let defect = catch_unwind(AssertUnwindSafe(move || {
            let _pilot = broken;
            panic!("a defect");
        }));
        assert!(defect.is_err());
        assert!(second.wait(later(), None).is_none());
        pilot(&flights, b"a");
    }

    #[test]
    fn a_timeout_that_ends_all_repetitions_is_everyone_s() {
        let flights = Arc::default();
        let pilot = pilot(&flights, b"a");
        let passenger = passenger(&flights, b"a");
        pilot.land(&refused(Status::RequestTimeout));
        assert!(passenger.wait(later(), None).is_some());
    }

    #[test]
    fn a_passenger_who_leaves_changes_nothing_for_the_others() {
        let flights = Arc::default();
        let pilot = pilot(&flights, b"a");
        let [hurried, cancelled, patient] = [0; 3].map(|_| passenger(&flights, b"a"));
        let error = hurried.wait(Instant::now(), None).unwrap().unwrap_err();
        assert_eq!(error.status(), Status::RequestTimeout);

        let cancel = Arc::new(Cancel::default());
        let signal = Arc::clone(&cancel);
        let waiting = thread::spawn(move || cancelled.wait(later(), Some(&cancel)).unwrap().unwrap_err());
        signal.signal();
        assert_eq!(waiting.join().unwrap().status(), Status::Cancelled);

        pilot.land(&Ok(token()));
        assert!(patient.wait(later(), None).unwrap().is_ok());
    }
}

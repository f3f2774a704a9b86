//! What the callers have sent, as the emulator noted it.

use std::collections::HashMap;

use serde_json::Value;
use test_support::control::Control;

use super::weather::NOTHING;

/// One request for a token. Times are milliseconds since 1970-01-01T00:00:00Z.
pub struct Request {
    pub received: u64,
    /// `None` when it was not: its caller has given up, or the soak has ended.
    pub answered: Option<u64>,
    /// The same for all requests of one call.
    correlation_id: String,
    /// What went wrong with it.
    pub fault: Option<String>,
    /// Whether a token was sent back, whole.
    pub is_served: bool,
}

/// What a process wants: its name, the application, and the scope.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Want {
    pub process: String,
    pub client_id: String,
    pub scope: String,
}

/// The requests for one token, in the order in which they came.
#[derive(Default)]
pub struct Journal {
    by_want: HashMap<Want, Vec<Request>>,
    /// The number of the last request that is here.
    last: u64,
}

impl Journal {
    /// Adds what came into the emulator's journal since the last time; `now` and `patience` are those of [`Self::add`].
    pub fn read_on(&mut self, emulator: &Control, now: u64, patience: u64) -> Result<(), String> {
        self.add(&emulator.journal_after(self.last)?, now, patience);
        Ok(())
    }

    /// Adds entries of the emulator's journal, up to the first request that has no answer yet, which may have one next
    /// time. One that is older than `patience` milliseconds will get none.
    pub fn add(&mut self, entries: &[Value], now: u64, patience: u64) {
        for entry in entries {
            let request = Request::of(entry);
            if request.answered.is_none() && request.received + patience > now {
                break;
            }
            self.last = entry["number"].as_u64().unwrap_or(self.last);
            self.by_want.entry(Want::of(entry)).or_default().push(request);
        }
    }

    pub fn of(&self, want: &Want) -> &[Request] {
        self.by_want.get(want).map(Vec::as_slice).unwrap_or_default()
    }

    pub fn all(&self) -> impl Iterator<Item = (&Want, &[Request])> {
        self.by_want.iter().map(|(want, requests)| (want, requests.as_slice()))
    }
}

/// The requests of each call that sent some, in the order of the first of each.
pub fn calls(requests: &[Request]) -> Vec<Vec<&Request>> {
    let mut calls: Vec<Vec<&Request>> = Vec::new();
    for request in requests {
        let known = calls
            .iter_mut()
            .rev()
            .find(|call| call[0].correlation_id == request.correlation_id);
        match known {
            Some(call) => call.push(request),
            None => calls.push(vec![request]),
        }
    }
    calls
}

impl Request {
    fn of(entry: &Value) -> Self {
        let fault = entry["fault"].as_str().filter(|fault| *fault != NOTHING);
        let answer = &entry["answer"];
        let is_whole = answer["ending"] == "whole" && answer["error"].is_null();
        let is_spoilt = fault.is_some_and(|fault| fault.contains("body="));
        Self {
            received: entry["received"].as_u64().unwrap_or_default(),
            answered: entry["answered"].as_u64(),
            correlation_id: text(&entry["headers"]["client-request-id"]),
            fault: fault.map(str::to_owned),
            is_served: answer["status"] == 200 && is_whole && !is_spoilt,
        }
    }

    pub fn is_of_the_call_of(&self, other: &Self) -> bool {
        self.correlation_id == other.correlation_id
    }

    pub fn has_wrong_clock(&self) -> bool {
        self.fault.as_ref().is_some_and(|fault| fault.contains("date-skew"))
    }

    /// Whether something answered that is no token service, which does not pass by asking again.
    pub fn has_strange_answer(&self) -> bool {
        let is_strange = |fault: &String| fault.contains("body=") && !fault.contains("status=");
        self.fault.as_ref().is_some_and(is_strange)
    }
}

impl Want {
    fn of(entry: &Value) -> Self {
        Self {
            process: text(&entry["headers"]["x-client-sku"]),
            client_id: text(&entry["form"]["client_id"]),
            scope: text(&entry["form"]["scope"]),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

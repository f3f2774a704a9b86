//! What the emulator was asked.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use hyper::{HeaderMap, Method};
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::answer::ending::Ending;
use crate::request::assertion::Assertion;
use crate::request::form::{Form, MASK};

/// The newest requests, oldest first, with every secret masked.
pub(crate) struct Journal(Mutex<Entries>);

struct Entries {
    list: VecDeque<Value>,
    /// The sizes of the entries together.
    size: usize,
    /// How many requests came before the first of the list.
    forgotten: u64,
}

impl Entries {
    fn add(&mut self, entry: Value) {
        self.size += size(&entry);
        self.list.push_back(entry);
        // The newest request stays, whatever its size: a body has at most 1 MiB.
        while self.list.len() > LONGEST || (self.size > LARGEST && self.list.len() > 1) {
            self.forget_first();
        }
    }

    fn forget_first(&mut self) {
        if let Some(entry) = self.list.pop_front() {
            self.size -= size(&entry);
            self.forgotten += 1;
        }
    }
}

/// What a journal entry says of a request.
pub(crate) struct Asked<'request> {
    pub(crate) method: &'request Method,
    pub(crate) path: &'request str,
    /// The query as it was sent.
    pub(crate) query: &'request str,
    pub(crate) headers: &'request HeaderMap,
    /// The number of the TCP connection, counted from 1.
    pub(crate) connection: u64,
    pub(crate) form: Option<&'request Form>,
    /// The fault that the request spent.
    pub(crate) fault: Option<&'request str>,
}

impl Journal {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Entries {
            list: VecDeque::new(),
            size: 0,
            forgotten: 0,
        }))
    }

    /// Notes a request when it arrives; returns the number by which its answer is noted.
    pub(crate) fn note_request(&self, asked: &Asked) -> u64 {
        let mut entry = asked.entry();
        let mut entries = self.lock();
        let number = entries.forgotten + entries.list.len() as u64 + 1;
        entry["number"] = number.into();
        entries.add(entry);
        number
    }

    /// Notes the answer, unless the request has been forgotten meanwhile.
    pub(crate) fn note_answer(&self, number: u64, answer: &Answer) {
        let mut entries = self.lock();
        let index = number
            .checked_sub(entries.forgotten + 1)
            .and_then(|index| usize::try_from(index).ok());
        let Entries { list, size: total, .. } = &mut *entries;
        if let Some(entry) = index.and_then(|index| list.get_mut(index)) {
            *total -= size(entry);
            entry["answered"] = unix_milliseconds().into();
            entry["answer"] = shown(answer);
            *total += size(entry);
        }
    }

    /// The requests whose numbers are greater than `number`; 0 stands before the first.
    pub(crate) fn json_after(&self, number: u64) -> Value {
        let entries = self.lock();
        let known = usize::try_from(number.saturating_sub(entries.forgotten)).unwrap_or(usize::MAX);
        Value::Array(entries.list.iter().skip(known).cloned().collect())
    }

    /// Forgets every request; the numbers go on.
    pub(crate) fn clear(&self) {
        let mut entries = self.lock();
        entries.forgotten += entries.list.len() as u64;
        entries.list.clear();
        entries.size = 0;
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// In requests. Under load the journal must not grow without end.
const LONGEST: usize = 10_000;

/// In bytes of memory, about.
const LARGEST: usize = 64 * 1024 * 1024;

/// About how many bytes of memory a value takes.
fn size(value: &Value) -> usize {
    let inside = match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(members) => members.iter().map(|(name, value)| 64 + name.len() + size(value)).sum(),
    };
    size_of::<Value>() + inside
}

impl Asked<'_> {
    fn entry(&self) -> Value {
        let assertion = self.form.and_then(|form| form.get("client_assertion"));
        let assertion = assertion.and_then(|text| Assertion::parse(text).ok());
        json!({
            "method": self.method.as_str(),
            "path": self.path,
            "query": Form::of_query(self.query).map_or(Value::Null, |query| query.masked()),
            "headers": shown_headers(self.headers),
            "connection": self.connection,
            "form": self.form.map(Form::masked),
            "raw_body_template": self.form.map(Form::template),
            "assertion": assertion.map(|it| json!({"header": it.header, "claims": it.claims})),
            "fault": self.fault,
            "received": unix_milliseconds(),
            "answered": null,
            "answer": null,
        })
    }
}

/// Since 1970-01-01T00:00:00Z, by this machine's own clock, whatever a fault does to the emulator's.
fn unix_milliseconds() -> u64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX)
}

/// With those by which platforms prove that a program runs on their machine.
const SECRET_HEADERS: [&str; 5] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "secret",
    "x-identity-header",
];

fn shown_headers(headers: &HeaderMap) -> Value {
    let mut shown = Map::new();
    for (name, value) in headers {
        let is_secret = SECRET_HEADERS.contains(&name.as_str());
        let value = if is_secret {
            MASK.into()
        } else {
            String::from_utf8_lossy(value.as_bytes())
        };
        let text = match shown.get(name.as_str()).and_then(Value::as_str) {
            Some(before) => format!("{before}, {value}"),
            None => value.into_owned(),
        };
        shown.insert(name.as_str().to_owned(), text.into());
    }
    Value::Object(shown)
}

fn shown(answer: &Answer) -> Value {
    if answer.ending == Ending::Reset {
        return json!({"ending": "reset"});
    }
    let mut shown = json!({
        "status": answer.status.as_u16(),
        "ending": if answer.ending == Ending::Truncated { "truncated" } else { "whole" },
    });
    // Only these two: the rest of an answer may be a token.
    if let Ok(body) = serde_json::from_slice::<Value>(&answer.body) {
        for name in ["error", "error_codes"] {
            if let Some(value) = body.get(name) {
                shown[name] = value.clone();
            }
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use hyper::StatusCode;

    use super::*;

    #[test]
    fn large_requests_are_forgotten_sooner() {
        let journal = Journal::new();
        let headers = HeaderMap::new();
        let path = "x".repeat(LARGEST / 100);
        for number in 1..=200 {
            let asked = Asked {
                method: &Method::GET,
                path: &path,
                query: "",
                headers: &headers,
                connection: number,
                form: None,
                fault: None,
            };
            journal.note_request(&asked);
            journal.note_answer(number, &Answer::empty(StatusCode::OK));
        }
        let json = journal.json_after(0);
        let kept = json.as_array().map_or(0, Vec::len);
        assert!((90..100).contains(&kept), "{kept}");
        assert_eq!(json[kept - 1]["number"], 200);
        journal.clear();
        assert_eq!(journal.lock().size, 0);
    }

    #[test]
    fn the_oldest_requests_are_forgotten_and_answers_find_theirs() {
        let journal = Journal::new();
        let headers = HeaderMap::new();
        let asked = Asked {
            method: &Method::GET,
            path: "/",
            query: "",
            headers: &headers,
            connection: 1,
            form: None,
            fault: None,
        };
        let first = journal.note_request(&asked);
        for _ in 0..LONGEST {
            journal.note_request(&asked);
        }
        journal.note_answer(first, &Answer::empty(StatusCode::OK));
        journal.note_answer(first + 1, &Answer::empty(StatusCode::NOT_FOUND));
        let json = journal.json_after(0);
        assert_eq!(json.as_array().map(Vec::len), Some(LONGEST));
        assert_eq!(journal.json_after(u64::MAX), json!([]));
        assert_eq!(journal.json_after(LONGEST as u64)[0]["number"], LONGEST as u64 + 1);
        assert_eq!(
            (json[0]["number"].as_u64(), json[0]["answer"]["status"].as_u64()),
            (Some(2), Some(404))
        );
        assert_eq!(json[1]["answer"], Value::Null);
        journal.clear();
        assert_eq!(journal.note_request(&asked), LONGEST as u64 + 2);
    }
}

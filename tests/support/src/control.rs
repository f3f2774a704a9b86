//! The paths of a running emulator by which a test controls it: its journal, its faults and its revocation.

use serde_json::Value;

use crate::answer::Answer;
use crate::client::Client;

/// Reads the journal and sets the faults of one emulator that serves without TLS.
pub struct Control {
    host: String,
}

impl Control {
    /// Of the emulator at this address, such as `http://127.0.0.1:8080`.
    pub fn of(address: &str) -> Self {
        Self {
            host: address.trim_start_matches("http://").to_owned(),
        }
    }

    /// The requests that the emulator received, oldest first; every secret in them is masked.
    pub fn journal(&self) -> Result<Vec<Value>, String> {
        self.journal_after(0)
    }

    /// The requests with numbers greater than this one.
    pub fn journal_after(&self, number: u64) -> Result<Vec<Value>, String> {
        let answer = self.send("GET", &format!("/_journal?after={number}"), "")?;
        serde_json::from_slice(&answer.body).map_err(|error| format!("The emulator's journal cannot be read: {error}"))
    }

    /// Empties the journal.
    pub fn clear_journal(&self) -> Result<(), String> {
        self.send("DELETE", "/_journal", "").map(drop)
    }

    /// Adds faults, one per line, behind those that are left.
    pub fn add_faults(&self, faults: &str) -> Result<(), String> {
        self.send("POST", "/_faults", faults).map(drop)
    }

    /// Puts faults, one per line, in the place of those that are left.
    pub fn replace_faults(&self, faults: &str) -> Result<(), String> {
        self.send("DELETE", "/_faults", "")?;
        self.add_faults(faults)
    }

    /// Has the emulator's API refuse every token that was issued until now.
    pub fn revoke(&self) -> Result<(), String> {
        self.send("POST", "/_revocation", "").map(drop)
    }

    fn send(&self, method: &str, path: &str, body: &str) -> Result<Answer, String> {
        let answer = Client::connect(&self.host)
            .and_then(|mut client| client.send(method, path, &[], body.as_bytes()))
            .map_err(|error| format!("The emulator does not answer {method} {path}: {error}"))?;
        match answer.status {
            200..=299 => Ok(answer),
            status => {
                let said = String::from_utf8_lossy(&answer.body);
                Err(format!("The emulator refuses {method} {path} with {status}: {said}"))
            }
        }
    }
}

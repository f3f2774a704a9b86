//! What came of the calls.

use std::time::Duration;

use serde_json::{Value, json};

use crate::resources::Resources;

/// What one caller, or all callers of a process, have seen.
#[derive(Default)]
pub struct Report {
    pub from_network: u64,
    pub from_cache: u64,
    pub cancelled: u64,
    pub failed: Vec<Failed>,
    /// What must not happen at all: a token for somebody else, one that was over.
    pub faults: Vec<String>,
    /// In KiB, each second.
    memory: Vec<u64>,
    before: Resources,
    pub after: Resources,
}

/// A call that got no token. Times are since 1970-01-01T00:00:00Z.
pub struct Failed {
    pub client_id: String,
    pub scope: String,
    pub kind: String,
    pub message: String,
    pub began: Duration,
    pub ended: Duration,
    pub limit: Duration,
}

impl Report {
    /// Of a process that held `before` before its first call and whose `memory` was looked at each second.
    pub fn new(before: Resources, memory: Vec<u64>) -> Self {
        Self {
            memory,
            before,
            ..Self::default()
        }
    }

    pub fn add(&mut self, caller: Self) {
        self.from_network += caller.from_network;
        self.from_cache += caller.from_cache;
        self.cancelled += caller.cancelled;
        self.failed.extend(caller.failed);
        self.faults.extend(caller.faults);
    }

    pub fn json(&self) -> Value {
        json!({
            "from_network": self.from_network,
            "from_cache": self.from_cache,
            "cancelled": self.cancelled,
            "failed": self.failed.iter().map(Failed::json).collect::<Vec<_>>(),
            "faults": self.faults,
            "memory": self.memory,
            "handles": [self.before.handles, self.after.handles],
            "threads": [self.before.threads, self.after.threads],
        })
    }
}

impl Failed {
    fn json(&self) -> Value {
        let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        json!({
            "client_id": self.client_id,
            "scope": self.scope,
            "kind": self.kind,
            "message": self.message,
            "began": milliseconds(self.began),
            "ended": milliseconds(self.ended),
            "limit": milliseconds(self.limit),
        })
    }
}

//! What one process of callers reports.

use serde_json::Value;

use super::journal::Want;

/// The report of `soak_caller`.
pub struct Outcome {
    pub process: String,
    pub from_network: u64,
    pub from_cache: u64,
    pub cancelled: u64,
    pub failed: Vec<Failed>,
    /// What must not happen at all.
    pub faults: Vec<String>,
    /// In KiB, each second.
    pub memory: Vec<f64>,
    /// Before the first call, and when all is over.
    pub handles: [u64; 2],
    pub threads: [u64; 2],
}

/// A call that got no token. Times are milliseconds, two of them since 1970-01-01T00:00:00Z.
pub struct Failed {
    pub want: Want,
    pub kind: String,
    pub message: String,
    pub began: u64,
    pub ended: u64,
    pub limit: u64,
}

impl Outcome {
    pub fn read(process: &str, text: &str) -> Result<Self, String> {
        let report: Value = serde_json::from_str(text).map_err(|error| format!("the report of {process}: {error}"))?;
        let list = |name: &str| report[name].as_array().cloned().unwrap_or_default();
        let pair = |name: &str| [0, 1].map(|index| number(&report[name][index]));
        Ok(Self {
            process: process.to_owned(),
            from_network: number(&report["from_network"]),
            from_cache: number(&report["from_cache"]),
            cancelled: number(&report["cancelled"]),
            failed: list("failed").iter().map(|call| Failed::of(process, call)).collect(),
            faults: list("faults").iter().map(text_of).collect(),
            memory: list("memory").iter().filter_map(Value::as_f64).collect(),
            handles: pair("handles"),
            threads: pair("threads"),
        })
    }

    pub fn calls(&self) -> u64 {
        self.from_network + self.from_cache + self.cancelled + self.failed.len() as u64
    }
}

impl Failed {
    fn of(process: &str, call: &Value) -> Self {
        Self {
            want: Want {
                process: process.to_owned(),
                client_id: text_of(&call["client_id"]),
                scope: text_of(&call["scope"]),
            },
            kind: text_of(&call["kind"]),
            message: text_of(&call["message"]),
            began: number(&call["began"]),
            ended: number(&call["ended"]),
            limit: number(&call["limit"]),
        }
    }
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

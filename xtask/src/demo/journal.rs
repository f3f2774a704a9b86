//! What the emulator was asked.

use serde_json::Value;
use ureq::Agent;

use crate::process::Failure;

/// The journal of a running emulator. The emulator masks every secret in it.
pub struct Journal {
    address: String,
    agent: Agent,
}

impl Journal {
    pub fn of(emulator: &str) -> Self {
        Self {
            address: format!("{emulator}/_journal"),
            // The emulator is on this machine; a proxy would not find it.
            agent: Agent::config_builder().proxy(None).build().into(),
        }
    }

    pub fn forget(&self) -> Result<(), Failure> {
        let answer = self.agent.delete(&self.address).call();
        answer.map(drop).map_err(|error| failure(&error))
    }

    /// Prints each request for a token.
    pub fn show(&self) -> Result<(), Failure> {
        let mut answer = self.agent.get(&self.address).call().map_err(|error| failure(&error))?;
        let text = answer.body_mut().read_to_string().map_err(|error| failure(&error))?;
        let entries: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        for entry in entries.as_array().into_iter().flatten() {
            if entry["form"].is_object() {
                show(entry);
            }
        }
        Ok(())
    }
}

fn show(entry: &Value) {
    println!("  {} {}", text(&entry["method"]), text(&entry["path"]));
    for (name, value) in entry["form"].as_object().into_iter().flatten() {
        println!("  {name:22} {}", text(value));
    }
    println!("  {:22} {}", "assertion header", entry["assertion"]["header"]);
    println!("  {:22} {}", "assertion claims", entry["assertion"]["claims"]);
    println!("  {:22} {}", "answer's status", entry["answer"]["status"]);
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn failure(error: &ureq::Error) -> Failure {
    format!("the emulator's journal: {error}").into()
}

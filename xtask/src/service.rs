//! A stand-in of the token service that runs: `entra-emulator`, or the `canned-service` of the benchmarks.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::process::Failure;

/// Dropping it ends it.
pub struct Service {
    process: Child,
    address: String,
}

impl Service {
    /// Starts a program that prints its address first, and ends when its standard input does.
    pub fn start(program: &Path, arguments: &[&str]) -> Result<Self, Failure> {
        let mut process = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("the service does not start: {error}"))?;
        let mut address = String::new();
        if let Some(output) = process.stdout.as_mut() {
            BufReader::new(output)
                .read_line(&mut address)
                .map_err(|error| error.to_string())?;
        }
        Ok(Self {
            process,
            address: address.trim_end().to_owned(),
        })
    }

    /// Such as `http://127.0.0.1:8080`.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It would end with this program anyway: its standard input closes.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

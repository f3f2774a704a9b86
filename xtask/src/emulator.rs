//! The stand-in of the token service.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::process::Failure;

/// A running `entra-emulator`; dropping it ends it.
pub struct Emulator {
    process: Child,
    address: String,
}

impl Emulator {
    pub fn start(program: &Path, arguments: &[&str]) -> Result<Self, Failure> {
        let mut process = Command::new(program)
            .args(arguments)
            .arg("--exit-with-stdin")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("the emulator does not start: {error}"))?;
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

    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // It would end with this program anyway: its standard input closes.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

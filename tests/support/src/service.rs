//! A running stand-in for the token service: `entra-emulator`, or the `canned-service` of the benchmarks.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// A process that serves at an address; dropping it ends the process.
pub struct Service {
    /// Its standard input is open; the program ends when that is closed.
    pub process: Child,
    /// What the program prints after its address.
    pub output: BufReader<ChildStdout>,
    address: String,
}

impl Service {
    /// Starts a program that prints its address as its first line. `entra-emulator` needs `--exit-with-stdin` among its
    /// arguments, so that it does not outlive a caller that is killed.
    pub fn start(program: &Path, arguments: &[impl AsRef<str>]) -> Result<Self, String> {
        let name = program.display();
        let mut process = Command::new(program)
            .args(arguments.iter().map(AsRef::as_ref))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{name} does not start: {error}"))?;
        let output = process.stdout.take().expect("standard output is a pipe");
        let mut service = Self {
            process,
            output: BufReader::new(output),
            address: String::new(),
        };
        let mut line = String::new();
        match service.output.read_line(&mut line) {
            Ok(0) => Err(format!("{name} ended before it printed its address")),
            Ok(_) => {
                line.trim_end().clone_into(&mut service.address);
                Ok(service)
            }
            Err(error) => Err(format!("the address that {name} prints cannot be read: {error}")),
        }
    }

    /// Such as `http://127.0.0.1:8080`.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Closing its standard input would do; waiting must not depend on that.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

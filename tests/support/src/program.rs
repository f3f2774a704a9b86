//! Programs that tests run.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::process::{Child, Command, Output, Stdio};

/// A program under test, which may be one of another system: then `GRAPHTOKEN_TEST_RUNNER` names what runs it. It finds
/// no identity of this machine.
pub fn under_test(program: impl AsRef<OsStr>) -> Command {
    let mut command = match std::env::var_os("GRAPHTOKEN_TEST_RUNNER") {
        Some(runner) => {
            let mut command = Command::new(runner);
            command.arg(program);
            command
        }
        None => Command::new(program),
    };
    command.env(METADATA_HOST, CLOSED_PORT);
    command
}

/// Where programs look for the identity of a machine, in place of the address that clouds have for it (azure-identity,
/// MSAL).
const METADATA_HOST: &str = "AZURE_POD_IDENTITY_AUTHORITY_HOST";
/// Nobody listens there: port 9 (discard) is not served on a machine of today.
const CLOSED_PORT: &str = "http://127.0.0.1:9";

/// How a program ended.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// What it printed, which must be UTF-8.
    pub stdout: String,
    /// The same of standard error.
    pub stderr: String,
}

impl Outcome {
    /// Runs a program to its end with this on its standard input. It must start.
    #[track_caller]
    pub fn of(command: &mut Command, input: &[u8]) -> Self {
        let process = spawn(command).unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        Self::of_process(process, input)
    }

    /// Waits for the end of a process whose standard input is a pipe. An output that is not a pipe is empty here.
    pub fn of_process(process: Child, input: &[u8]) -> Self {
        let output = finish(process, input).expect("a process ends");
        let text = |bytes| String::from_utf8(bytes).expect("programs under test write UTF-8");
        Self {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

/// Runs a program to its end with this on its standard input, and returns its standard output. Otherwise returns why it
/// failed, with its standard error.
pub fn output_of(command: &mut Command, input: &[u8]) -> Result<Vec<u8>, String> {
    let output = spawn(command)
        .and_then(|process| finish(process, input))
        .map_err(|error| format!("{command:?} does not run: {error}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?} ended with {}: {}", output.status, said.trim()))
}

fn spawn(command: &mut Command) -> io::Result<Child> {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
}

fn finish(mut process: Child, input: &[u8]) -> io::Result<Output> {
    if let Some(mut pipe) = process.stdin.take() {
        // A program may end without reading its input.
        let _ = pipe.write_all(input);
    }
    process.wait_with_output()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_tests_run_looks_beyond_this_machine() {
        // cargo sets it for everything that it runs; see .cargo/config.toml.
        assert_eq!(std::env::var(METADATA_HOST).as_deref(), Ok(CLOSED_PORT));
    }
}

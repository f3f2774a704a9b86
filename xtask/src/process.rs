//! Other programs.

use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

/// Why a program did not do its job.
#[derive(Debug)]
pub struct Failure {
    /// One line.
    pub reason: String,
    /// What the program had printed until then.
    pub output: String,
}

/// Runs a program to its end; its output goes through, both streams to standard output, and is returned.
pub fn stream(command: &mut Command) -> Result<String, Failure> {
    println!("$ {}", Shown(command));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::new(command, &format!("does not start: {error}")))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let output = Mutex::new(String::new());
    thread::scope(|scope| {
        scope.spawn(|| pass_on(stdout, &output));
        scope.spawn(|| pass_on(stderr, &output));
    });
    let output = output.into_inner().expect("no thread panicked");
    let status = child
        .wait()
        .map_err(|error| Failure::new(command, &error.to_string()))?;
    if status.success() {
        return Ok(output);
    }
    let failure = Failure::new(command, &format!("ended with {status}"));
    Err(Failure { output, ..failure })
}

/// Both outputs; a failure when either failed.
pub fn both(first: Result<String, Failure>, second: Result<String, Failure>) -> Result<String, Failure> {
    match (first, second) {
        (Ok(first), Ok(second)) => Ok(first + &second),
        (Err(first), Ok(second)) => Err(Failure {
            output: first.output + &second,
            ..first
        }),
        (Ok(first), Err(second)) => Err(Failure {
            output: first + &second.output,
            ..second
        }),
        (Err(first), Err(second)) => Err(Failure {
            output: first.output + &second.output,
            ..first
        }),
    }
}

/// Runs a program to its end and returns its standard output; its standard error is in the failure.
pub fn capture(command: &mut Command) -> Result<String, Failure> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::new(command, &format!("does not start: {error}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(Failure::new(command, &format!("ended with {}: {said}", output.status)))
}

impl Failure {
    fn new(command: &Command, what: &str) -> Self {
        Self {
            reason: format!("{} {what}", name(command)),
            output: String::new(),
        }
    }
}

impl From<String> for Failure {
    fn from(reason: String) -> Self {
        Self {
            reason,
            output: String::new(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.reason)
    }
}

/// A command as one would type it. No secret is ever among the arguments.
pub struct Shown<'command>(pub &'command Command);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", name(self.0))?;
        for argument in self.0.get_args() {
            if argument.to_string_lossy().contains(' ') {
                write!(formatter, " '{}'", argument.display())?;
            } else {
                write!(formatter, " {}", argument.display())?;
            }
        }
        Ok(())
    }
}

/// The program without its directory.
fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    program.file_name().unwrap_or(program.as_os_str()).display().to_string()
}

fn pass_on(source: Option<impl Read>, output: &Mutex<String>) {
    let Some(source) = source else { return };
    let mut source = BufReader::new(source);
    let mut line = Vec::new();
    // A stream that cannot be read any more has ended for us.
    while source.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        let text = String::from_utf8_lossy(&line);
        print!("{text}");
        output.lock().expect("no thread panicked").push_str(&text);
        line.clear();
    }
}

//! The program that the endpoint is served for.

use std::ffi::{OsStr, OsString};
use std::io;
use std::process::ExitStatus;

use graphtoken::{Error, Result, Status, shown_path};
use tokio::process::{Child, Command};

use super::environment::Variables;

/// A program that runs.
pub struct ServedCommand {
    child: Child,
    signals: Signals,
}

/// Starts a program with the endpoint in its environment. It has this process's standard streams.
///
/// # Errors
/// [`Status::InvalidArgument`] when it cannot be started.
pub fn start(program: &OsStr, arguments: &[OsString], variables: &Variables) -> Result<ServedCommand> {
    let mut command = Command::new(program);
    command.args(arguments);
    variables.set_for(&mut command);
    // From here on signals are the program's: one that comes before it runs is passed on to it.
    let signals = Signals::new().map_err(|error| not_started(program, &error))?;
    let child = command.spawn().map_err(|error| not_started(program, &error))?;
    Ok(ServedCommand { child, signals })
}

impl ServedCommand {
    /// Waits for the end of the program, and returns its exit code; 128 and the signal's number if a signal ended it, as
    /// shells do.
    pub async fn end(mut self) -> Result<u8> {
        loop {
            tokio::select! {
                status = self.child.wait() => {
                    let status = status.map_err(|error| lost(&error))?;
                    // Programs for Windows end with numbers that an exit code of this process's main cannot have.
                    let code = exit_code(status);
                    return Ok(u8::try_from(code).unwrap_or_else(|_| std::process::exit(code)));
                }
                signal = self.signals.next() => pass_on(signal, &self.child),
            }
        }
    }
}

fn not_started(program: &OsStr, error: &io::Error) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!(
            "The program {} cannot be started: {error}.",
            shown_path(program.as_ref())
        ),
        "Write the program and its arguments behind --, as you would without graph-token serve.",
    )
}

fn lost(error: &io::Error) -> Error {
    Error::new(
        Status::InternalError,
        format!("The end of the program cannot be waited for: {error}."),
        "Run the program again.",
    )
}

#[cfg(unix)]
pub use unix::termination;
#[cfg(unix)]
use unix::{Signals, exit_code, pass_on};

#[cfg(unix)]
mod unix {
    use std::os::unix::process::ExitStatusExt;

    use rustix::process::{Pid, Signal, kill_process};
    use tokio::signal::unix::{Signal as Stream, SignalKind, signal};

    use super::{Child, ExitStatus, io};

    /// The signals by which others end programs.
    pub struct Signals {
        terminate: Stream,
        hang_up: Stream,
        interrupt: Stream,
        quit: Stream,
    }

    impl Signals {
        pub fn new() -> io::Result<Self> {
            Ok(Self {
                terminate: signal(SignalKind::terminate())?,
                hang_up: signal(SignalKind::hangup())?,
                interrupt: signal(SignalKind::interrupt())?,
                quit: signal(SignalKind::quit())?,
            })
        }

        /// The next one that the program does not get by itself: `None` for those that the terminal sends to both.
        pub async fn next(&mut self) -> Option<Signal> {
            tokio::select! {
                _ = self.terminate.recv() => Some(Signal::TERM),
                _ = self.hang_up.recv() => Some(Signal::HUP),
                _ = self.interrupt.recv() => None,
                _ = self.quit.recv() => None,
            }
        }
    }

    pub fn pass_on(signal: Option<Signal>, child: &Child) {
        let id = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        if let (Some(signal), Some(id)) = (signal, id) {
            // It fails if the program has just ended, which `wait` says next.
            let _ = kill_process(id, signal);
        }
    }

    pub fn exit_code(status: ExitStatus) -> i32 {
        let by_signal = || status.signal().map(|signal| 128 + signal);
        status.code().or_else(by_signal).unwrap_or(1)
    }

    /// Listens for SIGTERM from here on; the returned future waits for it.
    pub fn termination() -> io::Result<impl Future<Output = ()>> {
        let mut terminate = signal(SignalKind::terminate())?;
        Ok(async move { _ = terminate.recv().await })
    }
}

#[cfg(windows)]
pub use windows::termination;
#[cfg(windows)]
use windows::{Signals, exit_code, pass_on};

#[cfg(windows)]
mod windows {
    use tokio::signal::windows::{CtrlC, ctrl_c};

    use super::{Child, ExitStatus, io};

    /// Ctrl+C, which the console sends to the program too.
    pub struct Signals(CtrlC);

    impl Signals {
        pub fn new() -> io::Result<Self> {
            ctrl_c().map(Self)
        }

        pub async fn next(&mut self) {
            _ = self.0.recv().await;
        }
    }

    pub fn pass_on((): (), _: &Child) {}

    pub fn exit_code(status: ExitStatus) -> i32 {
        status.code().unwrap_or(1)
    }

    /// There is no such signal; Ctrl+C ends the process by itself.
    #[expect(clippy::unnecessary_wraps, reason = "the same signature as on Unix")]
    pub fn termination() -> io::Result<impl Future<Output = ()>> {
        Ok(std::future::pending())
    }
}

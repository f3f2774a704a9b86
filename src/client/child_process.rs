//! A program that is run to its end: without a shell and without input, with limits of time and output.

use std::env;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread::{self, Builder};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::base::handoff::Handoff;
use crate::base::secret::Secret;

/// What a program wrote, and how it ended.
pub(super) struct Ended {
    pub(super) has_succeeded: bool,
    pub(super) stdout: Secret,
    pub(super) stderr: Secret,
}

/// Why a program was not run to its end.
pub(super) enum Failure {
    NotStarted(io::Error),
    /// The limit is over, and the program was ended.
    TimedOut,
}

/// More of its output than this is not read, in bytes.
const LARGEST_OUTPUT: usize = 256 * 1024;

/// How often the end of a program is looked for that has closed its output.
const PAUSE: Duration = Duration::from_millis(2);

/// Runs `program` in a folder that only an administrator can write. `variables` are added to the environment.
///
/// On Windows the standard library runs a file `.cmd` by `cmd.exe`, and refuses arguments that it could not pass on
/// unchanged.
pub(super) fn run(
    program: &Path,
    arguments: &[&str],
    variables: &[(&str, &str)],
    limit: Duration,
) -> Result<Ended, Failure> {
    let end = Instant::now() + limit;
    let left = || end.saturating_duration_since(Instant::now());
    let mut command = Command::new(program);
    command
        .args(arguments)
        .envs(variables.iter().copied())
        .current_dir(safe_folder())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().map_err(Failure::NotStarted)?;
    let outputs = read(child.stdout.take()).and_then(|stdout| Ok((stdout, read(child.stderr.take())?)));
    let outputs = outputs.map(|(stdout, stderr)| Some((stdout.take_within(left())?, stderr.take_within(left())?)));
    let ended = match outputs {
        Ok(Some((stdout, stderr))) => status_of(&mut child, end).map(|status| Ended {
            has_succeeded: status.success(),
            stdout,
            stderr,
        }),
        Ok(None) => None,
        Err(error) => {
            stop(&mut child);
            return Err(Failure::NotStarted(error));
        }
    };
    ended.ok_or_else(|| {
        stop(&mut child);
        Failure::TimedOut
    })
}

/// The file of the program `name` in the first folder of the search path `path` that has it. Folders without a whole
/// path are left out: they would depend on the current folder, which others may write.
pub(super) fn find(name: &str, path: &str) -> Option<PathBuf> {
    let names: Vec<String> = if cfg!(windows) {
        [".exe", ".cmd"].iter().map(|end| format!("{name}{end}")).collect()
    } else {
        vec![name.to_owned()]
    };
    env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)).collect::<Vec<_>>())
        .find(|file| is_program(file))
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata()
        .is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

/// On Windows a program looks for others in its current folder first.
fn safe_folder() -> PathBuf {
    let of_windows = env::var_os("SystemRoot").filter(|_| cfg!(windows));
    of_windows.map_or_else(|| PathBuf::from("/"), PathBuf::from)
}

/// Reads an output to its end, on its own thread: a program that fills one pipe while the other is read would wait for
/// ever.
fn read(pipe: Option<impl Read + Send + 'static>) -> io::Result<Arc<Handoff<Secret>>> {
    let output = Arc::new(Handoff::default());
    let done = Arc::clone(&output);
    let reader = move || {
        // At once, because memory that grows leaves copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(LARGEST_OUTPUT + 1));
        let limit = LARGEST_OUTPUT as u64;
        // What was read before a failure is the output.
        let _ = pipe.map(|pipe| pipe.take(limit).read_to_end(&mut bytes));
        done.put(Secret::copy_of(&bytes));
    };
    let thread = Builder::new().name("graphtoken-tool".to_owned());
    thread.spawn(reader).map(|_| output)
}

fn status_of(child: &mut Child, end: Instant) -> Option<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait().ok()? {
            return Some(status);
        }
        if Instant::now() >= end {
            return None;
        }
        thread::sleep(PAUSE);
    }
}

/// Ends the program and, on Unix, those that it has started.
fn stop(child: &mut Child) {
    #[cfg(unix)]
    crate::os::unix::end_group(child.id());
    // It may have ended by itself.
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    const LONG: Duration = Duration::from_secs(60);

    fn script(folder: &Path, text: &str) -> PathBuf {
        let file = folder.join("az");
        fs::write(&file, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        file
    }

    fn run_script(text: &str, limit: Duration) -> Result<Ended, Failure> {
        let folder = tempfile::tempdir().unwrap();
        run(
            &script(folder.path(), text),
            &["one", "two three"],
            &[("ADDED", "a b")],
            limit,
        )
    }

    #[test]
    fn a_program_gets_its_arguments_and_variables_and_no_input() {
        let Ok(ended) = run_script(
            r#"cat; printf '%s|' "$@" "$ADDED" "$PWD"; printf oops >&2; exit 3"#,
            LONG,
        ) else {
            panic!("the program did not end");
        };
        assert!(!ended.has_succeeded);
        assert_eq!(ended.stdout.expose_text(), Some("one|two three|a b|/|"));
        assert_eq!(ended.stderr.expose_text(), Some("oops"));
    }

    #[test]
    fn output_is_limited() {
        let Ok(ended) = run_script("yes", LONG) else {
            panic!("the program did not end");
        };
        assert_eq!(ended.stdout.expose().len(), LARGEST_OUTPUT);
    }

    #[test]
    fn a_program_that_hangs_is_ended_with_those_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let file = script(folder.path(), r#"sleep 600 & echo "$!" > "$1"; wait"#);
        let number = folder.path().join("number");
        let ended = run(&file, &[number.to_str().unwrap()], &[], Duration::from_millis(500));
        assert!(matches!(ended, Err(Failure::TimedOut)));
        let number = fs::read_to_string(number).unwrap_or_default();
        let state = || fs::read_to_string(format!("/proc/{}/stat", number.trim())).unwrap_or_default();
        // The system takes a moment to end it.
        while !state().is_empty() && !state().contains(") Z ") {
            thread::yield_now();
        }
    }

    #[test]
    fn programs_are_found_in_whole_paths_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = script(folder.path(), "");
        let whole = folder.path().to_str().unwrap();
        assert_eq!(find("az", &format!("/no/such/folder:{whole}")), Some(file.clone()));
        for path in ["", ".", "relative:"] {
            assert_eq!(find("az", path), None, "{path}");
        }
        assert_eq!(find("azd", whole), None);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(find("az", whole), None, "it may not be run");
    }
}

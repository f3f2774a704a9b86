//! One of the processes of `cargo xtask soak`: asks for tokens from many threads until its time is over, judges each
//! token that it gets, and prints a report.
//!
//! It takes three arguments: the file with the setup, the name of this process, and the number of seconds.

mod application;
mod caller;
mod key;
mod report;
mod resources;
mod setup;

use std::env;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use caller::Caller;
use key::Key;
use report::Report;
use resources::Resources;
use setup::Setup;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [setup, name, seconds] = arguments.as_slice() else {
        eprintln!("usage: soak_caller SETUP NAME SECONDS");
        return ExitCode::from(2);
    };
    match soak(setup, name, seconds) {
        Ok(report) => {
            println!("{}", report.json());
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("soak_caller {name}: {problem}");
            ExitCode::FAILURE
        }
    }
}

const THREADS: u64 = 8;

/// How long the last renewals and cancelled calls may still be under way: the longest time limit of a call.
const PATIENCE: Duration = caller::TIME_LIMIT;

fn soak(setup: &str, name: &str, seconds: &str) -> Result<Report, String> {
    let setup = Arc::new(Setup::read(setup, name)?);
    let time: u64 = seconds.parse().map_err(|_| "SECONDS is no number".to_owned())?;
    let keys = Key::all(&setup)?;
    let before = Resources::now()?;
    let end = Instant::now() + Duration::from_secs(time);
    let is_over = Arc::new(AtomicBool::new(false));

    let callers: Vec<_> = (0..THREADS)
        .map(|number| {
            let caller = Caller::new(number, Arc::clone(&setup), Arc::clone(&keys), Arc::clone(&is_over));
            thread::spawn(move || caller.run())
        })
        .collect();
    let mut memory = Vec::new();
    while Instant::now() < end {
        thread::sleep(Duration::from_secs(1).min(end - Instant::now()));
        memory.push(Resources::now()?.memory);
    }
    is_over.store(true, Ordering::Relaxed);
    let mut report = Report::new(before, memory);
    for caller in callers {
        report.add(caller.join().map_err(|_| "a caller panicked".to_owned())?);
    }
    report.after = at_rest(before.threads)?;
    Ok(report)
}

/// What the process holds when no request is under way any more, or when that takes too long.
fn at_rest(threads: u64) -> Result<Resources, String> {
    let end = Instant::now() + PATIENCE;
    loop {
        let now = Resources::now()?;
        if now.threads <= threads || Instant::now() > end {
            return Ok(now);
        }
        thread::sleep(Duration::from_millis(100));
    }
}

//! The fuzz targets under libFuzzer, for as long as one likes: does any input break a promise of the engine?

mod build;
mod outcome;

use std::time::Duration;

use test_support::fuzz_inputs::targets;

use crate::process::Failure;
use crate::time_limit;
use build::Build;
use outcome::{HEADINGS, Outcome};

/// What a run is to do.
pub struct Plan {
    /// Shared among the targets.
    time: Duration,
    targets: Vec<String>,
}

/// The plan in the words of the command line: how long, and which targets; all of them if none is named. `None` when
/// they make no sense.
pub fn plan(words: &[&str]) -> Option<Plan> {
    const MINUTES: u64 = 10;
    let (time, names) = time_limit::of(words, Duration::from_secs(60 * MINUTES))?;
    let mut targets = targets();
    if !names.iter().all(|&name| targets.iter().any(|target| target == name)) {
        return None;
    }
    targets.retain(|target| names.is_empty() || names.contains(&target.as_str()));
    Some(Plan { time, targets })
}

/// Builds the targets, runs one after the other, and prints a table. Says whether none found anything.
pub fn run(plan: &Plan) -> bool {
    let outcomes = Build::of_targets().and_then(|build| fuzz(&build, plan));
    let outcomes = match outcomes {
        Ok(outcomes) => outcomes,
        Err(failure) => {
            eprintln!("{failure}");
            return false;
        }
    };
    println!("\n{HEADINGS}");
    for outcome in &outcomes {
        println!("{outcome}");
    }
    for crash in outcomes.iter().flat_map(|outcome| &outcome.crashes) {
        println!("crash: {crash}");
    }
    outcomes.iter().all(|outcome| outcome.crashes.is_empty())
}

fn fuzz(build: &Build, plan: &Plan) -> Result<Vec<Outcome>, Failure> {
    let count = u32::try_from(plan.targets.len()).unwrap_or(u32::MAX);
    let share = (plan.time / count).max(Duration::from_secs(1));
    plan.targets.iter().map(|target| build.run(target, share)).collect()
}

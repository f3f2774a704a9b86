//! Lanes: the parts of a test run, one after the other, and what came of them.

use std::time::{Duration, Instant};

use crate::process::Failure;
use crate::tally::Tally;
use crate::tool::Tool;

/// What came of the lanes so far.
#[derive(Default)]
pub struct Lanes {
    ended: Vec<Ended>,
}

struct Ended {
    name: &'static str,
    outcome: Outcome,
    took: Duration,
}

enum Outcome {
    Ran(Tally),
    Failed(Tally, String),
    LeftOut(String),
}

impl Lanes {
    /// Runs a lane whose programs print summaries, unless one of the tools that it needs is missing.
    pub fn run(&mut self, name: &'static str, needs: &[&Tool], lane: impl FnOnce() -> Result<String, Failure>) {
        self.end(name, needs, || match lane() {
            Ok(output) => match Tally::of_output(&output) {
                // A name or a filter that no test has any more.
                Tally {
                    passed: 0, failed: 0, ..
                } => Outcome::Failed(Tally::of_check(false), "no test ran".to_owned()),
                tally => Outcome::Ran(tally),
            },
            Err(failure) => {
                let mut tally = Tally::of_output(&failure.output);
                // A program that fails before it counts is a failed test as well.
                tally.failed = tally.failed.max(1);
                let reason = match first_panic(&failure.output) {
                    Some(panic) => format!("{}\n{:20}{panic}", failure.reason, ""),
                    None => failure.reason,
                };
                Outcome::Failed(tally, reason)
            }
        });
    }

    /// Runs a lane that is one test by itself.
    pub fn check<T>(&mut self, name: &'static str, needs: &[&Tool], lane: impl FnOnce() -> Result<T, Failure>) {
        self.end(name, needs, || match lane() {
            Ok(_) => Outcome::Ran(Tally::of_check(true)),
            Err(failure) => Outcome::Failed(Tally::of_check(false), failure.reason),
        });
    }

    /// Prints a line for each lane and, as the very last line, the sums. Says whether all went well.
    pub fn summarize(&self, strict: bool) -> bool {
        let mut tally = Tally::default();
        let mut left_out = 0;
        println!("\n== summary");
        for lane in &self.ended {
            println!("{}", lane.line());
            match &lane.outcome {
                Outcome::Ran(one) | Outcome::Failed(one, _) => tally.add(*one),
                Outcome::LeftOut(_) => left_out += 1,
            }
        }
        if strict && left_out > 0 {
            println!("a lane that is left out is a failure with --strict");
            tally.failed += left_out;
            left_out = 0;
        }
        let skipped = if left_out > 0 {
            format!(", {left_out} skipped")
        } else {
            String::new()
        };
        println!("{} passed, {} failed{skipped}", tally.passed, tally.failed);
        tally.failed == 0
    }

    fn end(&mut self, name: &'static str, needs: &[&Tool], lane: impl FnOnce() -> Outcome) {
        println!("\n== {name}");
        let start = Instant::now();
        let missing = needs.iter().find(|tool| !tool.is_there());
        let outcome = match missing {
            Some(tool) => Outcome::LeftOut(tool.absence()),
            None => lane(),
        };
        let ended = Ended {
            name,
            outcome,
            took: start.elapsed(),
        };
        println!("{}", ended.line());
        self.ended.push(ended);
    }
}

impl Ended {
    fn line(&self) -> String {
        let seconds = self.took.as_secs_f64();
        let result = match &self.outcome {
            Outcome::Ran(tally) => format!("{seconds:7.1} s  {tally}"),
            Outcome::Failed(tally, reason) => format!("{seconds:7.1} s  {tally}: {reason}"),
            Outcome::LeftOut(why) => format!("           left out: {why}"),
        };
        format!("{:20}{result}", self.name)
    }
}

/// Where a test in Rust failed first, and what it said there, without the stack: often the summary is all that one sees.
/// A thread without a name is not a test's own: the library panics in some when it is told to.
fn first_panic(output: &str) -> Option<String> {
    let of_a_test = |line: &str| line.contains(" panicked at ") && !line.starts_with("thread '<unnamed>'");
    let said = output.lines().map(str::trim).skip_while(|line| !of_a_test(line));
    let said = said.take_while(|line| !line.starts_with("stack backtrace:") && !line.starts_with("note: "));
    let said = said.take(PANIC_LINES).collect::<Vec<_>>().join(" ");
    (!said.is_empty()).then_some(said)
}

/// Enough for a comparison: the place, the assertion and its two sides.
const PANIC_LINES: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_panic_is_told_without_its_stack() {
        let output = "\
running 2 tests
thread '<unnamed>' (11) panicked at src/a.rs:1:5:
forced
thread 'a' (12) panicked at tests/a.rs:3:5:
assertion failed: told
  left: 1
note: run with `RUST_BACKTRACE=1`
thread 'b' (13) panicked at tests/b.rs:3:5:
";
        let told = "thread 'a' (12) panicked at tests/a.rs:3:5: assertion failed: told left: 1";
        assert_eq!(first_panic(output).as_deref(), Some(told));
        assert_eq!(first_panic("running 2 tests\n"), None);
    }
}

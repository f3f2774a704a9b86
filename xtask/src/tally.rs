//! How many tests passed and failed, as the programs that ran them say.

use std::fmt;

/// Numbers of tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    /// How many of them had failed before, in the same run.
    pub only_again: u64,
    pub failed: u64,
}

impl Tally {
    /// A check that is one test by itself.
    pub fn of_check(passed: bool) -> Self {
        Self {
            passed: passed.into(),
            failed: (!passed).into(),
            ..Self::default()
        }
    }

    /// Adds up every summary in what `cargo nextest`, `cargo test` or an xunit.v3 program printed.
    pub fn of_output(output: &str) -> Self {
        let mut tally = Self::default();
        for line in output.lines() {
            let found = nextest(line).or_else(|| cargo_test(line)).or_else(|| xunit(line));
            tally.add(found.unwrap_or_default());
        }
        tally
    }

    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.only_again += other.only_again;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed", self.passed)?;
        if self.only_again > 0 {
            write!(formatter, ", {} of them only when run again", self.only_again)?;
        }
        if self.failed > 0 {
            write!(formatter, ", {} FAILED", self.failed)?;
        }
        Ok(())
    }
}

/// `Summary [   0.012s] 12 tests run: 10 passed (1 slow, 1 flaky), 1 failed, 1 timed out, 3 skipped`
fn nextest(line: &str) -> Option<Tally> {
    let (_, numbers) = line.trim_start().strip_prefix("Summary [")?.split_once("run: ")?;
    let before = |words: &str| number_before(numbers, words);
    Some(Tally {
        passed: before(" passed"),
        only_again: before(" flaky"),
        failed: before(" failed") + before(" timed out") + before(" exec failed"),
    })
}

/// `test result: ok. 4 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s`
fn cargo_test(line: &str) -> Option<Tally> {
    let numbers = line.strip_prefix("test result: ")?;
    Some(Tally {
        passed: number_before(numbers, " passed"),
        failed: number_before(numbers, " failed"),
        ..Tally::default()
    })
}

/// `   GraphToken.Tests  Total: 45, Errors: 1, Failed: 2, Skipped: 3, Not Run: 4, Time: 0.456s`
fn xunit(line: &str) -> Option<Tally> {
    let (_, numbers) = line.split_once("Total: ")?;
    let after = |name: &str| number_after(numbers, name);
    let (errors, failed) = (after("Errors: ")?, after("Failed: ")?);
    let total: u64 = numbers.split(',').next()?.trim().parse().ok()?;
    let ran = total
        .saturating_sub(after("Skipped: ")?)
        .saturating_sub(after("Not Run: ").unwrap_or(0));
    Some(Tally {
        passed: ran.saturating_sub(failed),
        failed: failed + errors,
        ..Tally::default()
    })
}

fn number_before(text: &str, words: &str) -> u64 {
    let before = text.split_once(words).map(|(before, _)| before);
    let digits = before.and_then(|before| before.rsplit(|c: char| !c.is_ascii_digit()).next());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

fn number_after(text: &str, name: &str) -> Option<u64> {
    let (_, after) = text.split_once(name)?;
    after.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_are_added_up() {
        let output = "\
test result: ok. 4 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s
test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
     Summary [   0.012s] 12 tests run: 10 passed (1 slow, 2 flaky), 1 failed, 1 timed out, 3 skipped
     Summary [   1.500s] 2 tests run: 2 passed, 0 skipped
   GraphToken.Tests  Total: 45, Errors: 1, Failed: 2, Skipped: 3, Not Run: 4, Time: 0.456s
no summary: 7 passed, 8 failed
";
        let expected = Tally {
            passed: 4 + 1 + 10 + 2 + 36,
            only_again: 2,
            failed: 2 + 2 + 3,
        };
        assert_eq!(Tally::of_output(output), expected);
        assert_eq!(
            expected.to_string(),
            "53 passed, 2 of them only when run again, 7 FAILED"
        );
    }

    #[test]
    fn a_check_is_one_test() {
        assert_eq!(Tally::of_check(true).to_string(), "1 passed");
        assert_eq!(Tally::of_check(false).to_string(), "0 passed, 1 FAILED");
    }
}

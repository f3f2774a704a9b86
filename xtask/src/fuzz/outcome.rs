//! What came of a target, as libFuzzer says it.

use std::fmt;
use std::process::ExitStatus;

/// The runs of one target.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    target: String,
    executions: u64,
    /// The edges of the program that were reached.
    coverage: u64,
    /// The files of inputs that break a promise, take too long, or take too much memory.
    pub crashes: Vec<String>,
}

/// The headings of a table in Markdown, whose rows are outcomes.
pub const HEADINGS: &str = "| target | executions | coverage | crashes |\n|---|---:|---:|---:|";

impl Outcome {
    /// Reads what a run printed.
    pub fn read(target: &str, output: &str, status: ExitStatus) -> Self {
        let after = |line: &str, word: &str| {
            let (_, rest) = line.split_once(word)?;
            rest.split_whitespace().next()?.parse::<u64>().ok()
        };
        let last = |word: &str| output.lines().rev().find_map(|line| after(line, word));
        let written = output
            .lines()
            .filter_map(|line| line.split_once("Test unit written to "));
        let mut crashes: Vec<String> = written.map(|(_, file)| file.trim().to_owned()).collect();
        if crashes.is_empty() && !status.success() {
            crashes.push(format!("{target} ended with {status}"));
        }
        Self {
            target: target.to_owned(),
            executions: last("stat::number_of_executed_units: ").unwrap_or_default(),
            coverage: last(" cov: ").unwrap_or_default(),
            crashes,
        }
    }
}

/// A row of a table in Markdown.
impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "| `{}` | {} | {} | {} |",
            self.target,
            grouped(self.executions),
            grouped(self.coverage),
            self.crashes.len()
        )
    }
}

/// The last lines of a run's output, which say what happened.
pub fn end_of(output: &str) -> String {
    const LINES: usize = 60;
    let lines: Vec<&str> = output.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

/// A number with a comma between groups of three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    const OUTPUT: &str = "\
#2	INITED cov: 12 ft: 13 corp: 1/1b exec/s: 0 rss: 30Mb
#524288	pulse  cov: 345 ft: 678 corp: 90/12Kb lim: 4096 exec/s: 50000 rss: 90Mb
stat::number_of_executed_units: 1234567
stat::peak_rss_mb:              90
";

    #[test]
    fn the_last_numbers_count() {
        let outcome = Outcome::read("pem", OUTPUT, ExitStatus::from_raw(0));
        assert_eq!(outcome.to_string(), "| `pem` | 1,234,567 | 345 | 0 |");
    }

    #[test]
    fn a_crash_is_the_file_of_its_input_or_the_status() {
        let output = format!("{OUTPUT}artifact_prefix='x/'; Test unit written to x/crash-1234\n");
        let failed = ExitStatus::from_raw(77 << 8);
        assert_eq!(Outcome::read("pem", &output, failed).crashes, ["x/crash-1234"]);
        assert_eq!(
            Outcome::read("pem", OUTPUT, failed).crashes,
            ["pem ended with exit status: 77"]
        );
    }
}

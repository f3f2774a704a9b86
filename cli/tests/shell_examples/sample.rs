//! Samples of findings, as `graph-token doctor` prints them.

use test_support::fenced_block::FencedBlock;

/// The findings of a sample are the first ones of the output, in the same order. Those that passed begin with the same
/// words, unless they are about a host of the reader; what follows depends on the machine and the day.
#[track_caller]
pub fn compare(block: &FencedBlock, sample: &str, output: &str) {
    let (expected, found) = (findings(sample), findings(output));
    assert!(!expected.is_empty(), "{}: the sample has no findings", block.place());
    assert!(found.len() >= expected.len(), "{}: {output}", block.place());
    for (expected, found) in expected.iter().zip(&found) {
        let is_same = expected.check == found.check;
        let has_passed = [expected, found].iter().all(|finding| finding.status == "Passed");
        let is_of_reader = expected.detail.contains(HOSTS_OF_READER);
        let reads_the_same = !has_passed || is_of_reader || expected.beginning() == found.beginning();
        assert!(
            is_same && reads_the_same,
            "{}: {expected:?} is {found:?}",
            block.place()
        );
    }
}

const HOSTS_OF_READER: &str = ".contoso.com";

#[derive(Debug)]
struct Finding<'text> {
    status: &'text str,
    check: &'text str,
    detail: &'text str,
}

impl Finding<'_> {
    /// The words before the first one that names something of the machine or the day.
    fn beginning(&self) -> Vec<&str> {
        let words = self.detail.split_whitespace();
        words.take_while(|word| is_plain(word)).collect()
    }
}

/// The lines that do not go on from the one before.
fn findings(text: &str) -> Vec<Finding<'_>> {
    let lines = text.lines().filter(|line| !line.starts_with(' '));
    let parts = lines.filter_map(|line| {
        let (status, rest) = line.split_once(' ')?;
        let (check, detail) = rest.trim_start().split_once(' ')?;
        Some(Finding {
            status,
            check,
            detail: detail.trim_start(),
        })
    });
    parts.collect()
}

fn is_plain(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_alphabetic() || ",.;-".contains(c))
}

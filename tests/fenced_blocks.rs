//! Every fenced block of every document is run or compared, or a mark before it says why not.

use std::collections::BTreeSet;

use test_support::checkout::read;
use test_support::fenced_block::{FencedBlock, MARK, QUOTATIONS, RUN, TEXT, blocks_of, documents};

#[test]
fn every_block_is_run_or_a_mark_says_why_not() {
    let blocks = documents().into_iter().flat_map(|document| blocks_of(&document));
    let forgotten: Vec<String> = blocks
        .filter(|block| !is_well(block))
        .map(|block| format!("{} ({})", block.place(), block.language))
        .collect();
    assert!(
        forgotten.is_empty(),
        "nothing runs these blocks; write `{MARK} REASON -->` on the line before: {forgotten:?}"
    );
}

#[test]
fn every_mark_stands_before_a_block() {
    for document in documents() {
        let text = read(&document);
        // With the mark alone in its line, a sentence can still name it.
        let marks = text.lines().zip(1..).filter(|(line, _)| line.trim().starts_with(MARK));
        let marked: BTreeSet<usize> = blocks_of(&document)
            .iter()
            .filter(|block| block.not_run.is_some())
            .map(|block| block.line - 1)
            .collect();
        for (_, line) in marks {
            assert!(marked.contains(&line), "{document}:{line}: no block follows the mark");
        }
    }
}

fn is_well(block: &FencedBlock) -> bool {
    let is_quotation = block.language == TEXT && block.document == QUOTATIONS;
    match &block.not_run {
        Some(reason) => reason.contains(' '),
        None => RUN.contains(&block.language.as_str()) || block.is_sample || is_quotation,
    }
}

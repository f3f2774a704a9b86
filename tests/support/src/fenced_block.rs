//! The fenced code blocks of the documents: which are run, and why the others are not.
//!
//! A comment on the line before a fence marks a block that nothing runs: `<!-- not run: REASON -->`. Every other block
//! of a language in [`RUN`] is run, in whatever document it is, by the tests that take it from [`to_run`].

use std::process::Command;

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use crate::checkout::{read, root};
use crate::markdown::events;

/// The languages whose blocks are run: by `cli/tests/shell_examples`, by `tests/c_program`, and by the lanes
/// `powershell examples` and `c# examples` of `cargo xtask test`.
pub const RUN: [&str; 4] = ["sh", "powershell", "csharp", "c"];

/// The language of what a program prints. Behind a block for a shell or PowerShell that is run, under the same heading,
/// it is a sample of its output, with which that is compared.
pub const TEXT: &str = "text";

/// The document whose texts are quotations of messages: `tests/messages.rs` looks for them among all messages.
pub const QUOTATIONS: &str = "docs/troubleshooting.md";

/// The documents that are written from sources: their blocks are declarations, usage, and the examples of the help, in
/// the words of those sources.
const REFERENCE: &str = "docs/reference/";

/// One block.
pub struct FencedBlock {
    /// The path of its document, which begins at the root.
    pub document: String,
    /// The line of its first fence.
    pub line: usize,
    /// What follows the fence; empty in a block without a language.
    pub language: String,
    /// The lines between the fences.
    pub text: String,
    /// Why it is not run: the reason in its mark, or what its document is.
    pub not_run: Option<String>,
    /// The sample of its output that follows.
    pub sample: Option<String>,
    /// Whether it is such a sample itself.
    pub is_sample: bool,
}

impl FencedBlock {
    /// Where it is: `README.md:12`.
    pub fn place(&self) -> String {
        format!("{}:{}", self.document, self.line)
    }
}

/// The blocks of all documents in one of the languages of [`RUN`], without those that are marked.
#[track_caller]
pub fn to_run(language: &str) -> Vec<FencedBlock> {
    assert!(RUN.contains(&language), "{language} is not among the languages");
    let blocks = documents().into_iter().flat_map(|document| blocks_of(&document));
    let found: Vec<FencedBlock> = blocks
        .filter(|block| block.language == language && block.not_run.is_none())
        .collect();
    assert!(!found.is_empty(), "no document has an example in {language}");
    found
}

/// The blocks of a document, from its beginning to its end.
#[track_caller]
pub fn blocks_of(document: &str) -> Vec<FencedBlock> {
    parse(document, &read(document).replace("\r\n", "\n"))
}

/// Every Markdown document that git knows or would add.
#[track_caller]
pub fn documents() -> Vec<String> {
    let list = ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"];
    let mut git = Command::new("git");
    let output = git.current_dir(root()).args(list).output().expect("git starts");
    assert!(output.status.success(), "git does not list the documents");
    let names = String::from_utf8(output.stdout).expect("the names are UTF-8");
    let is_there = |name: &&str| root().join(name).is_file();
    names.lines().filter(is_there).map(str::to_owned).collect()
}

/// The beginning of the mark.
pub const MARK: &str = "<!-- not run:";

fn parse(document: &str, text: &str) -> Vec<FencedBlock> {
    let lines: Vec<&str> = text.lines().collect();
    let mut blocks: Vec<FencedBlock> = Vec::new();
    let mut open = None;
    // Of the last block, while what follows is under its heading.
    let mut is_near = false;
    for (event, place) in events(text) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                let line = text[..place.start].matches('\n').count() + 1;
                let before = line.checked_sub(2).map_or("", |before| lines[before]);
                open = Some(FencedBlock {
                    document: document.to_owned(),
                    line,
                    language: language.into_string(),
                    text: String::new(),
                    not_run: reason(before).or_else(|| of_reference(document)),
                    sample: None,
                    is_sample: false,
                });
            }
            Event::Text(part) => {
                if let Some(block) = &mut open {
                    block.text.push_str(&part);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some(block) = open.take() {
                    add(block, is_near, &mut blocks);
                    is_near = true;
                }
            }
            Event::Start(Tag::Heading { .. }) => is_near = false,
            _ => {}
        }
    }
    blocks
}

/// Adds a block; it is the sample of the last one, if that is near and prints something.
fn add(mut block: FencedBlock, is_near: bool, blocks: &mut Vec<FencedBlock>) {
    let may_be_sample = is_near && block.language == TEXT && block.document != QUOTATIONS;
    if let Some(printer) = blocks.last_mut().filter(|last| may_be_sample && is_printer(last)) {
        printer.sample = Some(block.text.clone());
        block.is_sample = true;
    }
    blocks.push(block);
}

fn reason(line: &str) -> Option<String> {
    let reason = line.trim().strip_prefix(MARK)?.strip_suffix("-->")?;
    Some(reason.trim().to_owned())
}

fn of_reference(document: &str) -> Option<String> {
    document
        .starts_with(REFERENCE)
        .then(|| "written from sources".to_owned())
}

/// Whether what runs the block compares a sample.
fn is_printer(block: &FencedBlock) -> bool {
    ["sh", "powershell"].contains(&block.language.as_str()) && block.not_run.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_have_their_marks_and_samples() {
        let text = "\
# a
```sh
one
two
```
then
```text
sample
```
<!-- not run: no reason -->
~~~~
```
drawing
~~~~
```c
int i;
```
# b
```text
quotation
```
";
        let blocks = parse("a.md", text);
        let seen: Vec<_> = blocks
            .iter()
            .map(|block| (block.line, block.language.as_str(), block.text.as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                (2, "sh", "one\ntwo\n"),
                (7, "text", "sample\n"),
                (11, "", "```\ndrawing\n"),
                (15, "c", "int i;\n"),
                (19, "text", "quotation\n"),
            ]
        );
        assert_eq!(blocks[0].sample.as_deref(), Some("sample\n"));
        let marks: Vec<_> = blocks.iter().map(|block| block.not_run.as_deref()).collect();
        assert_eq!(marks, [None, None, Some("no reason"), None, None]);
        let samples: Vec<_> = blocks.iter().map(|block| block.is_sample).collect();
        assert_eq!(samples, [false, true, false, false, false]);
    }
}

//! The fenced code blocks of the documents: which are run, and why the others are not.
//!
//! A comment on the line before a fence marks a block that nothing runs: `<!-- not run: REASON -->`. Every other block
//! of a language in [`RUN`] is run, in whatever document it is, by the tests that take it from [`to_run`].

use std::process::Command;

use crate::checkout::{read, root};

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
    names.lines().map(str::to_owned).collect()
}

/// The beginning of the mark.
pub const MARK: &str = "<!-- not run:";

fn parse(document: &str, text: &str) -> Vec<FencedBlock> {
    let mut blocks: Vec<FencedBlock> = Vec::new();
    let mut lines = text.lines().zip(1..);
    let mut before = "";
    // Of the last block, while what follows is under its heading.
    let mut is_near = false;
    while let Some((line, number)) = lines.next() {
        if let Some((fence, language)) = opening(line) {
            let inside = lines.by_ref().map(|(line, _)| line);
            let content: String = inside
                .take_while(|line| line.trim() != fence)
                .flat_map(|line| [line, "\n"])
                .collect();
            let printer = blocks.last_mut().filter(|last| is_near && is_printer(last));
            let is_sample = language == TEXT && document != QUOTATIONS && printer.is_some();
            if let Some(printer) = printer.filter(|_| is_sample) {
                printer.sample = Some(content.clone());
            }
            blocks.push(FencedBlock {
                document: document.to_owned(),
                line: number,
                language: language.to_owned(),
                text: content,
                not_run: reason(before).or_else(|| of_reference(document)),
                sample: None,
                is_sample,
            });
            is_near = true;
        } else if line.starts_with('#') {
            is_near = false;
        }
        before = line;
    }
    blocks
}

/// The fence that ends the block which this line begins, and its language.
fn opening(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let language = line.trim_start_matches(['`', '~']);
    let fence = &line[..line.len() - language.len()];
    (fence.len() >= 3).then_some((fence, language.trim()))
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

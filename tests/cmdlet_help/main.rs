//! The reference of the PowerShell module is what its help says.

mod cmdlet;
mod prose;

use std::fmt::Write as _;

use roxmltree::Document;
use test_support::checkout::{GENERATED_BY_TESTS, compare, read};

use crate::cmdlet::Cmdlet;
use crate::prose::markdown;

const HELP: &str = "powershell/GraphToken/en-US/GraphToken.PowerShell.dll-Help.xml";
const ABOUT: &str = "powershell/GraphToken/en-US/about_GraphToken.help.txt";
const FOLDER: &str = "docs/reference/powershell";

#[test]
fn each_cmdlet_has_its_page() {
    let help = read(HELP);
    let help = Document::parse(&help).unwrap();
    for cmdlet in Cmdlet::all(&help) {
        compare(
            &format!("{FOLDER}/{}.md", cmdlet.name()),
            &cmdlet.page(&first_line(HELP)),
        );
    }
}

#[test]
fn the_index_has_every_cmdlet() {
    let help = read(HELP);
    let help = Document::parse(&help).unwrap();
    let mut page = first_line(HELP);
    page.push_str(
        "\n# PowerShell\n\nThe cmdlets of the module `GraphToken`.\n\n| cmdlet | what it does |\n|---|---|\n",
    );
    for cmdlet in Cmdlet::all(&help) {
        let name = cmdlet.name();
        let _ = writeln!(page, "| [{name}]({name}.md) | {} |", markdown(&cmdlet.synopsis()));
    }
    page.push_str("\n[about_GraphToken](about_GraphToken.md) is about all of them.\n");
    compare(&format!("{FOLDER}/README.md"), &page);
}

#[test]
fn the_topic_about_the_module_has_its_page() {
    let text = read(ABOUT).replace("\r\n", "\n");
    let page = format!(
        "{}\n# about_GraphToken\n\n```text\n{}\n```\n",
        first_line(ABOUT),
        text.trim_end()
    );
    compare(&format!("{FOLDER}/about_GraphToken.md"), &page);
}

fn first_line(source: &str) -> String {
    format!("<!-- Generated from {source}; {GENERATED_BY_TESTS} -->\n")
}

//! Checks the documents against the code.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use graphtoken::base::error::Status;
use test_support::checkout::{GENERATED_BY_TESTS, read, root};
use test_support::fenced_block::{blocks_of, documents};
use test_support::markdown::{anchors, links};

#[test]
fn the_targets_of_links_exist() {
    for document in documents() {
        let path = root().join(&document);
        for link in links(&read(&document)) {
            let shown = format!("{document}: {}", link.target);
            let target = match link.file() {
                "" => path.clone(),
                file => path.with_file_name(file),
            };
            assert!(target.exists(), "the target does not exist: {shown}");
            if let Some(heading) = link.heading() {
                let anchors = anchors(&fs::read_to_string(&target).unwrap());
                assert!(anchors.contains(heading), "the heading does not exist: {shown}");
            }
        }
    }
}

#[test]
fn every_page_of_the_reference_is_generated_and_linked() {
    const FOLDER: &str = "docs/reference";
    let folder = root().join(FOLDER);
    let index = folder.join("README.md");
    let (mut reached, mut waiting) = (BTreeSet::from([index.clone()]), vec![index.clone()]);
    while let Some(page) = waiting.pop() {
        for link in links(&fs::read_to_string(&page).unwrap()) {
            let target = page.with_file_name(link.file());
            let is_new = target.starts_with(&folder) && target.is_file() && reached.insert(target.clone());
            waiting.extend(is_new.then_some(target));
        }
    }
    let pages = documents().into_iter().filter(|document| document.starts_with(FOLDER));
    let pages: BTreeSet<PathBuf> = pages.map(|document| root().join(document)).collect();
    let unlinked: Vec<_> = pages.difference(&reached).collect();
    assert!(
        unlinked.is_empty(),
        "no link leads from the index to {unlinked:?}; what is generated no longer is to be removed"
    );
    for page in pages.iter().filter(|page| **page != index) {
        let text = fs::read_to_string(page).unwrap();
        let first = text.lines().next().unwrap_or_default();
        let begins = first.starts_with("<!-- Generated from ") && first.ends_with(&format!("{GENERATED_BY_TESTS} -->"));
        assert!(begins, "{} does not say what it is generated from", page.display());
    }
}

#[test]
fn the_error_table_matches_the_engine() {
    let table: Vec<(String, String, String)> = read("docs/errors.md").lines().filter_map(row).collect();
    let statuses = Status::all().into_iter().filter(|status| *status != Status::Ok);
    let expected: Vec<(String, String, String)> = statuses
        .map(|status| (status.code().to_string(), status.name(), status.exit_code().to_string()))
        .collect();
    assert_eq!(table, expected);
}

/// Otherwise a loop over tenants goes on with the token of the tenant before.
#[test]
fn what_an_error_does_to_a_loop_is_explained() {
    for document in [
        "README.md",
        "powershell/GraphToken/en-US/about_GraphToken.help.txt",
        "powershell/GraphToken/en-US/GraphToken.PowerShell.dll-Help.xml",
    ] {
        let text = read(document);
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_loop = |line: &str| line.contains("$token = Get-GraphToken") && line.contains("-ErrorAction Continue");
        assert!(text.lines().any(is_loop), "{document}");
        assert!(words.contains("if (-not $token) { continue }"), "{document}");
        assert!(words.contains("token of the tenant before"), "{document}");
    }
}

#[test]
fn the_options_in_the_examples_exist() {
    let arguments = fs::read_dir(root().join("cli/src/arguments")).unwrap();
    let known = arguments
        .map(|entry| entry.unwrap().path())
        .chain(["emulator/src/settings.rs", "xtask/src/main.rs"].map(|path| root().join(path)))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect::<String>();
    let mut options = 0;
    for document in documents() {
        for line in commands(&document) {
            if !["graph-token ", "entra-emulator ", "cargo xtask "]
                .iter()
                .any(|name| line.starts_with(name))
            {
                continue;
            }
            for option in line.split_whitespace().filter_map(|word| word.strip_prefix("--")) {
                let field = option.replace('-', "_");
                let names = [
                    format!("{field}:"),
                    format!("long = \"{option}\""),
                    format!("--{option}"),
                ];
                let is_known = names.iter().any(|name| known.contains(name.as_str()));
                assert!(is_known, "{document}: {line} has an unknown option --{option}");
                options += 1;
            }
        }
    }
    assert!(options > 0, "no document shows a command with an option");
}

/// What every cmdlet has, and its help therefore leaves out.
const COMMON_PARAMETERS: [&str; 1] = ["ErrorAction"];

#[test]
fn the_parameters_in_the_examples_exist() {
    let help = read("powershell/GraphToken/en-US/GraphToken.PowerShell.dll-Help.xml");
    let mut parameters = 0;
    for document in documents() {
        for line in commands(&document) {
            let Some((_, call)) = line
                .split_once("Get-GraphToken ")
                .or(line.split_once("New-GraphClientAssertion "))
            else {
                continue;
            };
            let call = call.split(['|', ')', ';']).next().unwrap_or_default();
            for name in call.split_whitespace().filter_map(|word| word.strip_prefix('-')) {
                let is_known =
                    COMMON_PARAMETERS.contains(&name) || help.contains(&format!("<maml:name>{name}</maml:name>"));
                assert!(is_known, "{document}: {line} has an unknown parameter -{name}");
                parameters += 1;
            }
        }
    }
    assert!(parameters > 0, "no document shows a cmdlet with a parameter");
}

/// The number, name and exit code in a row of the error table.
fn row(line: &str) -> Option<(String, String, String)> {
    let cells: Vec<&str> = line
        .strip_prefix("| ")?
        .split(" | ")
        .map(|cell| cell.trim_matches(['`', ' ', '|']))
        .collect();
    let [number, name, _, exit_code, ..] = cells.as_slice() else {
        return None;
    };
    number.parse::<i32>().ok()?;
    Some(((*number).to_owned(), (*name).to_owned(), (*exit_code).to_owned()))
}

/// The lines of the code blocks of a document. Lines that end in a backslash or backtick are joined with the next one.
fn commands(document: &str) -> Vec<String> {
    let blocks = blocks_of(document);
    let joined = blocks
        .iter()
        .map(|block| block.text.replace("\\\n", " ").replace("`\n", " "));
    joined
        .flat_map(|block| block.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>())
        .collect()
}

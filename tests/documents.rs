//! Checks the documents against the code.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use graphtoken::base::error::Status;
use test_support::checkout::{read, root};

#[test]
fn the_targets_of_links_exist() {
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for link in links(&text) {
            let (file, heading) = link.split_once('#').unwrap_or((&link, ""));
            let target = match file {
                "" => document.clone(),
                file => document.with_file_name(file),
            };
            assert!(
                target.exists(),
                "{}: the target of {link} does not exist",
                document.display()
            );
            if !heading.is_empty() {
                let headings = headings(&fs::read_to_string(&target).unwrap());
                assert!(
                    headings.contains(heading),
                    "{}: the heading of {link} does not exist",
                    document.display()
                );
            }
        }
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
        for line in commands(&fs::read_to_string(&document).unwrap()) {
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
                assert!(
                    is_known,
                    "{}: {line} has an unknown option --{option}",
                    document.display()
                );
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
        for line in commands(&fs::read_to_string(&document).unwrap()) {
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
                assert!(
                    is_known,
                    "{}: {line} has an unknown parameter -{name}",
                    document.display()
                );
                parameters += 1;
            }
        }
    }
    assert!(parameters > 0, "no document shows a cmdlet with a parameter");
}

/// The documents in the root folder and in `docs`.
fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in [root().to_owned(), root().join("docs")] {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        found.extend(entries.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    }
    found
}

/// The targets of links, except web addresses. A link may have a title after its target.
fn links(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets
        .map(|target| target.split(" \"").next().unwrap_or_default())
        .filter(|target| !target.contains("://"))
        .map(str::to_owned)
        .collect()
}

/// The anchors of the headings: lowercase words joined by hyphens, without other characters.
fn headings(text: &str) -> BTreeSet<String> {
    let titles = text.lines().filter(|line| line.starts_with('#'));
    let name = |title: &str| {
        let title = title.trim_start_matches('#').trim().to_lowercase();
        let kept = title
            .chars()
            .filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    titles.map(name).collect()
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

/// The lines of code blocks. Lines that end in a backslash or backtick are joined with the next one.
fn commands(text: &str) -> Vec<String> {
    let blocks = text.split("```").skip(1).step_by(2);
    let joined: Vec<String> = blocks
        .map(|block| block.replace("\\\n", " ").replace("`\n", " "))
        .collect();
    joined
        .iter()
        .flat_map(|block| block.lines())
        .map(|line| line.trim().to_owned())
        .collect()
}

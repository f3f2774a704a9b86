//! The comparison with other libraries: each claim about GraphToken in it names the test that shows it.

use std::fs;

use test_support::checkout::{read, root};

const PATH: &str = "docs/compare.md";

/// The heading of the column whose cells are claims about GraphToken.
const OURS: &str = "GraphToken";

#[test]
fn every_claim_has_a_test() {
    let wrong = problems(&read(PATH));
    assert!(wrong.is_empty(), "{PATH}:\n{}", wrong.join("\n"));
}

#[test]
fn a_claim_without_a_test_is_found() {
    let of = |cell: &str| problems(&format!("| feature | {OURS} |\n|---|---|\n| x | {cell} |\n"));
    for fine in [
        "no",
        "not yet",
        "[faster](benchmarks.md#net-class)",
        "[yes](../tests/compare.rs \"every_claim_has_a_test\")",
        "[yes](../powershell/GraphToken.PowerShell.Tests/ModuleTests.cs \"It_exports_its_commands_and_nothing_else\")",
    ] {
        assert_eq!(of(fine), [""; 0], "{fine}");
    }
    for wrong in [
        "yes",
        "",
        "no, but soon",
        "[yes](../tests/compare.rs)",
        "[yes](../tests/nowhere.rs \"every_claim_has_a_test\")",
        "[yes](../tests/compare.rs \"every_claim\")",
        "[yes](../tests/compare.rs \"problems\")",
        "[yes](../README.md \"every_claim_has_a_test\")",
        "[yes](../tests/compare.rs \"every_claim_has_a_test\"), [too](../tests/compare.rs \"problems\")",
    ] {
        assert_eq!(of(wrong).len(), 1, "{wrong}");
    }
    let unnamed = format!("|  | {OURS} | MSAL.NET |\n|---|---|---|\n| x | not yet | yes |\n");
    assert_eq!(problems(&unnamed), [""; 0]);
    assert_eq!(problems("| feature | MSAL.NET |\n|---|---|\n| x | yes |\n").len(), 1);
    assert_eq!(problems("No table.").len(), 1);
}

/// What the row about conflicting assemblies says: the packages that are built with stay where they were built.
#[test]
fn no_package_comes_with_the_assemblies() {
    for project in [
        "bindings/csharp/GraphToken/GraphToken.csproj",
        "powershell/GraphToken.PowerShell/GraphToken.PowerShell.csproj",
    ] {
        let text = read(project);
        let packages = text.lines().filter(|line| line.contains("<PackageReference "));
        for package in packages {
            assert!(package.contains("PrivateAssets=\"all\""), "{project}: {package}");
        }
    }
}

/// What is wrong with the claims of a document, a line each.
fn problems(document: &str) -> Vec<String> {
    let lines: Vec<&str> = document.lines().collect();
    let headers = (1..lines.len()).filter(|row| lines[*row].starts_with("|---"));
    let mut found = Vec::new();
    let mut tables = 0;
    for rule in headers {
        tables += 1;
        let header = lines[rule - 1];
        let Some(column) = cells(header).iter().position(|cell| *cell == OURS) else {
            found.push(format!("a table without the column {OURS}: {header}"));
            continue;
        };
        let rows = lines[rule + 1..].iter().take_while(|line| line.starts_with('|'));
        for row in rows {
            let cells = cells(row);
            let cell = cells.get(column).copied().unwrap_or_default();
            if let Err(problem) = check(cell) {
                found.push(format!("{}: {problem}", cells[0]));
            }
        }
    }
    if tables == 0 {
        found.push("no table".to_owned());
    }
    found
}

fn cells(row: &str) -> Vec<&str> {
    let row = row.strip_prefix('|').unwrap_or(row);
    let row = row.strip_suffix('|').unwrap_or(row);
    row.split('|').map(str::trim).collect()
}

/// Whether a cell claims nothing, or each of its links shows what it claims.
fn check(cell: &str) -> Result<(), String> {
    if ["no", "not yet"].contains(&cell) {
        return Ok(());
    }
    let links: Vec<&str> = cell
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .collect();
    if links.is_empty() {
        return Err(format!("a claim without a test: {cell}"));
    }
    links.into_iter().try_for_each(check_link)
}

/// A link to what was measured, or to a file with the name of a test of it as the title.
fn check_link(link: &str) -> Result<(), String> {
    if link.starts_with("benchmarks.md") {
        return Ok(());
    }
    let (path, name) = link
        .strip_suffix('"')
        .and_then(|link| link.split_once(" \""))
        .ok_or_else(|| format!("a link without the name of a test: {link}"))?;
    let file = root().join("docs").join(path);
    let text = fs::read_to_string(&file).map_err(|error| format!("{path}: {error}"))?;
    let (declaration, attributes): (_, &[&str]) = match file.extension().and_then(|name| name.to_str()) {
        Some("rs") => (["fn", name], &["#[test]"]),
        Some("cs") => (["public", name], &["[Fact", "[Theory"]),
        _ => return Err(format!("{path} is not a file of tests")),
    };
    if has_test(&text, declaration, attributes) {
        Ok(())
    } else {
        Err(format!("{path} has no test {name}"))
    }
}

/// Whether a function with this keyword and name follows one of `attributes`, with no empty line between them.
fn has_test(text: &str, [keyword, name]: [&str; 2], attributes: &[&str]) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let declares = |line: &str| line.starts_with(keyword) && line.contains(&format!(" {name}("));
    let attributes_of = |index: usize| lines[..index].iter().rev().take_while(|line| !line.is_empty());
    let is_test = |index| attributes_of(index).any(|line| attributes.iter().any(|one| line.starts_with(one)));
    (0..lines.len()).any(|index| declares(lines[index]) && is_test(index))
}

//! Certificate files of many writers: each loads and signs, or gives the error that the table names.
//!
//! The files and their table are made by `make.sh` and committed under `files`; with `GRAPHTOKEN_TEST_CORPUS` the tests
//! take another folder that it made. `BLESS=1` writes `docs/certificates.md` anew.

mod damage;
mod row;

use std::path::PathBuf;

use graphtoken::error::Status;
use test_support::checkout::{compare, root};

use row::{Password, Row};

/// Where the corpus is.
pub fn folder() -> PathBuf {
    std::env::var_os(VARIABLE).map_or_else(|| root().join("tests/corpus/files"), PathBuf::from)
}

const VARIABLE: &str = "GRAPHTOKEN_TEST_CORPUS";

#[test]
fn every_file_gives_what_the_table_says() {
    let wrong: Vec<String> = Row::all()
        .iter()
        .filter(|row| row.outcome() != row.result)
        .map(|row| format!("{}: {} in place of {}", row.name(), row.outcome(), row.result))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    if std::env::var_os(VARIABLE).is_none() {
        compare("docs/certificates.md", &document(Row::all()));
    }
}

#[test]
fn a_wrong_password_is_called_wrong() {
    for row in Row::all().iter().filter(|row| row.signs()) {
        let refused: &[Option<&str>] = match row.password {
            Password::Irrelevant => &[],
            Password::Empty => &[Some("wrong")],
            Password::Text(_) => &[None, Some("wrong")],
        };
        for password in refused {
            let error = row.load(*password).expect_err(&row.name());
            let (name, status) = (row.name(), error.status());
            assert_eq!(
                status,
                Status::CertificatePasswordIncorrect,
                "{name} with {password:?}: {error}"
            );
        }
    }
}

#[test]
fn a_password_that_is_not_needed_does_no_harm() {
    for row in Row::all().iter().filter(|row| row.signs()) {
        let accepted = match row.password {
            Password::Irrelevant => Some("needless"),
            Password::Empty => None,
            Password::Text(_) => continue,
        };
        let loaded = row.load(accepted);
        assert!(loaded.is_ok(), "{}: {loaded:?}", row.name());
    }
}

fn document(rows: &[Row]) -> String {
    let line = |row: &Row| {
        let (password, outcome) = (row.password.kind(), row.outcome());
        format!(
            "| {} | {} | {} | {password} | {outcome} |\n",
            row.format, row.writer, row.protection
        )
    };
    let lines: Vec<String> = rows.iter().map(line).collect();
    format!("{INTRODUCTION}{}", lines.concat())
}

const INTRODUCTION: &str = "\
# Certificate files

What came of loading each file of the corpus (`tests/corpus`) in a test run. *signs*: it loaded, and a PS256 and an
RS256 signature of its key were verified with its certificate. A file with a password was also tried with a wrong one
and without any: `CertificatePasswordIncorrect`. Every other result is the kind of the [error](errors.md), which says
in words what is wrong and what to do.

Of several certificates with private keys in one file, those that are valid now come before all others, then those
that share a `localKeyId` with their key, then the one that became valid last. Key and certificate belong together
when they have the same public key; their order in the file plays no part.

This table is generated: `BLESS=1 cargo xtask test` writes it anew.

| format | writer | protection | password | result |
|---|---|---|---|---|
";

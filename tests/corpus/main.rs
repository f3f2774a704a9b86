//! Certificate files from many programs: each loads and signs, or fails with the error in the table.
//!
//! `make.sh` creates the files and their table, which are committed in `files`. `GRAPHTOKEN_TEST_CORPUS` selects
//! another folder that it created. `BLESS=1` updates `docs/certificates.md`.

mod damage;
mod row;

use std::path::PathBuf;

use graphtoken::base::error::Status;
use test_support::checkout::{compare, root};

use row::{Password, Row};

/// The folder of the corpus.
pub fn folder() -> PathBuf {
    std::env::var_os(VARIABLE).map_or_else(|| root().join("tests/corpus/files"), PathBuf::from)
}

const VARIABLE: &str = "GRAPHTOKEN_TEST_CORPUS";

#[test]
fn every_file_has_the_result_in_the_table() {
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
fn a_wrong_password_is_reported_as_wrong() {
    for row in Row::all().iter().filter(|row| row.signs()) {
        let refused: &[Option<&str>] = match row.password {
            Password::Irrelevant | Password::Empty => &[],
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
fn an_unnecessary_password_is_ignored() {
    for row in Row::all().iter().filter(|row| row.signs()) {
        let accepted: &[Option<&str>] = match row.password {
            Password::Irrelevant => &[Some("needless")],
            Password::Empty => &[None, Some("needless")],
            Password::Text(_) => &[],
        };
        for password in accepted {
            let loaded = row.load(*password);
            assert!(loaded.is_ok(), "{} with {password:?}: {loaded:?}", row.name());
        }
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

The results of loading each file of the corpus (`tests/corpus`) in a test run. *signs* means that the file was loaded,
and that a PS256 and an RS256 signature by its key were verified with its certificate. A file with a password was also
loaded with a wrong password and without one, which is `CertificatePasswordIncorrect`. A file without a password, or
with an empty one, was also loaded with a password, which is ignored. Every other result is the kind of the
[error](errors.md). Its message says what is wrong, and its hint what to do. No error shows any part of a file beyond
the PEM labels that the engine knows.

A PEM file is read without its line breaks, too, unless it has headers that cannot be told from the content then. Any
file may be in Base64. A file may have at most 1 MiB. Each key derivation may take 1,000,000 rounds and all of a file
4,000,000; the most that any writer uses by default are 600,000 (NSS, GnuTLS). scrypt may take 64 MiB of memory; OpenSSL
uses 16 MiB.

A file may contain several certificates with private keys. The first choice are certificates that are valid now, then
those with the same `localKeyId` as their key, then the one that became valid last. Key and certificate belong together
if they have the same public key. Their order in the file does not matter.

This table is generated. `BLESS=1 cargo xtask test` updates it.

| format | writer | protection | password | result |
|---|---|---|---|---|
";

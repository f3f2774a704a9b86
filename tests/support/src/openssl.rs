//! The command `openssl`.

use std::process::Command;

use crate::program::output_of;

/// Runs `openssl`, which must succeed, and returns its standard output.
#[track_caller]
pub fn openssl(arguments: &[&str]) -> Vec<u8> {
    openssl_with(arguments, b"")
}

/// The same with this on its standard input.
#[track_caller]
pub fn openssl_with(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let output = output_of(Command::new("openssl").args(arguments), input);
    output.unwrap_or_else(|problem| panic!("the tests need the openssl command of the package openssl: {problem}"))
}

//! Certificates for applications of the emulator.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::process::{Failure, capture};

/// Writes a new key and a certificate for it into one PEM file.
pub fn make(path: &Path) -> Result<(), Failure> {
    let mut openssl = Command::new("openssl");
    openssl.args([
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "30",
        "-subj",
        "/CN=GraphToken",
    ]);
    let certificate = capture(openssl.arg("-keyout").arg(path))?;
    let key = fs::read_to_string(path).map_err(|error| error.to_string())?;
    fs::write(path, key + &certificate).map_err(|error| error.to_string().into())
}

//! Certificates for applications of the emulator.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::process::{Failure, capture};

/// Writes a new key and a certificate for it into one PEM file. The certificate has been valid for years, so that it is
/// for a service whose clock is behind too.
pub fn make(path: &Path) -> Result<(), Failure> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    for (name, content) in [("index", ""), ("settings", SETTINGS)] {
        fs::write(folder.path().join(name), content).map_err(|error| error.to_string())?;
    }
    let openssl = |arguments: &[&str]| capture(Command::new("openssl").args(arguments).current_dir(folder.path()));
    let request = [
        "req",
        "-new",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=GraphToken",
    ];
    openssl(&[&request[..], &["-keyout", "key", "-out", "request"]].concat())?;
    // Before OpenSSL 3.4 nothing but `ca` lets a certificate begin in the past.
    let authority = [
        "ca",
        "-selfsign",
        "-batch",
        "-notext",
        "-config",
        "settings",
        "-keyfile",
        "key",
    ];
    let dates = ["-startdate", "20200101000000Z", "-enddate", "20491231235959Z"];
    let certificate = openssl(&[&authority[..], &dates, &["-in", "request"]].concat())?;
    let key = fs::read_to_string(folder.path().join("key")).map_err(|error| error.to_string())?;
    fs::write(path, key + &certificate).map_err(|error| error.to_string().into())
}

const SETTINGS: &str = "\
[ca]
default_ca = authority
[authority]
database = index
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = anybody
[anybody]
commonName = supplied
";

//! Tokens of `SoftHSM2`, a PKCS#11 module whose tokens are files, filled by tools that share nothing with the engine:
//! `softhsm2-util` and `OpenSC`'s `pkcs11-tool`.
//!
//! The tests of `graph-token` use this file too.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// The user's PIN of every token.
pub const PIN: &str = "1234";

/// A few tokens, gone with their folder.
pub struct SoftTokens {
    folder: TempDir,
}

impl SoftTokens {
    /// With one empty token.
    pub fn new(label: &str) -> Self {
        let tokens = Self {
            folder: tempfile::tempdir().expect("there is a directory for temporary files"),
        };
        fs::create_dir(tokens.folder.path().join("tokens")).expect("the directory can be written");
        let text = format!(
            "directories.tokendir = {}\nlog.level = ERROR\n",
            tokens.folder.path().join("tokens").display()
        );
        fs::write(tokens.configuration(), text).expect("the directory can be written");
        tokens.add_token(label);
        tokens
    }

    pub fn add_token(&self, label: &str) {
        let arguments = [
            "--init-token",
            "--free",
            "--so-pin",
            "12345678",
            "--pin",
            PIN,
            "--label",
            label,
        ];
        self.run("softhsm2-util", &arguments);
    }

    /// The value of `SOFTHSM2_CONF` for whoever uses these tokens.
    pub fn configuration(&self) -> String {
        self.folder.path().join("softhsm2.conf").display().to_string()
    }

    /// Puts the private key of a PEM file onto a token. `options` are for `pkcs11-tool`.
    pub fn add_key(&self, token: &str, pem: &str, label: &str, id: &str, options: &[&str]) {
        let der = self.der(&["pkey", "-in", pem]);
        let object = [
            "--type",
            "privkey",
            "--write-object",
            &der,
            "--label",
            label,
            "--id",
            id,
        ];
        self.write(token, &[&object, options].concat());
    }

    /// Puts the certificate of a PEM file onto a token.
    pub fn add_certificate(&self, token: &str, pem: &str, label: &str, id: &str) {
        let der = self.der(&["x509", "-in", pem]);
        self.write(
            token,
            &["--type", "cert", "--write-object", &der, "--label", label, "--id", id],
        );
    }

    /// Puts key and certificate of a PEM file onto a token.
    pub fn add_pair(&self, token: &str, pem: &str, label: &str, id: &str) {
        self.add_key(token, pem, label, id, &["--usage-sign"]);
        self.add_certificate(token, pem, label, id);
    }

    fn write(&self, token: &str, object: &[&str]) {
        let login = ["--module", module(), "--token-label", token, "--login", "--pin", PIN];
        self.run("pkcs11-tool", &[&login, object].concat());
    }

    fn der(&self, openssl: &[&str]) -> String {
        let der = self.folder.path().join("object.der").display().to_string();
        self.run("openssl", &[openssl, &["-outform", "DER", "-out", &der]].concat());
        der
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let output = Command::new(program)
            .args(arguments)
            .env("SOFTHSM2_CONF", self.configuration())
            .output()
            .unwrap_or_else(|error| panic!("{program} does not start ({error}): apt-get install softhsm2 opensc"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {arguments:?}: {said}");
    }
}

/// The module, where distributions put it.
pub fn module() -> &'static str {
    let places = [
        "/usr/lib/softhsm/libsofthsm2.so",
        "/usr/lib64/pkcs11/libsofthsm2.so",
        "/usr/local/lib/softhsm/libsofthsm2.so",
        "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    ];
    let found = places.into_iter().find(|path| Path::new(path).is_file());
    found.expect("SoftHSM2 is installed")
}

//! Tokens of `SoftHSM2`, a PKCS#11 module whose tokens are files, filled by tools that share nothing with the engine:
//! `softhsm2-util` and `OpenSC`'s `pkcs11-tool`.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::folder::Folder;
use crate::openssl::openssl;
use crate::program::output_of;

/// The user's PIN of every token.
pub const PIN: &str = "1234";

/// A few tokens, gone with their folder.
pub struct SoftTokens {
    folder: Folder,
}

impl SoftTokens {
    /// With one empty token.
    pub fn new(label: &str) -> Self {
        let tokens = Self { folder: Folder::new() };
        let folder = tokens.folder.path("tokens");
        fs::create_dir(&folder).expect("the directory can be written");
        let settings = format!("directories.tokendir = {}\nlog.level = ERROR\n", folder.display());
        tokens.folder.write(CONFIGURATION, settings);
        tokens.add_token(label);
        tokens
    }

    /// Adds an empty token.
    pub fn add_token(&self, label: &str) {
        let pins = ["--so-pin", "12345678", "--pin", PIN];
        self.run(
            "softhsm2-util",
            &[&["--init-token", "--free"][..], &pins, &["--label", label]].concat(),
        );
    }

    /// The value that `SOFTHSM2_CONF` must have in a process that uses these tokens.
    pub fn configuration(&self) -> String {
        self.folder.argument(CONFIGURATION)
    }

    /// Puts the private key of a PEM file onto a token. `options` are for `pkcs11-tool`.
    pub fn add_key(&self, token: &str, pem: &str, label: &str, id: &str, options: &[&str]) {
        let der = self.der(&["pkey", "-in", pem]);
        let object = ["--type", "privkey", "--write-object", &der, "--label", label];
        self.write(token, &[&object[..], &["--id", id], options].concat());
    }

    /// Puts the certificate of a PEM file onto a token.
    pub fn add_certificate(&self, token: &str, pem: &str, label: &str, id: &str) {
        let der = self.der(&["x509", "-in", pem]);
        let object = ["--type", "cert", "--write-object", &der, "--label", label];
        self.write(token, &[&object[..], &["--id", id]].concat());
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

    fn der(&self, arguments: &[&str]) -> String {
        let der = self.folder.argument("object.der");
        openssl(&[arguments, &["-outform", "DER", "-out", &der]].concat());
        der
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = Command::new(program);
        command.args(arguments).env("SOFTHSM2_CONF", self.configuration());
        let output = output_of(&mut command, b"");
        output.unwrap_or_else(|problem| panic!("{problem}; get the tools by: apt-get install softhsm2 opensc"));
    }
}

const CONFIGURATION: &str = "softhsm2.conf";

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

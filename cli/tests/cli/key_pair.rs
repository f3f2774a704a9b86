//! Keys and certificates from the `openssl` command.

use std::process::Command;
use std::sync::LazyLock;

use crate::folder::Folder;

/// The confidential client's.
pub static REGISTERED: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(&["rsa:2048"]));
/// Of nobody.
pub static STRANGER: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(&["rsa:2048"]));

/// A key (`key.pem`) and a self-signed certificate for it (`certificate.pem`), and both in one file (`both.pem`).
pub struct KeyPair {
    pub folder: Folder,
}

impl KeyPair {
    /// `key` follows `-newkey`.
    pub fn generate(key: &[&str]) -> Self {
        let folder = Folder::new();
        let (key_path, certificate_path) = (folder.argument("key.pem"), folder.argument("certificate.pem"));
        let subject = [
            "req",
            "-x509",
            "-nodes",
            "-days",
            "365",
            "-subj",
            "/CN=graph-token test",
        ];
        let files = ["-keyout", &key_path, "-out", &certificate_path];
        openssl(&[&subject[..], &["-newkey"], key, &files].concat());
        let pair = Self { folder };
        pair.folder
            .write("both.pem", pair.read("key.pem") + &pair.read("certificate.pem"));
        pair
    }

    pub fn both(&self) -> String {
        self.folder.argument("both.pem")
    }

    /// Both in one file that outlives this.
    pub fn both_in(&self, folder: &Folder) -> String {
        folder.write("both.pem", self.read("both.pem"))
    }

    pub fn key(&self) -> String {
        self.folder.argument("key.pem")
    }

    pub fn certificate(&self) -> String {
        self.folder.argument("certificate.pem")
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path(name)).expect("openssl wrote it as text")
    }

    /// Both in a PFX file in `folder`, protected with `password`.
    pub fn pfx(&self, folder: &Folder, password: &str) -> String {
        let (file, password) = (folder.argument("app.pfx"), folder.write("pfx password", password));
        let protection = format!("file:{password}");
        openssl(&[
            "pkcs12",
            "-export",
            "-in",
            &self.both(),
            "-out",
            &file,
            "-passout",
            &protection,
        ]);
        file
    }

    /// A certificate for the same key that expired yesterday, and the key, in one file in `folder`.
    pub fn expired(&self, folder: &Folder) -> String {
        let certificate = folder.argument("expired.pem");
        let (old, key) = (self.certificate(), self.key());
        openssl(&[
            "x509",
            "-in",
            &old,
            "-signkey",
            &key,
            "-days",
            "-1",
            "-out",
            &certificate,
        ]);
        let certificate = std::fs::read_to_string(certificate).expect("openssl wrote it as text");
        folder.write("expired both.pem", self.read("key.pem") + &certificate)
    }
}

/// Runs `openssl`, which must succeed.
pub fn openssl(arguments: &[&str]) {
    let output = Command::new("openssl")
        .args(arguments)
        .output()
        .expect("the tests need the openssl command; install the package openssl");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {arguments:?}: {said}");
}

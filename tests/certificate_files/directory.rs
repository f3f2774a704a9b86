//! The directory in which a test has its files and runs OpenSSL.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use graphtoken::base::error::Error;
use graphtoken::base::secret::Secret;
use graphtoken::certificate::signing::SigningCertificate;
use test_support::folder::Folder;
use test_support::program::output_of;

/// A password with characters outside of ASCII and outside of the Basic Multilingual Plane.
pub const PASSWORD: &str = "p\u{e4}ss w\u{f6}rd \u{1f511}";

/// A directory with `leaf.key`, `leaf.pem` (issued by an intermediate), `chain.pem` (root, then intermediate),
/// `other.key`, and the files that a test adds.
pub struct Directory(Folder);

impl Directory {
    pub fn new() -> Self {
        let directory = Self(Folder::new());
        for (name, content) in issued() {
            directory.write(name, content);
        }
        directory
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        self.0.write(name, content);
    }

    /// Runs `openssl` with `arguments`, which are split at spaces. `PASSWORD` in them is replaced with the password.
    pub fn openssl(&self, arguments: &str) -> String {
        let arguments = arguments
            .split(' ')
            .map(|argument| argument.replace("PASSWORD", PASSWORD));
        let mut openssl = Command::new("openssl");
        let output = output_of(openssl.args(arguments).current_dir(self.path("")), b"");
        String::from_utf8_lossy(&output.expect("the command openssl succeeds")).into_owned()
    }

    pub fn load(&self, files: &str, password: Option<&str>) -> Result<SigningCertificate, Error> {
        let (certificate, key) = files
            .split_once(' ')
            .map_or((files, None), |(first, second)| (first, Some(second)));
        let password = password.map(|text| Secret::copy_of(text.as_bytes()));
        let key_path = key.map(|name| self.path(name));
        let loaded = SigningCertificate::from_files(&self.path(certificate), key_path.as_deref(), password.as_ref());
        let key_bytes = key.and_then(|name| fs::read(self.path(name)).ok());
        if let Ok(bytes) = fs::read(self.path(certificate)) {
            let same = SigningCertificate::from_bytes(&bytes, key_bytes.as_deref(), password.as_ref());
            let status =
                |result: &Result<SigningCertificate, Error>| result.as_ref().map_err(Error::status).map(|_| ());
            if key.is_none() || key_bytes.is_some() {
                assert_eq!(status(&same), status(&loaded), "{files}: from bytes and from files");
            }
        }
        loaded
    }

    pub fn refusal(&self, files: &str, password: Option<&str>) -> Error {
        let error = self.load(files, password).expect_err(files);
        let certificate = files.split(' ').next().unwrap();
        let key = files.split(' ').next_back().unwrap();
        let names = [certificate, key].map(|name| self.path(name).display().to_string());
        assert!(
            names.iter().any(|name| error.message().contains(name)),
            "{files}: {error}"
        );
        assert!(!error.hint().is_empty(), "{files}");
        assert!(!format!("{error:?}").contains(PASSWORD), "{files}");
        error
    }
}

/// The files that every test begins with, created once.
fn issued() -> &'static [(&'static str, Vec<u8>)] {
    static ISSUED: OnceLock<Vec<(&str, Vec<u8>)>> = OnceLock::new();
    ISSUED.get_or_init(|| {
        let maker = Directory(Folder::new());
        maker.write("ca.cnf", "basicConstraints=critical,CA:TRUE\n");
        for (name, subject, issuer) in [
            ("root", "/CN=Root", None),
            ("middle", "/O=Contoso/CN=Middle", Some("root")),
            ("leaf", "/O=Contoso/CN=Leaf", Some("middle")),
        ] {
            maker.openssl(&format!("genrsa -out {name}.key 2048"));
            maker.openssl(&format!("req -new -key {name}.key -subj {subject} -out {name}.csr"));
            let signed_by = issuer.map_or(format!("-signkey {name}.key"), |issuer| {
                format!("-CA {issuer}.pem -CAkey {issuer}.key -CAcreateserial")
            });
            maker.openssl(&format!(
                "x509 -req -in {name}.csr {signed_by} -days 30 -extfile ca.cnf -out {name}.pem"
            ));
        }
        maker.openssl("genrsa -out other.key 2048");
        let mut files: Vec<_> = ["leaf.key", "leaf.pem", "leaf.csr", "other.key", "middle.key"]
            .map(|name| (name, maker.read(name)))
            .into();
        files.push(("chain.pem", [maker.read("root.pem"), maker.read("middle.pem")].concat()));
        files
    })
}

//! Keys, certificates and signatures from the `openssl` command.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use tempfile::TempDir;

/// The key and certificate of the confidential client.
pub static REGISTERED: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(&["-newkey", "rsa:2048"]));
/// Another pair, registered nowhere.
pub static STRANGER: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(&["-newkey", "rsa:2048"]));

/// An RSA key and a certificate for it, 30 days valid from now, in one PEM file: key first.
pub struct KeyPair {
    directory: TempDir,
}

impl KeyPair {
    pub fn generate(key: &[&str]) -> Self {
        let directory = tempfile::tempdir().expect("there is a directory for temporary files");
        let path = |name: &str| directory.path().join(name).display().to_string();
        let (key_path, certificate_path) = (path("key.pem"), path("certificate.pem"));
        let subject = [
            "req",
            "-x509",
            "-nodes",
            "-days",
            "30",
            "-subj",
            "/CN=entra-emulator test",
        ];
        openssl(
            &[&subject, key, &["-keyout", &key_path, "-out", &certificate_path]].concat(),
            b"",
        );
        let both = [key_path, certificate_path]
            .map(|path| std::fs::read(path).expect("openssl wrote it"))
            .concat();
        std::fs::write(path("both.pem"), both).expect("the directory can be written");
        Self { directory }
    }

    /// A PEM file that holds the key as well.
    pub fn certificate_path(&self) -> String {
        self.path("both.pem")
    }

    pub fn path(&self, name: &str) -> String {
        self.directory.path().join(name).display().to_string()
    }

    pub fn x5t(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.fingerprint("-sha1"))
    }

    pub fn x5t_s256(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.fingerprint("-sha256"))
    }

    /// An element of `x5c`.
    pub fn x5c(&self) -> String {
        STANDARD.encode(self.der())
    }

    pub fn der(&self) -> Vec<u8> {
        openssl(&["x509", "-in", &self.path("certificate.pem"), "-outform", "DER"], b"")
    }

    pub fn fingerprint(&self, digest: &str) -> Vec<u8> {
        let output = openssl(
            &[
                "x509",
                "-in",
                &self.path("certificate.pem"),
                "-noout",
                "-fingerprint",
                digest,
            ],
            b"",
        );
        let text = String::from_utf8(output).expect("a fingerprint is text");
        let hex = text.trim().split_once('=').expect("NAME=AA:BB").1;
        hex.split(':')
            .map(|byte| u8::from_str_radix(byte, 16).expect("hexadecimal"))
            .collect()
    }

    pub fn sign(&self, padding: Padding, message: &[u8]) -> Vec<u8> {
        let salt_length = match padding {
            Padding::Pkcs1 => None,
            Padding::Pss { salt_length } => Some(format!("rsa_pss_saltlen:{salt_length}")),
        };
        let key = self.path("key.pem");
        let mut arguments = vec!["dgst", "-sha256", "-sign", &key];
        if let Some(salt_length) = &salt_length {
            arguments.extend(["-sigopt", "rsa_padding_mode:pss", "-sigopt", salt_length]);
        }
        openssl(&arguments, message)
    }
}

#[derive(Clone, Copy)]
pub enum Padding {
    Pkcs1,
    Pss { salt_length: u32 },
}

/// What PS256 asks for.
pub const PSS: Padding = Padding::Pss { salt_length: 32 };

fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut command = Command::new("openssl");
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = command
        .spawn()
        .expect("the tests need the openssl command; install the package openssl");
    process
        .stdin
        .take()
        .expect("standard input is a pipe")
        .write_all(input)
        .expect("openssl reads its input");
    let output = process.wait_with_output().expect("openssl ends");
    assert!(
        output.status.success(),
        "openssl {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

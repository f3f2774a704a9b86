//! A running `entra-emulator` that knows one application by certificate and secret, a public one, and one user.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{finish, library_directory};

pub const CLIENT_ID: &str = "11111111-1111-1111-1111-111111111111";
pub const PUBLIC_CLIENT_ID: &str = "22222222-2222-2222-2222-222222222222";
pub const SECRET: &str = "s3cr\u{e9}t &=%+";
pub const USER: &str = "alice@contoso.onmicrosoft.com";
pub const PASSWORD: &str = "p\u{e4}ss w+rd&%=:";

/// Ended when dropped.
pub struct Emulator {
    process: Child,
    address: String,
    directory: TempDir,
}

impl Emulator {
    pub fn start(arguments: &[&str]) -> Self {
        let directory = tempfile::tempdir().expect("there is a directory for temporary files");
        let certificate = directory.path().join("app.pem");
        make_certificate(&certificate);
        let mut process = Command::new(path())
            .args(["--tenant", "contoso.onmicrosoft.com", "--exit-with-stdin", "--app"])
            .arg(format!("{CLIENT_ID}:cert={}:secret={SECRET}", certificate.display()))
            .args(["--app", PUBLIC_CLIENT_ID])
            .args(["--user", &format!("{USER}:{PASSWORD}")])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the emulator starts");
        let mut address = String::new();
        let output = process.stdout.as_mut().expect("standard output is a pipe");
        BufReader::new(output)
            .read_line(&mut address)
            .expect("the emulator prints its address");
        Self {
            process,
            address: address.trim_end().to_owned(),
            directory,
        }
    }

    /// What a user would give as tenant.
    pub fn tenant(&self) -> String {
        format!("{}/contoso.onmicrosoft.com", self.address)
    }

    /// A PEM file with the key and the certificate of the application.
    pub fn certificate(&self) -> String {
        self.directory.path().join("app.pem").display().to_string()
    }

    /// The same with a certificate that expired yesterday and that nobody registered.
    pub fn expired_certificate(&self) -> String {
        let valid = self.certificate();
        let mut openssl = Command::new("openssl");
        openssl.args(["x509", "-days", "-1", "-in", &valid, "-signkey", &valid]);
        let output = finish(&mut openssl);
        assert_eq!(output.status, Some(0), "{}", output.stderr);
        let both = fs::read_to_string(valid).expect("the key is there");
        let (key, _) = both
            .split_once("-----BEGIN CERTIFICATE")
            .expect("the certificate is after the key");
        self.write("expired.pem", &(key.to_owned() + &output.stdout))
    }

    pub fn write(&self, name: &str, text: &str) -> String {
        let path = self.directory.path().join(name);
        fs::write(&path, text).expect("the directory can be written");
        path.display().to_string()
    }

    pub fn journal(&self) -> Value {
        let host = self.address.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).expect("the emulator listens");
        let request = format!("GET /_journal HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("the emulator reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the emulator answers");
        let (_, body) = answer.split_once("\r\n\r\n").expect("an answer has a body");
        serde_json::from_str(body).expect("the journal is JSON")
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // Closing its standard input would do; waiting must not depend on that.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn path() -> PathBuf {
    let path = std::env::var_os("GRAPHTOKEN_TEST_EMULATOR")
        .map_or_else(|| library_directory().with_file_name("entra-emulator"), PathBuf::from);
    assert!(
        path.is_file(),
        "{} is missing; build it with `cargo build -p entra-emulator`",
        path.display()
    );
    path
}

fn make_certificate(path: &Path) {
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
        "/CN=c_program",
    ]);
    let output = finish(openssl.arg("-keyout").arg(path));
    assert_eq!(output.status, Some(0), "{}", output.stderr);
    let key = fs::read_to_string(path).expect("openssl wrote the key");
    fs::write(path, key + &output.stdout).expect("the directory can be written");
}

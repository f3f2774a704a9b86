//! An `entra-emulator` process.

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::key_pair::REGISTERED;

pub const TENANT: &str = "contoso.onmicrosoft.com";
/// Has a certificate ([`REGISTERED`]) and a secret.
pub const CONFIDENTIAL: &str = "11111111-1111-1111-1111-111111111111";
/// Has neither.
pub const PUBLIC: &str = "22222222-2222-2222-2222-222222222222";
pub const SECRET: &str = "s\u{e4}cr&t+v=lue 100%~";
pub const USER: &str = "alice@contoso.onmicrosoft.com";
pub const PASSWORD: &str = "p\u{e4}ss w+rd&%=:\u{1f511}";

/// A running emulator with one tenant, a confidential and a public client, and a user; dropping it ends it.
pub struct Emulator {
    process: Child,
    address: String,
}

impl Emulator {
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Each fault meets one request, in this order.
    pub fn with_faults(faults: &[&str]) -> Self {
        Self::start_with(&faults.iter().flat_map(|fault| ["--fault", fault]).collect::<Vec<_>>())
    }

    /// HTTPS, with the CA's certificate written to `ca`.
    pub fn with_tls(ca: &Path) -> Self {
        Self::start_with(&["--tls", "--ca-out", &ca.display().to_string()])
    }

    /// The authority of the tenant.
    pub fn authority(&self) -> String {
        format!("{}/{TENANT}", self.address)
    }

    /// The requests that it got, without TLS.
    pub fn journal(&self) -> Vec<Value> {
        let host = self.address.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).expect("the emulator listens");
        let request = format!("GET /_journal HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("the emulator reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the emulator answers");
        let (_, body) = answer.split_once("\r\n\r\n").expect("an answer has a body");
        serde_json::from_str(body).expect("the journal is a JSON array")
    }

    /// With these arguments too.
    pub fn start_with(arguments: &[&str]) -> Self {
        let confidential = format!("{CONFIDENTIAL}:cert={}:secret={SECRET}", REGISTERED.certificate());
        let mut process = Command::new(program())
            .args([
                "--tenant",
                TENANT,
                "--app",
                &confidential,
                "--app",
                PUBLIC,
                "--exit-with-stdin",
            ])
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
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // Closing its standard input would do; waiting must not depend on that.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn program() -> PathBuf {
    let beside_this = || {
        let name = format!("entra-emulator{}", env::consts::EXE_SUFFIX);
        Path::new(env!("CARGO_BIN_EXE_graph-token")).with_file_name(name)
    };
    let program = env::var_os("GRAPHTOKEN_TEST_EMULATOR").map_or_else(beside_this, PathBuf::from);
    let shown = program.display();
    assert!(
        program.is_file(),
        "{shown} is missing; build it: cargo build -p entra-emulator"
    );
    program
}

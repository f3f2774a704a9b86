//! An `entra-emulator` process.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::answer::Answer;
use crate::client::Client;
use crate::openssl::REGISTERED;

pub const TENANT: &str = "contoso.onmicrosoft.com";
/// Has a certificate ([`REGISTERED`]) and a secret.
pub const CONFIDENTIAL: &str = "11111111-1111-1111-1111-111111111111";
/// Has neither.
pub const PUBLIC: &str = "22222222-2222-2222-2222-222222222222";
pub const SECRET: &str = "s3cret~Value:with=signs";
pub const USER: &str = "alice@contoso.onmicrosoft.com";
pub const PASSWORD: &str = "p\u{e4}ss w+rd&%=:";
pub const GRAPH: &str = "https://graph.microsoft.com/.default";

/// A running emulator; dropping it ends it.
pub struct Emulator {
    pub process: Child,
    /// The first line on its standard output.
    pub address: String,
}

impl Emulator {
    /// With one tenant, a confidential and a public client, and a user.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same, and these arguments.
    pub fn start_with(arguments: &[&str]) -> Self {
        let confidential = format!("{CONFIDENTIAL}:cert={}:secret={SECRET}", REGISTERED.certificate_path());
        let mut command = Command::new(env!("CARGO_BIN_EXE_entra-emulator"));
        command.args([
            "--tenant",
            TENANT,
            "--app",
            &confidential,
            "--app",
            PUBLIC,
            "--exit-with-stdin",
        ]);
        command.args(["--user", &format!("{USER}:{PASSWORD}")]).args(arguments);
        let mut process = command
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

    pub fn host(&self) -> &str {
        self.address.split_once("://").expect("the address is a URL").1
    }

    pub fn client(&self) -> Client {
        Client::connect(self.host())
    }

    pub fn endpoint(&self) -> String {
        format!("{}/{TENANT}/oauth2/v2.0/token", self.address)
    }

    /// Posts a form to the v2 token endpoint on a connection of its own.
    pub fn post(&self, fields: &[(&str, &str)]) -> Answer {
        self.post_to(&format!("/{TENANT}/oauth2/v2.0/token"), fields)
    }

    pub fn post_to(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.client().send("POST", path, &[FORM], encoded(fields).as_bytes());
        answer.expect("the emulator answers")
    }

    pub fn add_fault(&self, spec: &str) {
        let answer = self
            .client()
            .send("POST", "/_faults", &[], spec.as_bytes())
            .expect("the emulator answers");
        assert_eq!(answer.status, 204, "{answer:?}");
    }

    pub fn journal(&self) -> Value {
        self.client()
            .send("GET", "/_journal", &[], b"")
            .expect("the emulator answers")
            .json()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // Closing its standard input would do; waiting must not depend on that.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// A request of the confidential client with its secret.
pub fn with_secret() -> Vec<(&'static str, &'static str)> {
    vec![
        ("client_id", CONFIDENTIAL),
        ("client_secret", SECRET),
        ("scope", GRAPH),
        ("grant_type", "client_credentials"),
    ]
}

/// A request of the public client for the user.
pub fn with_password() -> Vec<(&'static str, &'static str)> {
    vec![
        ("client_id", PUBLIC),
        ("scope", "User.Read openid offline_access profile"),
        ("username", USER),
        ("password", PASSWORD),
        ("grant_type", "password"),
    ]
}

/// `fields`, one of them with another value, or without it when that is empty.
pub fn changed<'text>(
    fields: &[(&'text str, &'text str)],
    name: &'text str,
    value: &'text str,
) -> Vec<(&'text str, &'text str)> {
    let mut changed: Vec<_> = fields.iter().copied().filter(|(known, _)| *known != name).collect();
    if !value.is_empty() {
        changed.push((name, value));
    }
    changed
}

pub fn encoded(fields: &[(&str, &str)]) -> String {
    let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    let pairs = fields.iter().map(|(name, value)| format!("{name}={}", encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

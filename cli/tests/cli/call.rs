//! One run of `graph-token`.

use std::env;
use std::process::{Command, Stdio};

use serde_json::Value;
use test_support::emulator::{CONFIDENTIAL, Emulator, PUBLIC, USER};
use test_support::folder::Folder;
use test_support::key_pair::REGISTERED;
use test_support::program::{Outcome, under_test};

/// What decides about proxies and trust, so that a test's outcome does not depend on where it runs.
const NETWORK_VARIABLES: [&str; 10] = [
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
];

/// A run that is being prepared. Nobody is at its terminal.
pub struct Call {
    pub command: Command,
    input: Vec<u8>,
}

impl Call {
    /// With these arguments and nothing on standard input.
    pub fn new(arguments: &[&str]) -> Self {
        let mut command = graph_token();
        for variable in NETWORK_VARIABLES {
            command.env_remove(variable);
        }
        command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self {
            command,
            input: Vec::new(),
        }
    }

    /// `get` at this emulator for this application, which has no proof yet.
    pub fn get(emulator: &Emulator, client_id: &str) -> Self {
        Self::new(&["get", "--authority", &emulator.authority(), "--client-id", client_id])
    }

    /// `get` with the registered certificate.
    pub fn with_certificate(emulator: &Emulator) -> Self {
        Self::get(emulator, CONFIDENTIAL).and(&["--certificate", &REGISTERED.both()])
    }

    /// `get` of the public client for the user, with what is in the file `password`.
    pub fn with_password(emulator: &Emulator, password: &str) -> Self {
        Self::get(emulator, PUBLIC).and(&["--username", USER, "--password-file", password])
    }

    pub fn and(mut self, arguments: &[&str]) -> Self {
        self.command.args(arguments);
        self
    }

    /// The content of a secret file, and that file as an argument.
    pub fn and_secret(self, option: &str, folder: &Folder, secret: &str) -> Self {
        let file = folder.write(option, secret);
        self.and(&[option, &file])
    }

    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    pub fn run(mut self) -> Outcome {
        let process = self.command.spawn().expect("graph-token starts");
        Outcome::of_process(process, &self.input)
    }

    /// Runs it, expects success, and gives what was printed without the line break.
    pub fn succeed(self) -> String {
        let outcome = self.run();
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        let line = outcome
            .stdout
            .strip_suffix('\n')
            .expect("output ends with a line break");
        line.to_owned()
    }

    /// Runs it with `--json`, expects success, and gives the object.
    pub fn succeed_json(self) -> Value {
        serde_json::from_str(&self.and(&["--json"]).succeed()).expect("the output is JSON")
    }

    /// Runs it, expects this exit code, and gives standard error. There is no output.
    pub fn fail(self, code: i32) -> String {
        let outcome = self.run();
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(code), ""), "{outcome:?}");
        outcome.stderr
    }

    /// Runs it with `--json`, expects this exit code, and gives the one object on standard error.
    pub fn fail_json(self, code: i32) -> Value {
        serde_json::from_str(&self.and(&["--json"]).fail(code)).expect("standard error is one JSON object")
    }
}

/// The command under test: this build's, or that of `GRAPHTOKEN_TEST_COMMAND`.
fn graph_token() -> Command {
    under_test(program())
}

/// Where it is.
pub fn program() -> String {
    env::var("GRAPHTOKEN_TEST_COMMAND").unwrap_or_else(|_| env!("CARGO_BIN_EXE_graph-token").to_owned())
}

/// The claims of a token, with no regard to its signature.
pub fn claims(token: &str) -> Value {
    let decoded = Call::new(&["decode", "--json"]).input(token).succeed();
    let contents: Value = serde_json::from_str(&decoded).expect("the output is JSON");
    contents["claims"].clone()
}

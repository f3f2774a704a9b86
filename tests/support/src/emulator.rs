//! A running `entra-emulator` with one tenant, a confidential and a public client, and a user.

use std::env;
use std::path::{Path, PathBuf};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::answer::Answer;
use crate::build;
use crate::client::Client;
use crate::control::Control;
use crate::key_pair::REGISTERED;
use crate::service::Service;

/// The tenant.
pub const TENANT: &str = "contoso.onmicrosoft.com";
/// The client id of the application with a certificate ([`REGISTERED`]) and a secret ([`SECRET`]).
pub const CONFIDENTIAL: &str = "11111111-1111-1111-1111-111111111111";
/// The client id of the application that has neither.
pub const PUBLIC: &str = "22222222-2222-2222-2222-222222222222";
/// The client secret, with everything that hand-written requests forget to encode.
pub const SECRET: &str = "s\u{e4}cr&t+v=lue: 100%~";
/// The user's name.
pub const USER: &str = "alice@contoso.onmicrosoft.com";
/// The user's password, with the same, and with a character outside of the Basic Multilingual Plane.
pub const PASSWORD: &str = "p\u{e4}ss w+rd&%=:\u{1f511}";

/// Where both applications have the answers of a browser brought to.
const REDIRECTS: &str = ":redirect=http://localhost:redirect=http://127.0.0.1";

/// Nothing is taken that a specification forbids.
const STRICT: &str = "--strict";

/// Ended when dropped.
pub struct Emulator {
    /// Its process.
    pub service: Service,
}

impl Emulator {
    /// Serves HTTP.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Each fault meets one request, in this order.
    pub fn with_faults(faults: &[&str]) -> Self {
        Self::start_with(&faults.iter().flat_map(|fault| ["--fault", fault]).collect::<Vec<_>>())
    }

    /// Serves HTTPS, with the CA's certificate written to `ca`.
    pub fn with_tls(ca: &Path) -> Self {
        Self::start_with(&["--tls", "--ca-out", &ca.display().to_string()])
    }

    /// With these arguments of `entra-emulator` beside its own.
    pub fn start_with(more: &[&str]) -> Self {
        Self::of(arguments(&REGISTERED.certificate()), more)
    }

    /// The same without `--strict`.
    pub fn lenient(more: &[&str]) -> Self {
        let mut own = arguments(&REGISTERED.certificate());
        own.retain(|argument| argument != STRICT);
        Self::of(own, more)
    }

    fn of(mut all: Vec<String>, more: &[&str]) -> Self {
        all.extend(more.iter().map(|argument| (*argument).to_owned()));
        let service = Service::start(&program(), &all).expect("the emulator starts");
        Self { service }
    }

    /// Such as `http://127.0.0.1:8080`.
    pub fn address(&self) -> &str {
        self.service.address()
    }

    /// The address without its scheme.
    pub fn host(&self) -> &str {
        self.address().split_once("://").expect("the address is a URL").1
    }

    /// The authority of the tenant.
    pub fn authority(&self) -> String {
        format!("{}/{TENANT}", self.address())
    }

    /// A new connection, without TLS.
    pub fn client(&self) -> Client {
        Client::connect(self.host()).expect("the emulator listens")
    }

    /// The requests that it received, without TLS.
    pub fn journal(&self) -> Vec<Value> {
        self.control().journal().expect("the emulator shows its journal")
    }

    /// Adds a fault, without TLS.
    pub fn add_fault(&self, fault: &str) {
        self.control().add_faults(fault).expect("the emulator takes the fault");
    }

    /// Enters the code of a device as the user, who accepts the sign-in or declines it, without TLS.
    pub fn enter_device_code(&self, user_code: &str, is_accepted: bool) {
        let action = if is_accepted { "approve" } else { "decline" };
        let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        let (name, password) = (encode(USER), encode(PASSWORD));
        let form = format!("user_code={user_code}&username={name}&password={password}&action={action}");
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        let answer = self.client().send("POST", "/devicelogin", &headers, form.as_bytes());
        let answer = answer.expect("the emulator answers");
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    /// Has its API refuse every token that was issued until now, without TLS.
    pub fn revoke(&self) {
        self.control().revoke().expect("the emulator revokes its tokens");
    }

    /// What its API answers to a token, without TLS.
    pub fn resource(&self, token: &str) -> Answer {
        let authorization = format!("Bearer {token}");
        let answer = self
            .client()
            .send("GET", "/_resource", &[("Authorization", &authorization)], b"");
        answer.expect("the emulator answers")
    }

    fn control(&self) -> Control {
        Control::of(self.address())
    }
}

/// The arguments of an `entra-emulator` that knows the tenant, the applications and the user of this module.
/// `certificate` is the file with the confidential client's certificate.
pub fn arguments(certificate: &str) -> Vec<String> {
    let confidential = format!("{CONFIDENTIAL}:cert={certificate}:secret={SECRET}{REDIRECTS}");
    let public = format!("{PUBLIC}{REDIRECTS}");
    let user = format!("{USER}:{PASSWORD}");
    let applications = ["--app", &confidential, "--app", &public];
    let all = [
        &[STRICT, "--exit-with-stdin", "--tenant", TENANT][..],
        &applications,
        &["--user", &user],
    ];
    all.concat().into_iter().map(str::to_owned).collect()
}

/// The program: that of `GRAPHTOKEN_TEST_EMULATOR`, or that of the build which this test belongs to.
pub fn program() -> PathBuf {
    let program =
        env::var_os("GRAPHTOKEN_TEST_EMULATOR").map_or_else(|| build::program("entra-emulator"), PathBuf::from);
    let shown = program.display();
    assert!(
        program.is_file(),
        "{shown} is missing; build it: cargo build -p entra-emulator"
    );
    program
}

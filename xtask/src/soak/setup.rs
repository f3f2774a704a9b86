//! What there is to ask for, told to the emulator and to the callers.

use serde_json::json;
use test_support::key_pair::KeyPair;

use crate::artifacts::test_command;
use crate::process::Failure;
use crate::stage::Stage;

/// The file of the stage that tells the callers what there is.
pub const FILE: &str = "setup.json";

/// As many applications with as many resources make 200 tokens.
const APPLICATIONS: usize = 20;
const RESOURCES: usize = 10;

const TENANTS: [&str; 2] = [
    "aaaaaaaa-0000-4000-8000-000000000001",
    "aaaaaaaa-0000-4000-8000-000000000002",
];

/// Making a key takes a while, so that some applications have the same.
const CERTIFICATES: usize = 3;

/// Starts the emulator, with tokens that live for so many seconds, and writes [`FILE`].
pub fn stage(token_lifetime: u64) -> Result<Stage, Failure> {
    let mut applications = Vec::new();
    let stage = Stage::set(&test_command("entra-emulator"), CERTIFICATES, |pairs| {
        applications = (0..APPLICATIONS)
            .map(|number| Application::new(number, pairs))
            .collect();
        arguments(token_lifetime, &applications)
    })?;
    let resources: Vec<String> = (0..RESOURCES)
        .map(|number| format!("https://{number}.example"))
        .collect();
    let applications: Vec<_> = applications.iter().map(Application::json).collect();
    let setup = json!({ "address": stage.address(), "applications": applications, "resources": resources });
    stage.write(FILE, &setup.to_string());
    Ok(stage)
}

fn arguments(token_lifetime: u64, applications: &[Application]) -> Vec<String> {
    let mut arguments = vec!["--exit-with-stdin".to_owned()];
    let mut add = |option: &str, value: String| arguments.extend([option.to_owned(), value]);
    add("--token-lifetime", token_lifetime.to_string());
    for tenant in TENANTS {
        add("--tenant", tenant.to_owned());
    }
    for application in applications {
        add("--app", application.argument());
    }
    arguments
}

struct Application {
    tenant: &'static str,
    client_id: String,
    proof: Proof,
}

enum Proof {
    Secret(String),
    /// A PEM file with key and certificate.
    Certificate(String),
}

impl Application {
    fn new(number: usize, pairs: &[KeyPair]) -> Self {
        let client_id = format!("bbbbbbbb-0000-4000-8000-0000000000{number:02}");
        Self {
            tenant: TENANTS[usize::from(number % 4 < 2)],
            proof: if number.is_multiple_of(2) {
                Proof::Secret(format!("secret of {client_id}"))
            } else {
                Proof::Certificate(pairs[number % pairs.len()].both())
            },
            client_id,
        }
    }

    /// As the emulator is told of it.
    fn argument(&self) -> String {
        match &self.proof {
            Proof::Secret(secret) => format!("{}:secret={secret}", self.client_id),
            Proof::Certificate(file) => format!("{}:cert={file}", self.client_id),
        }
    }

    /// As the callers are told of it.
    fn json(&self) -> serde_json::Value {
        let (tenant, client_id) = (self.tenant, &self.client_id);
        match &self.proof {
            Proof::Secret(secret) => json!({ "tenant": tenant, "client_id": client_id, "secret": secret }),
            Proof::Certificate(file) => json!({ "tenant": tenant, "client_id": client_id, "certificate": file }),
        }
    }
}

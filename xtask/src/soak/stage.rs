//! The emulator with what the callers ask it for.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::Agent;

use super::journal::Journal;
use crate::artifacts::test_command;
use crate::certificate;
use crate::process::Failure;
use crate::service::Service;

/// A running emulator and a folder of files; both gone when dropped.
pub struct Stage {
    emulator: Service,
    folder: TempDir,
    agent: Agent,
}

/// As many applications with as many resources make 200 tokens.
const APPLICATIONS: u32 = 20;
const RESOURCES: u32 = 10;

const TENANTS: [&str; 2] = [
    "aaaaaaaa-0000-4000-8000-000000000001",
    "aaaaaaaa-0000-4000-8000-000000000002",
];

/// Making a key takes a while, so that some applications have the same.
const CERTIFICATES: u32 = 3;

impl Stage {
    /// With tokens that live for so many seconds.
    pub fn set(token_lifetime: u64) -> Result<Self, Failure> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let path = |number: u32| folder.path().join(format!("{number}.pem"));
        for number in 0..CERTIFICATES {
            certificate::make(&path(number))?;
        }
        let mut arguments = vec![
            "--exit-with-stdin".to_owned(),
            "--token-lifetime".to_owned(),
            token_lifetime.to_string(),
        ];
        arguments.extend(
            TENANTS
                .iter()
                .flat_map(|tenant| ["--tenant".to_owned(), (*tenant).to_owned()]),
        );
        let mut applications = Vec::new();
        for number in 0..APPLICATIONS {
            let client_id = format!("bbbbbbbb-0000-4000-8000-0000000000{number:02}");
            let tenant = TENANTS[usize::from(number % 4 < 2)];
            let mut application = json!({ "tenant": tenant, "client_id": client_id });
            let proof = if number % 2 == 0 {
                let secret = format!("secret of {client_id}");
                application["secret"] = secret.as_str().into();
                format!("secret={secret}")
            } else {
                let certificate = path(number % CERTIFICATES).display().to_string();
                application["certificate"] = certificate.as_str().into();
                format!("cert={certificate}")
            };
            arguments.extend(["--app".to_owned(), format!("{client_id}:{proof}")]);
            applications.push(application);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let emulator = Service::start(&test_command("entra-emulator"), &arguments)?;
        let resources: Vec<String> = (0..RESOURCES)
            .map(|number| format!("https://{number}.example"))
            .collect();
        let setup = json!({ "address": emulator.address(), "applications": applications, "resources": resources });
        fs::write(folder.path().join(SETUP), setup.to_string()).map_err(|error| error.to_string())?;
        Ok(Self {
            emulator,
            folder,
            // The emulator is on this machine; a proxy would not find it.
            agent: Agent::config_builder().proxy(None).build().into(),
        })
    }

    /// The file that tells callers what there is.
    pub fn setup(&self) -> PathBuf {
        self.folder.path().join(SETUP)
    }

    /// Puts `faults` in the place of those that are left.
    pub fn set_faults(&self, faults: &str) -> Result<(), Failure> {
        let address = format!("{}/_faults", self.emulator.address());
        self.agent.delete(&address).call().map_err(|error| failure(&error))?;
        let answer = self.agent.post(&address).send(faults);
        answer.map(drop).map_err(|error| failure(&error))
    }

    /// Adds the requests that came since the last time to `journal`.
    pub fn read(&self, journal: &mut Journal, now: u64, patience: u64) -> Result<(), Failure> {
        let address = format!("{}/_journal?after={}", self.emulator.address(), journal.last());
        let mut answer = self.agent.get(&address).call().map_err(|error| failure(&error))?;
        let text = answer.body_mut().with_config().limit(LARGEST_JOURNAL).read_to_string();
        let text = text.map_err(|error| failure(&error))?;
        let entries: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        journal.add(&entries, now, patience);
        Ok(())
    }
}

const SETUP: &str = "setup.json";

/// In bytes: 100 MiB.
const LARGEST_JOURNAL: u64 = 100 * 1024 * 1024;

fn failure(error: &ureq::Error) -> Failure {
    format!("the emulator: {error}").into()
}

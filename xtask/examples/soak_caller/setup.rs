//! What there is to ask for.

use std::fs;

use serde_json::Value;

/// The setup that all processes share, and the name of this one.
pub struct Setup {
    /// The emulator's address.
    pub address: String,
    /// Sent as the product, so that the emulator's journal tells the processes apart.
    pub name: String,
    pub applications: Vec<Registration>,
    /// Each application asks for a token for each of these.
    pub resources: Vec<String>,
}

/// An application that the emulator knows.
pub struct Registration {
    pub tenant: String,
    pub client_id: String,
    pub proof: Proof,
}

pub enum Proof {
    Secret(String),
    /// A PEM file with key and certificate.
    Certificate(String),
}

impl Setup {
    pub fn read(file: &str, name: &str) -> Result<Self, String> {
        let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        let setup: Value = serde_json::from_str(&text).map_err(|error| format!("{file}: {error}"))?;
        let list = |name: &str| setup[name].as_array().cloned().unwrap_or_default();
        let applications = list("applications").iter().map(Registration::of).collect();
        let resources = list("resources").iter().map(text_of).collect();
        Ok(Self {
            address: text_of(&setup["address"]),
            name: name.to_owned(),
            applications,
            resources,
        })
    }
}

impl Registration {
    fn of(application: &Value) -> Self {
        Self {
            tenant: text_of(&application["tenant"]),
            client_id: text_of(&application["client_id"]),
            proof: match application["certificate"].as_str() {
                Some(file) => Proof::Certificate(file.to_owned()),
                None => Proof::Secret(text_of(&application["secret"])),
            },
        }
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

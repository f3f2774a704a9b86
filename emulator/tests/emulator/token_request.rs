//! Token requests as forms, right and wrong.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use test_support::answer::Answer;
use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD, PUBLIC, SECRET, TENANT, USER};

/// The token endpoints of an emulator.
pub trait TokenEndpoint {
    /// The address of the v2 endpoint.
    fn endpoint(&self) -> String;

    /// Posts a form to the v2 endpoint on a connection of its own.
    fn post(&self, fields: &[(&str, &str)]) -> Answer {
        self.post_to(&format!("/{TENANT}/oauth2/v2.0/token"), fields)
    }

    /// The same to any path.
    fn post_to(&self, path: &str, fields: &[(&str, &str)]) -> Answer;
}

impl TokenEndpoint for Emulator {
    fn endpoint(&self) -> String {
        format!("{}/oauth2/v2.0/token", self.authority())
    }

    fn post_to(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.client().send("POST", path, &[FORM], encoded(fields).as_bytes());
        answer.expect("the emulator answers")
    }
}

pub const GRAPH: &str = "https://graph.microsoft.com/.default";
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

//! How a failed call is reported, and its exit code.

use std::io::{self, Write};

use graphtoken::{Error, ServiceReport, Surface};
use serde_json::{Value, json};

use crate::warnings::Warnings;

/// Why a call failed.
pub enum Failure {
    /// The engine failed, or an argument could not be passed to it.
    Engine(Error),
    /// There was a result, but it could not be written.
    Output(io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

impl Failure {
    /// The process's exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Engine(error) => error.status().exit_code(),
            Self::Output(_) => 1,
        }
    }

    /// Prints it to standard error: as lines, or as one JSON object that also holds the `warnings`.
    pub fn print(&self, json: bool, warnings: &Warnings) {
        let text = match self {
            Self::Engine(error) if json => format!("{}\n", object(error, warnings)),
            Self::Engine(error) => lines(error),
            Self::Output(error) => format!("error: standard output could not be written: {error}\n"),
        };
        // A closed standard error cannot be reported anywhere.
        let _ = io::stderr().write_all(text.as_bytes());
    }
}

fn lines(error: &Error) -> String {
    let service = error.service();
    let parts = [
        ("error", error.message_on(Surface::Command).to_owned()),
        ("hint", error.hint_on(Surface::Command).to_owned()),
        ("kind", error.status().name()),
        ("service", service.map(service_words).unwrap_or_default()),
        (
            "correlation id",
            service
                .map(|service| service.correlation_id.clone())
                .unwrap_or_default(),
        ),
    ];
    let given = parts.iter().filter(|(_, value)| !value.is_empty());
    given
        .map(|(name, value)| format!("{name}: {value}\n"))
        .collect::<Vec<_>>()
        .concat()
}

/// The service's own names for the error: `invalid_client AADSTS7000215`.
fn service_words(service: &ServiceReport) -> String {
    let codes = service.codes.iter().map(|code| format!("AADSTS{code}"));
    let words: Vec<String> = [&service.oauth_error, &service.suberror]
        .into_iter()
        .filter(|word| !word.is_empty())
        .cloned()
        .chain(codes)
        .collect();
    words.join(" ")
}

/// Every member is always present: `null` or empty if it does not apply.
fn object(error: &Error, warnings: &Warnings) -> Value {
    let nothing = ServiceReport::default();
    let service = error.service().unwrap_or(&nothing);
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    json!({
        "error": {
            "kind": error.status().name(),
            "status": error.status().code(),
            "message": error.message_on(Surface::Command),
            "hint": given(error.hint_on(Surface::Command)),
            "oauth_error": given(&service.oauth_error),
            "suberror": given(&service.suberror),
            "service_codes": service.codes,
            "http_status": (service.http_status != 0).then_some(service.http_status),
            "correlation_id": given(&service.correlation_id),
            "trace_id": given(&service.trace_id),
            "retry_after": service.retry_after.map(|wait| wait.as_secs()),
            "claims": given(&service.claims),
        },
        "warnings": warnings.texts(),
    })
}

//! A token in the form that Kubernetes reads from a credential plugin ("client-go credential plugins").

use std::env;

use graphtoken::{AcquiredToken, Error, Result, Status, unix_seconds};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What kubectl reads from standard output.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExecCredential<'a> {
    api_version: &'static str,
    kind: &'static str,
    status: CredentialStatus<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CredentialStatus<'a> {
    token: &'a str,
    /// Without it, the token is used until the process ends or the server refuses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_timestamp: Option<String>,
}

/// What kubectl writes into the variable `KUBERNETES_EXEC_INFO`. Everything else in it is about the cluster.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExecInfo {
    api_version: String,
}

const VARIABLE: &str = "KUBERNETES_EXEC_INFO";

/// The first is for callers that ask for none.
const VERSIONS: [&str; 2] = [
    "client.authentication.k8s.io/v1",
    "client.authentication.k8s.io/v1beta1",
];

impl<'a> ExecCredential<'a> {
    /// The version that the caller reads.
    ///
    /// # Errors
    /// `InvalidArgument` if the variable does not say it, or names another one.
    pub fn version_asked_for() -> Result<&'static str> {
        match env::var_os(VARIABLE) {
            Some(info) if !info.is_empty() => version_of(&info.to_string_lossy()),
            _ => Ok(VERSIONS[0]),
        }
    }

    /// A token, in one of the versions.
    pub fn of(token: &'a AcquiredToken, version: &'static str) -> Self {
        let end = token.end().map(unix_seconds);
        let end = end.and_then(|end| OffsetDateTime::from_unix_timestamp(end).ok());
        Self {
            api_version: version,
            kind: "ExecCredential",
            status: CredentialStatus {
                token: token
                    .access_token
                    .expose_text()
                    .expect("tokens are read from JSON, which is text"),
                expiration_timestamp: end.and_then(|end| end.format(&Rfc3339).ok()),
            },
        }
    }
}

fn version_of(info: &str) -> Result<&'static str> {
    let asked = serde_json::from_str::<ExecInfo>(info).map_err(|_| {
        refused(format!(
            "The environment variable {VARIABLE} is not a JSON object with an apiVersion."
        ))
    })?;
    let known = VERSIONS.into_iter().find(|known| *known == asked.api_version);
    known.ok_or_else(|| {
        refused(format!(
            "The environment variable {VARIABLE} asks for a version that graph-token does not know."
        ))
    })
}

fn refused(message: String) -> Error {
    Error::new(
        Status::InvalidArgument,
        message,
        format!(
            "Set apiVersion of the user's exec section in the kubeconfig to {}.",
            VERSIONS[0]
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_one_that_the_caller_reads() {
        for version in VERSIONS {
            let info =
                format!(r#"{{"apiVersion":"{version}","kind":"ExecCredential","spec":{{"interactive":false}}}}"#);
            assert_eq!(version_of(&info).unwrap(), version);
        }
        for info in [
            "{}",
            "text",
            r#"{"apiVersion":"client.authentication.k8s.io/v1alpha1"}"#,
            r#"{"apiVersion":1}"#,
        ] {
            assert_eq!(
                version_of(info).unwrap_err().status(),
                Status::InvalidArgument,
                "{info}"
            );
        }
    }
}

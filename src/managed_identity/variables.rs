//! The variables of the environment that the engine reads for managed identities, and for the credentials that they
//! describe.

use std::env::{self, VarError};

use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;

/// Those of the process, or those that the program has passed on. `Debug` does not show their values.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    /// `None` stands for those of the process.
    given: Option<Vec<(String, Secret)>>,
}

/// Every variable that is read through [`Variables`]. A program that passes its environment on passes these.
pub const NAMES: &[&str] = &[
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
    "IDENTITY_SERVER_THUMBPRINT",
    "IMDS_ENDPOINT",
    "MSI_ENDPOINT",
    "MSI_SECRET",
    "DEFAULT_IDENTITY_CLIENT_ID",
    "AZURE_POD_IDENTITY_AUTHORITY_HOST",
    // Where the machine is.
    "REGION_NAME",
    // Where Azure Arc's agent and its keys are on Windows.
    "ProgramFiles",
    "ProgramData",
    "AZURE_AUTHORITY_HOST",
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN",
    "AZURE_USERNAME",
    "AZURE_PASSWORD",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_TOKEN_CREDENTIALS",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "SYSTEM_OIDCREQUESTURI",
    "SYSTEM_ACCESSTOKEN",
    // Where the developer tools and their configuration are.
    "PATH",
    "AZURE_CONFIG_DIR",
    "AZD_CONFIG_DIR",
];

impl Variables {
    /// Reads `NAME=value` pairs, each ended by U+0000, which no variable contains. Nothing else is set then.
    ///
    /// # Errors
    /// The reason, if a part is not such a pair.
    pub fn parse(block: &str) -> std::result::Result<Self, &'static str> {
        let pairs = block.split('\0').filter(|pair| !pair.is_empty());
        let split = |pair: &str| -> std::result::Result<_, &'static str> {
            let (name, value) = pair.split_once('=').ok_or("pairs NAME=value, each ended by U+0000")?;
            Ok((name.to_owned(), Secret::copy_of(value.as_bytes())))
        };
        let given = pairs.map(split).collect::<std::result::Result<_, _>>()?;
        Ok(Self { given: Some(given) })
    }

    /// The value of a variable. An empty one counts as unset.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`] for a value that is not UTF-8, and for one with CR, LF or another control character.
    pub fn get(&self, name: &str) -> Result<Option<Secret>> {
        debug_assert!(NAMES.contains(&name), "{name} is not passed on");
        let value = match &self.given {
            Some(given) => {
                let found = given.iter().find(|(known, _)| known == name);
                found.map(|(_, value)| value.clone())
            }
            None => match env::var(name) {
                Ok(value) => Some(Secret::new(value.into_bytes())),
                Err(VarError::NotPresent) => None,
                Err(VarError::NotUnicode(_)) => return Err(refused(name, "is not UTF-8")),
            },
        };
        let value = value.filter(|value| !value.is_empty());
        let text = value.as_ref().and_then(Secret::expose_text).unwrap_or_default();
        if text.contains(char::is_control) {
            return Err(refused(name, "contains a line break or another control character"));
        }
        Ok(value)
    }

    /// The value of a variable that a platform needs.
    ///
    /// # Errors
    /// As [`Variables::get`]; [`Status::CredentialMissing`] if it is not set.
    pub(super) fn required(&self, name: &str) -> Result<Secret> {
        self.get(name)?.ok_or_else(|| {
            Error::new(
                Status::CredentialMissing,
                format!("The environment variable {name} is not set."),
                "Run this on the platform, which sets the variable for resources that have a managed identity. Turn the \
                 identity on if the resource has none, and restart it.",
            )
        })
    }
}

/// The error for a variable whose value no platform sets.
pub(super) fn refused(name: &str, what: &str) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("The value of the environment variable {name} {what}."),
        format!("Leave {name} as the platform has set it, or unset it."),
    )
}

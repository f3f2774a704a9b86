//! A file whose owner keeps a valid assertion in it, such as the service account token of Kubernetes.

use std::env;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::Parameter;
use crate::base::pasted;
use crate::base::regular_file::{self, Links};
use crate::base::secret::Secret;
use crate::base::shown_path::shown;
use crate::credential::assertion_source::{AssertionSource, LONGEST, Wanted, checked, missing};

/// Reads its file for each token request. Links are followed, because Kubernetes replaces a link to change the file.
#[derive(Debug)]
pub struct AssertionFile {
    path: PathBuf,
    /// The path as bytes.
    identity: String,
    parameter: &'static Parameter,
}

/// How long a file that is empty may take to be written.
const ROTATION: Duration = Duration::from_millis(100);

/// Variables that tell clients of AKS identity bindings to send their requests to a proxy in the cluster.
const PROXY_VARIABLES: [&str; 4] = [
    "AZURE_KUBERNETES_TOKEN_PROXY",
    "AZURE_KUBERNETES_CA_FILE",
    "AZURE_KUBERNETES_CA_DATA",
    "AZURE_KUBERNETES_SNI_NAME",
];

impl AssertionFile {
    /// The file at `path`, which the caller has named with `parameter`. It need not exist yet.
    ///
    /// # Errors
    /// `CredentialMissing` if the path is empty.
    pub fn new(path: &Path, parameter: &'static Parameter) -> Result<Self> {
        let path = pasted::path(path);
        if path.as_os_str().is_empty() {
            return Err(missing("The path of the federated token file is empty.", parameter));
        }
        // The current directory may change, and then the path would name another file.
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        Ok(Self {
            identity: path.to_string_lossy().into_owned(),
            path,
            parameter,
        })
    }

    fn content(&self) -> Result<Option<Secret>> {
        let content = regular_file::read(&self.path, Links::Followed, LONGEST);
        let content = content.map_err(|error| self.unreadable(&error))?;
        checked(&Secret::copy_of(&content), &self.name(), self.parameter)
    }

    fn unreadable(&self, error: &io::Error) -> Error {
        let parameter = self.parameter;
        let (status, reason, hint) = match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => {
                return Error::new(
                    Status::CredentialMissing,
                    format!("{} was not found.", self.name()),
                    format!("Set {parameter} to the file that the workload's platform writes its token to."),
                );
            }
            ErrorKind::FileTooLarge => (
                Status::InvalidArgument,
                "is larger than 64 KiB".to_owned(),
                format!("Check that {parameter} names a file that contains one token."),
            ),
            ErrorKind::PermissionDenied => (
                Status::InvalidArgument,
                "cannot be read: permission denied".to_owned(),
                format!("Give the account that runs this process read access to the file of {parameter}."),
            ),
            _ => (
                Status::InvalidArgument,
                format!("cannot be read: {error}"),
                format!("Set {parameter} to a regular file."),
            ),
        };
        Error::new(status, format!("{} {reason}.", self.name()), hint)
    }

    fn name(&self) -> String {
        format!("The federated token file {}", shown(&self.path))
    }
}

impl AssertionSource for AssertionFile {
    fn assertion(&self, wanted: &Wanted<'_>) -> Result<Secret> {
        if let Some(assertion) = self.content()? {
            return Ok(assertion);
        }
        // A writer may just have emptied it.
        wanted.clock.sleep(ROTATION);
        self.content()?.ok_or_else(|| {
            Error::new(
                Status::CredentialMissing,
                format!("{} is empty.", self.name()),
                format!("Check what writes the file of {}.", self.parameter),
            )
        })
    }

    fn proof(&self) -> (&'static str, &[u8]) {
        ("federated token file", self.identity.as_bytes())
    }

    fn parameter(&self) -> &'static Parameter {
        self.parameter
    }

    fn advice(&self) -> Option<String> {
        unsupported_variable().map(unsupported)
    }
}

fn unsupported_variable() -> Option<&'static str> {
    PROXY_VARIABLES
        .into_iter()
        .find(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn unsupported(variable: &str) -> String {
    format!(
        "{variable} is set, but the token proxy of Azure Kubernetes Service is not supported: requests go to the \
         authority itself."
    )
}

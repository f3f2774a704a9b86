//! The tools for developers that are signed in for their user.

use std::path::PathBuf;

use crate::base::error::{Error, Result, Status};
use crate::base::quote::quote;
use crate::base::secret::Secret;
use crate::client::child_process;
use crate::managed_identity::Variables;

/// A tool that is signed in for its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// The Azure CLI, `az`.
    AzureCli,
    /// The Azure Developer CLI, `azd`.
    AzureDeveloperCli,
}

impl Tool {
    /// Every tool.
    pub const ALL: [Self; 2] = [Self::AzureCli, Self::AzureDeveloperCli];

    /// The tool with this name, which is that of its program.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`] for any other name.
    pub fn from_name(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|tool| tool.name() == name).ok_or_else(|| {
            Error::new(
                Status::InvalidArgument,
                format!("Unknown developer tool {:?}.", quote(name, &[])),
                "Use az or azd.",
            )
        })
    }

    /// The name of its program.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AzureCli => "az",
            Self::AzureDeveloperCli => "azd",
        }
    }

    /// The product's own name.
    pub const fn product(self) -> &'static str {
        match self {
            Self::AzureCli => "Azure CLI",
            Self::AzureDeveloperCli => "Azure Developer CLI",
        }
    }

    /// How its user signs in.
    pub(super) const fn sign_in(self) -> &'static str {
        match self {
            Self::AzureCli => "az login",
            Self::AzureDeveloperCli => "azd auth login",
        }
    }

    /// Its program, in one of the folders of `PATH`.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`] if `PATH` contains control characters.
    pub fn find(self, variables: &Variables) -> Result<Option<PathBuf>> {
        let path = variables.get("PATH")?;
        let path = path.as_ref().and_then(Secret::expose_text);
        Ok(path.and_then(|path| child_process::find(self.name(), path)))
    }
}

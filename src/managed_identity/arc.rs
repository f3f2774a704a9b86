//! Servers with the Azure Connected Machine agent ("Authenticate against Azure resources with Azure Arc-enabled
//! servers"). The agent asks for the content of a file that only the administrator and its own group can read.

use std::path::PathBuf;

use crate::base::error::Result;
use crate::managed_identity::endpoint::Endpoint;
use crate::managed_identity::key_file::KeyFolder;
use crate::managed_identity::platform::{Platform, system_only};
use crate::managed_identity::settings::Identity;
use crate::managed_identity::source::Source;
use crate::managed_identity::variables::Variables;

pub(super) fn platform(variables: &Variables, identity: &Identity) -> Result<Platform> {
    let endpoint = match variables.get("IDENTITY_ENDPOINT")? {
        Some(address) => Endpoint::parse("IDENTITY_ENDPOINT", address.expose_text().unwrap_or_default())?,
        None => Endpoint::fixed("http://127.0.0.1:40342", "/metadata/identity/oauth2/token"),
    };
    if let Some(address) = variables.get("IMDS_ENDPOINT")? {
        Endpoint::parse("IMDS_ENDPOINT", address.expose_text().unwrap_or_default())?;
    }
    system_only(Source::Arc, identity)?;
    let mut platform = Platform::new(Source::Arc, endpoint)
        .with_metadata_header()
        .with_parameter("api-version", "2020-06-01");
    platform.key_folder = Some(KeyFolder::of_agent(variables)?);
    Ok(platform)
}

/// Whether the agent is installed.
pub(super) fn has_agent(variables: &Variables) -> Result<bool> {
    let program = if cfg!(windows) {
        let folder = variables.get("ProgramFiles")?;
        let folder = folder.as_ref().and_then(|folder| folder.expose_text());
        folder.map(|folder| PathBuf::from(folder).join("AzureConnectedMachineAgent\\himds.exe"))
    } else {
        Some(PathBuf::from("/opt/azcmagent/bin/himds"))
    };
    Ok(program.is_some_and(|program| program.is_file()))
}

//! Cloud Shell, whose identity is the signed-in user ("Acquire a token for user identity from Azure Cloud Shell").

use crate::base::error::Result;
use crate::managed_identity::endpoint::Endpoint;
use crate::managed_identity::platform::{Platform, system_only};
use crate::managed_identity::settings::Identity;
use crate::managed_identity::source::Source;
use crate::managed_identity::variables::Variables;

pub(super) fn platform(variables: &Variables, identity: &Identity) -> Result<Platform> {
    let endpoint = Endpoint::of_variable(variables, "MSI_ENDPOINT")?;
    system_only(Source::CloudShell, identity)?;
    let mut platform = Platform::new(Source::CloudShell, endpoint).with_metadata_header();
    platform.is_post = true;
    Ok(platform)
}

//! Virtual machines: the Azure Instance Metadata Service ("How to use managed identities for Azure resources on an Azure
//! VM to acquire an access token").

use crate::base::error::Result;
use crate::managed_identity::endpoint::Endpoint;
use crate::managed_identity::platform::Platform;
use crate::managed_identity::settings::Identity;
use crate::managed_identity::source::Source;
use crate::managed_identity::variables::Variables;

/// The same on every virtual machine of Azure.
const ORIGIN: &str = "http://169.254.169.254";
const PATH: &str = "/metadata/identity/oauth2/token";

/// Replaces the origin (MSAL.NET `ImdsManagedIdentitySource.cs`, azure-identity `imds.py`).
const HOST_VARIABLE: &str = "AZURE_POD_IDENTITY_AUTHORITY_HOST";

/// Where the service is, which has more than tokens.
pub(super) fn origin(variables: &Variables) -> Result<Endpoint> {
    match variables.get(HOST_VARIABLE)? {
        None => Ok(Endpoint::fixed(ORIGIN, "/")),
        Some(host) => Endpoint::parse(HOST_VARIABLE, host.expose_text().unwrap_or_default()),
    }
}

pub(super) fn platform(variables: &Variables, identity: &Identity) -> Result<Platform> {
    let platform = Platform::new(Source::Imds, origin(variables)?.with_path(PATH))
        .with_metadata_header()
        .with_parameter("api-version", "2018-02-01");
    Ok(match identity {
        Identity::System => platform,
        Identity::ClientId(id) => platform.with_parameter("client_id", id),
        Identity::ObjectId(id) => platform.with_parameter("object_id", id),
        Identity::ResourceId(id) => platform.with_parameter("msi_res_id", id),
    })
}

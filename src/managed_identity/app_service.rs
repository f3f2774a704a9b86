//! App Service, Functions, Container Apps and Automation ("How to use managed identities for App Service and Azure
//! Functions: REST endpoint reference"; "Using a system-assigned managed identity for an Azure Automation account").

use crate::base::error::Result;
use crate::managed_identity::endpoint::Endpoint;
use crate::managed_identity::platform::Platform;
use crate::managed_identity::settings::Identity;
use crate::managed_identity::source::Source;
use crate::managed_identity::variables::Variables;

pub(super) fn platform(variables: &Variables, identity: &Identity) -> Result<Platform> {
    let endpoint = Endpoint::of_variable(variables, "IDENTITY_ENDPOINT")?;
    let header = variables.required("IDENTITY_HEADER")?;
    let platform = Platform::new(Source::AppService, endpoint)
        .with_header("X-IDENTITY-HEADER", header)
        // Automation demands it; the others ignore it.
        .with_metadata_header()
        .with_parameter("api-version", "2019-08-01");
    Ok(match identity {
        Identity::System => platform,
        Identity::ClientId(id) => platform.with_parameter("client_id", id),
        Identity::ObjectId(id) => platform.with_parameter("object_id", id),
        Identity::ResourceId(id) => platform.with_parameter("mi_res_id", id),
    })
}

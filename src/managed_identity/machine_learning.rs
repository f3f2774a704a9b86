//! Compute of Azure Machine Learning, which has the older form of App Service's endpoint (azure-identity `azure_ml.py`,
//! MSAL.NET `MachineLearningManagedIdentitySource.cs`).

use crate::base::error::Result;
use crate::managed_identity::endpoint::Endpoint;
use crate::managed_identity::platform::{Platform, cannot_choose};
use crate::managed_identity::settings::Identity;
use crate::managed_identity::source::Source;
use crate::managed_identity::variables::Variables;

pub(super) fn platform(variables: &Variables, identity: &Identity) -> Result<Platform> {
    let endpoint = Endpoint::of_variable(variables, "MSI_ENDPOINT")?;
    let secret = variables.required("MSI_SECRET")?;
    let platform = Platform::new(Source::MachineLearning, endpoint)
        .with_header("secret", secret)
        .with_metadata_header()
        .with_parameter("api-version", "2017-09-01");
    match identity {
        Identity::System => {
            let default = variables.get("DEFAULT_IDENTITY_CLIENT_ID")?;
            let default = default.as_ref().and_then(|id| id.expose_text());
            Ok(match default {
                Some(id) => platform.with_parameter("clientid", id),
                None => platform,
            })
        }
        Identity::ClientId(id) => Ok(platform.with_parameter("clientid", id)),
        other => Err(cannot_choose(
            Source::MachineLearning,
            other,
            "Name the identity by its client id.",
        )),
    }
}

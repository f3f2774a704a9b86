//! Service Fabric ("How to leverage a Service Fabric application's managed identity to access Azure services").

use aws_lc_rs::digest::{SHA256, digest};

use crate::base::error::Result;
use crate::base::percent_encoding::byte_of;
use crate::base::secret::Secret;
use crate::managed_identity::endpoint::Endpoint;
use crate::managed_identity::platform::{Platform, cannot_choose};
use crate::managed_identity::settings::Identity;
use crate::managed_identity::source::Source;
use crate::managed_identity::variables::{Variables, refused};

const THUMBPRINT: &str = "IDENTITY_SERVER_THUMBPRINT";

pub(super) fn platform(variables: &Variables, identity: &Identity) -> Result<Platform> {
    let endpoint = Endpoint::of_variable(variables, "IDENTITY_ENDPOINT")?;
    let header = variables.required("IDENTITY_HEADER")?;
    let thumbprint = variables.required(THUMBPRINT)?;
    let thumbprint = bytes_of(thumbprint.expose())
        .ok_or_else(|| refused(THUMBPRINT, "is not a SHA-1 thumbprint of 40 hexadecimal digits"))?;
    if !endpoint.is_https() {
        // The secret would be sent to whatever listens there.
        return Err(refused("IDENTITY_ENDPOINT", "is not https, which Service Fabric uses"));
    }
    let mut platform = Platform::new(Source::ServiceFabric, endpoint)
        .with_header("Secret", header)
        .with_parameter("api-version", "2019-07-01-preview");
    platform.thumbprint = Some(thumbprint);
    match identity {
        Identity::System => Ok(platform),
        // MSAL.NET `ServiceFabricManagedIdentitySource.cs` (4.85.0, #6065)
        Identity::ObjectId(id) => Ok(platform.with_parameter("principalId", id)),
        other => Err(cannot_choose(
            Source::ServiceFabric,
            other,
            "Name the identity by its object (principal) id, or leave out the id: the application's manifest chooses.",
        )),
    }
}

/// What the program can do, and which token an API has refused (MSAL.NET `ManagedIdentitySourceExtensions.cs`, MSAL Python
/// `managed_identity.py`).
pub(super) fn challenge_parameters(refused: Option<&Secret>) -> Vec<(&'static str, String)> {
    let mut parameters = vec![("xms_cc", "cp1".to_owned())];
    if let Some(refused) = refused {
        let digest = digest(&SHA256, refused.expose());
        let digits = digest
            .as_ref()
            .iter()
            .fold(String::new(), |digits, byte| format!("{digits}{byte:02x}"));
        parameters.push(("token_sha256_to_refresh", digits));
    }
    parameters
}

fn bytes_of(digits: &[u8]) -> Option<[u8; 20]> {
    let mut bytes = [0; 20];
    let (pairs, rest) = digits.as_chunks::<2>();
    if pairs.len() != bytes.len() || !rest.is_empty() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        *byte = byte_of(*pair)?;
    }
    Some(bytes)
}

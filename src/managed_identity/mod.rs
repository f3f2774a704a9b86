//! Managed identities: tokens that a platform of Azure gives the programs on its machines, without a credential.
//!
//! A platform tells itself by variables of the environment. [`ManagedIdentity`] is the issuer for all of them; each
//! file of a platform says what its token service wants.

mod answer;
mod app_service;
mod arc;
mod cloud_shell;
mod endpoint;
mod expiry;
mod failure;
mod imds;
mod issuer;
mod key_file;
mod machine_learning;
mod platform;
mod probe;
mod region;
mod resource;
mod retry;
mod service_fabric;
mod settings;
mod source;
mod variables;

pub use issuer::ManagedIdentity;
pub use platform::Platform;
pub use region::RegionDetector;
pub use settings::{Identity, IdentitySettings};
pub use source::Source;
#[cfg(feature = "internals")]
pub use variables::NAMES as VARIABLE_NAMES;
pub use variables::Variables;

use crate::base::error::Result;

/// Finds the platform that this machine is on, or the one that is asked for. Sends nothing.
///
/// # Errors
/// `CredentialMissing` if the variables of the platform that is asked for are not set; `InvalidArgument` for a variable
/// with a value that no platform sets, and for an identity that the platform cannot choose.
pub fn platform(settings: &IdentitySettings) -> Result<Platform> {
    let (identity, variables) = (settings.identity()?, &settings.variables);
    let source = match settings.source {
        Some(source) => source,
        None => detected(variables)?,
    };
    match source {
        Source::ServiceFabric => service_fabric::platform(variables, &identity),
        Source::AppService => app_service::platform(variables, &identity),
        Source::MachineLearning => machine_learning::platform(variables, &identity),
        Source::CloudShell => cloud_shell::platform(variables, &identity),
        Source::Arc => arc::platform(variables, &identity),
        Source::Imds => imds::platform(variables, &identity),
    }
}

/// The first platform whose variables are set, in the order of MSAL.NET (`ManagedIdentityClient.cs`). What is left is a
/// virtual machine.
fn detected(variables: &Variables) -> Result<Source> {
    let is_set = |name| variables.get(name).map(|value| value.is_some());
    let (endpoint, header) = (is_set("IDENTITY_ENDPOINT")?, is_set("IDENTITY_HEADER")?);
    Ok(if endpoint && header && is_set("IDENTITY_SERVER_THUMBPRINT")? {
        Source::ServiceFabric
    } else if endpoint && header {
        Source::AppService
    } else if is_set("MSI_ENDPOINT")? && is_set("MSI_SECRET")? {
        Source::MachineLearning
    } else if is_set("MSI_ENDPOINT")? {
        Source::CloudShell
    } else if endpoint && is_set("IMDS_ENDPOINT")? || arc::has_agent(variables)? {
        Source::Arc
    } else {
        Source::Imds
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::error::Status;

    fn settings(variables: &[(&str, &str)], source: Option<Source>, identity: Option<Identity>) -> IdentitySettings {
        let block: String = variables
            .iter()
            .flat_map(|(name, value)| [*name, "=", *value, "\0"])
            .collect();
        let mut settings = IdentitySettings {
            source,
            variables: Variables::parse(&block).unwrap(),
            ..IdentitySettings::default()
        };
        match identity {
            Some(Identity::ClientId(id)) => settings.client_id = Some(id),
            Some(Identity::ObjectId(id)) => settings.object_id = Some(id),
            Some(Identity::ResourceId(id)) => settings.resource_id = Some(id),
            Some(Identity::System) | None => {}
        }
        settings
    }

    const LOCAL: &str = "http://127.0.0.1:8080/msi";
    const THUMBPRINT: &str = "0123456789abcdef0123456789ABCDEF01234567";

    #[test]
    fn a_platform_tells_itself_by_its_variables() {
        let endpoint = ("IDENTITY_ENDPOINT", LOCAL);
        let header = ("IDENTITY_HEADER", "h");
        let old = ("MSI_ENDPOINT", LOCAL);
        let imds = ("IMDS_ENDPOINT", LOCAL);
        let fabric = ("IDENTITY_ENDPOINT", "https://127.0.0.1:8080/msi");
        for (variables, source) in [
            (
                &[fabric, header, ("IDENTITY_SERVER_THUMBPRINT", THUMBPRINT)][..],
                Source::ServiceFabric,
            ),
            (&[endpoint, header], Source::AppService),
            (
                &[endpoint, header, ("IDENTITY_SERVER_THUMBPRINT", "")],
                Source::AppService,
            ),
            (&[endpoint, header, old, imds], Source::AppService),
            (&[old, ("MSI_SECRET", "s")], Source::MachineLearning),
            (&[old], Source::CloudShell),
            (&[old, ("MSI_SECRET", ""), endpoint, imds], Source::CloudShell),
            (&[endpoint, imds], Source::Arc),
            (&[endpoint], Source::Imds),
            (&[header], Source::Imds),
            (&[], Source::Imds),
        ] {
            let platform = platform(&settings(variables, None, None)).unwrap();
            assert_eq!(platform.source, source, "{variables:?}");
        }
    }

    #[test]
    fn a_platform_that_is_asked_for_needs_its_variables() {
        for (source, names) in [
            (Source::ServiceFabric, "IDENTITY_ENDPOINT"),
            (Source::AppService, "IDENTITY_ENDPOINT"),
            (Source::MachineLearning, "MSI_ENDPOINT"),
            (Source::CloudShell, "MSI_ENDPOINT"),
        ] {
            let error = platform(&settings(&[], Some(source), None)).err().unwrap();
            assert_eq!(error.status(), Status::CredentialMissing, "{source:?}");
            assert!(error.message().contains(names), "{error}");
        }
        for source in [Source::Arc, Source::Imds] {
            assert!(platform(&settings(&[], Some(source), None)).is_ok(), "{source:?}");
        }
    }

    #[test]
    fn only_local_endpoints_are_asked() {
        for (name, others) in [
            ("IDENTITY_ENDPOINT", &[("IDENTITY_HEADER", "h")][..]),
            ("IDENTITY_ENDPOINT", &[("IMDS_ENDPOINT", LOCAL)]),
            ("IMDS_ENDPOINT", &[("IDENTITY_ENDPOINT", LOCAL)]),
            ("MSI_ENDPOINT", &[]),
            ("MSI_ENDPOINT", &[("MSI_SECRET", "s")]),
            ("AZURE_POD_IDENTITY_AUTHORITY_HOST", &[]),
        ] {
            for address in [
                "http://attacker.example/msi",
                "http://10.0.0.1/",
                "http://user:hunter22@127.0.0.1/",
            ] {
                let variables = [&[(name, address)], others].concat();
                let error = platform(&settings(&variables, None, None)).err().unwrap();
                assert_eq!(error.status(), Status::InvalidArgument, "{name} {address}");
                assert!(error.message().contains(name), "{error}");
                assert!(!format!("{error:?}").contains("hunter22"), "{error:?}");
            }
        }
    }

    #[test]
    fn a_value_with_a_line_break_is_refused() {
        for bad in ["a\r\nX: y", "a\nb"] {
            for variables in [
                [("IDENTITY_ENDPOINT", LOCAL), ("IDENTITY_HEADER", bad)],
                [("MSI_ENDPOINT", LOCAL), ("MSI_SECRET", bad)],
            ] {
                let error = platform(&settings(&variables, None, None)).err().unwrap();
                assert_eq!(error.status(), Status::InvalidArgument);
                assert!(!error.message().contains(bad), "{error}");
            }
        }
    }

    #[test]
    fn a_platform_knows_the_identities_that_it_can_choose() {
        let id = || "6f1a4b0e-0000-4000-8000-000000000000".to_owned();
        let all = [
            Identity::ClientId(id()),
            Identity::ObjectId(id()),
            Identity::ResourceId("/subscriptions/x".to_owned()),
        ];
        let fabric = [
            ("IDENTITY_ENDPOINT", "https://127.0.0.1:1/"),
            ("IDENTITY_HEADER", "h"),
            ("IDENTITY_SERVER_THUMBPRINT", THUMBPRINT),
        ];
        let service = [("IDENTITY_ENDPOINT", LOCAL), ("IDENTITY_HEADER", "h")];
        let learning = [("MSI_ENDPOINT", LOCAL), ("MSI_SECRET", "s")];
        let arc = [("IDENTITY_ENDPOINT", LOCAL), ("IMDS_ENDPOINT", LOCAL)];
        for (variables, chosen) in [
            (&[][..], [Some("client_id"), Some("object_id"), Some("msi_res_id")]),
            (&service, [Some("client_id"), Some("object_id"), Some("mi_res_id")]),
            (&fabric, [None, Some("principalId"), None]),
            (&learning, [Some("clientid"), None, None]),
            (&learning[..1], [None, None, None]),
            (&arc, [None, None, None]),
        ] {
            for (identity, parameter) in all.iter().zip(chosen) {
                let found = platform(&settings(variables, None, Some(identity.clone())));
                if let Some(parameter) = parameter {
                    let found = found.unwrap();
                    let is_sent = found.parameters.iter().any(|(name, _)| *name == parameter);
                    assert!(is_sent, "{identity:?}");
                } else {
                    let error = found.err().unwrap();
                    assert_eq!(error.status(), Status::InvalidArgument, "{identity:?}");
                }
            }
        }
    }

    #[test]
    fn the_thumbprint_has_forty_digits() {
        for thumbprint in [
            "x",
            "0123456789abcdef0123456789abcdef0123456",
            "0123456789abcdef0123456789abcdef0123456g",
        ] {
            let variables = [
                ("IDENTITY_ENDPOINT", "https://127.0.0.1:1/"),
                ("IDENTITY_HEADER", "h"),
                ("IDENTITY_SERVER_THUMBPRINT", thumbprint),
            ];
            let error = platform(&settings(&variables, None, None)).err().unwrap();
            assert_eq!(error.status(), Status::InvalidArgument, "{thumbprint}");
        }
    }
}

//! The identities that are assigned to the machine.

use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

use super::failure::Failure;

/// All of them.
pub(super) struct Assigned(Vec<AssignedIdentity>);

/// One identity.
pub(crate) struct AssignedIdentity {
    pub(crate) client_id: Uuid,
    pub(crate) object_id: Uuid,
    resource_id: String,
    /// Whether it is the machine's own, rather than one that a user has assigned to it.
    is_system: bool,
}

/// Whose id a parameter has: that of the client, the object or the Azure resource.
#[derive(Clone, Copy)]
pub(super) enum Selector {
    Client,
    Object,
    Resource,
}

impl Assigned {
    pub(super) fn parse(specs: &[String]) -> Result<Self, String> {
        specs
            .iter()
            .map(|spec| AssignedIdentity::parse(spec))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The identity that the parameters name. Without any it is the machine's own, or the only one.
    pub(super) fn find(&self, wanted: &[(Selector, &str)]) -> Result<&AssignedIdentity, Failure> {
        match *wanted {
            [] => self.default(),
            [(selector, value)] => {
                let mut users = self.0.iter().filter(|identity| !identity.is_system);
                users
                    .find(|identity| identity.is_named(selector, value))
                    .ok_or_else(Failure::not_assigned)
            }
            _ => Err(Failure::bad("invalid_request", "Only one identity can be named.")),
        }
    }

    fn default(&self) -> Result<&AssignedIdentity, Failure> {
        let own = self.0.iter().find(|identity| identity.is_system);
        match (own, &self.0[..]) {
            (Some(own), _) => Ok(own),
            (None, [only]) => Ok(only),
            (None, _) => Err(Failure::bad(
                "invalid_request",
                "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in \
                 the token request",
            )),
        }
    }
}

impl AssignedIdentity {
    /// Reads `system` or `CLIENT_ID[:object=ID][:resource=ID]`.
    fn parse(spec: &str) -> Result<Self, String> {
        let mut parts = spec.split(':');
        let name = parts.next().unwrap_or_default();
        let problem = || format!("the identity '{spec}' is not system or CLIENT_ID[:object=ID][:resource=ID]");
        let is_system = name == "system";
        let mut identity = Self {
            client_id: if is_system {
                stable_id("client", name)
            } else {
                guid(name).ok_or_else(problem)?
            },
            object_id: stable_id("object", name),
            resource_id: String::new(),
            is_system,
        };
        for part in parts {
            match part.split_once('=') {
                Some(("object", id)) => identity.object_id = guid(id).ok_or_else(problem)?,
                Some(("resource", id)) if id.starts_with('/') => id.clone_into(&mut identity.resource_id),
                _ => return Err(problem()),
            }
        }
        Ok(identity)
    }

    fn is_named(&self, selector: Selector, value: &str) -> bool {
        match selector {
            Selector::Client => Some(self.client_id) == guid(value),
            Selector::Object => Some(self.object_id) == guid(value),
            Selector::Resource => !value.is_empty() && self.resource_id.eq_ignore_ascii_case(value),
        }
    }
}

fn guid(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok()
}

/// The same name gets the same identifier in every run.
fn stable_id(kind: &str, name: &str) -> Uuid {
    let digest = Sha256::digest(format!("machine identity:{kind}:{name}"));
    let (bytes, _) = digest.split_first_chunk::<16>().expect("a SHA-256 has 32 bytes");
    Builder::from_custom_bytes(*bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "33333333-3333-3333-3333-333333333333";

    #[test]
    fn what_is_no_identity_is_refused() {
        for spec in [
            "",
            "me",
            &format!("{ID}:object=x"),
            &format!("{ID}:resource=x"),
            &format!("{ID}:name=x"),
        ] {
            assert!(AssignedIdentity::parse(spec).is_err(), "{spec}");
        }
    }
}

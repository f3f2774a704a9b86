//! Which managed identity is used.

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{IDENTITY_CLIENT_ID, IDENTITY_OBJECT_ID, IDENTITY_RESOURCE_ID};
use crate::managed_identity::source::Source;
use crate::managed_identity::variables::Variables;

/// The settings of a managed identity.
#[derive(Clone, Debug, Default)]
pub struct IdentitySettings {
    /// The client id of a user-assigned identity.
    pub client_id: Option<String>,
    /// The object (principal) id of a user-assigned identity.
    pub object_id: Option<String>,
    /// The Azure resource id of a user-assigned identity.
    pub resource_id: Option<String>,
    /// The platform; `None` stands for the one that the variables name.
    pub source: Option<Source>,
    /// The variables that platforms set.
    pub variables: Variables,
}

/// An identity of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// The machine's own, or the only one that is assigned to it.
    System,
    /// The user-assigned identity with this client id.
    ClientId(String),
    /// The user-assigned identity with this object id.
    ObjectId(String),
    /// The user-assigned identity with this Azure resource id.
    ResourceId(String),
}

impl IdentitySettings {
    /// Whether they choose a user-assigned identity.
    pub fn choose_one(&self) -> bool {
        self.client_id.is_some() || self.object_id.is_some() || self.resource_id.is_some()
    }

    /// The identity that they choose.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`] if they choose more than one.
    pub fn identity(&self) -> Result<Identity> {
        let (client_id, object_id, resource_id) = (&self.client_id, &self.object_id, &self.resource_id);
        match (client_id, object_id, resource_id) {
            (None, None, None) => Ok(Identity::System),
            (Some(id), None, None) => Ok(Identity::ClientId(id.clone())),
            (None, Some(id), None) => Ok(Identity::ObjectId(id.clone())),
            (None, None, Some(id)) => Ok(Identity::ResourceId(id.clone())),
            _ => Err(Error::new(
                Status::InvalidArgument,
                "More than one managed identity was given.",
                format!("Use only one of {IDENTITY_CLIENT_ID}, {IDENTITY_OBJECT_ID} and {IDENTITY_RESOURCE_ID}."),
            )),
        }
    }
}

//! One call of a token endpoint.

use super::form::{Form, FormError};
use crate::answer::refusal::Refusal;
use crate::clock::Moment;

/// A POST to a token endpoint, before anything about it is believed.
pub(crate) struct Call {
    /// Scheme and host as the client sees them, from the `Host` header: `http://127.0.0.1:8080`.
    pub(crate) origin: String,
    /// The tenant as it stands in the path.
    pub(crate) tenant: String,
    pub(crate) version: EndpointVersion,
    pub(crate) form: Result<Form, FormError>,
    pub(crate) now: Moment,
}

/// Which of the two token endpoints of a tenant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndpointVersion {
    V1,
    V2,
}

impl EndpointVersion {
    /// The path of this endpoint below the tenant.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::V1 => "oauth2/token",
            Self::V2 => "oauth2/v2.0/token",
        }
    }
}

impl Call {
    /// The form, when there is one in which no field stands twice (RFC 6749 section 3.2).
    pub(crate) fn form(&self) -> Result<&Form, Refusal> {
        let form = match &self.form {
            Ok(form) => form,
            // Entra does not look into a body of another type, so that every parameter is missing.
            Err(FormError::OtherContentType) => return Err(Refusal::missing("grant_type")),
            Err(FormError::Malformed) => return Err(Refusal::new(9_002_313, &[])),
        };
        match form.duplicate() {
            Some(name) => Err(Refusal::new(
                9_002_313,
                &[&format!("The parameter '{name}' is repeated.")],
            )),
            None => Ok(form),
        }
    }

    /// The token endpoints of the called tenant at `origin`.
    pub(crate) fn endpoints_at(&self, origin: &str) -> [String; 2] {
        let endpoint = |version: EndpointVersion| format!("{origin}/{}/{}", self.tenant, version.path());
        [endpoint(EndpointVersion::V2), endpoint(EndpointVersion::V1)]
    }
}

//! One call of a token endpoint.

use super::authority::{Authority, Endpoint};
use super::basic::BasicCredentials;
use super::form::{Form, FormError};
use crate::answer::refusal::Refusal;
use crate::clock::Moment;

/// A POST to a token endpoint, before anything about it is believed.
pub(crate) struct Call {
    /// Scheme and host as the client sees them, from the `Host` header: `http://127.0.0.1:8080`.
    pub(crate) origin: String,
    /// The authority as it stands in the path.
    pub(crate) authority: Authority,
    pub(crate) version: EndpointVersion,
    /// What the header `Authorization: Basic` says, if there is one.
    pub(crate) basic: Option<BasicCredentials>,
    pub(crate) form: Result<Form, FormError>,
    pub(crate) now: Moment,
}

/// Which of the two token endpoints of a tenant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndpointVersion {
    V1,
    V2,
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

    /// The token endpoints of the called authority at `origin`.
    pub(crate) fn endpoints_at(&self, origin: &str) -> Vec<String> {
        let endpoints = [Endpoint::Token, Endpoint::TokenV1];
        let address = |endpoint| self.authority.address(origin, endpoint);
        endpoints.into_iter().filter_map(address).collect()
    }
}

//! The client credentials grant: the application for itself (RFC 6749 section 4.4).

use crate::base::secret::Secret;
use crate::http::form::Form;
use crate::request::grant::Grant;

/// The application asks for itself. Its credential is the only proof.
#[derive(Clone, Copy, Debug)]
pub struct ClientCredentials;

impl Grant for ClientCredentials {
    fn kind(&self) -> &'static str {
        "client_credentials"
    }

    fn add_to(&self, form: &mut Form) {
        form.add("grant_type", "client_credentials");
        // Asks for `client_info` as MSAL does for applications: 2, where user flows send 1.
        form.add("client_info", "2");
    }

    fn reserved_scopes(&self) -> &'static [&'static str] {
        &[]
    }

    fn secret(&self) -> Option<&Secret> {
        None
    }

    fn is_for_application(&self) -> bool {
        true
    }
}

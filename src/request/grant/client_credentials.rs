//! The client credentials grant: a token for the application itself (RFC 6749 section 4.4).

use crate::base::secret::Secret;
use crate::http::form::Form;
use crate::request::grant::Grant;

/// Requests a token for the application itself, which authenticates with its credential alone.
#[derive(Clone, Copy, Debug)]
pub struct ClientCredentials;

impl Grant for ClientCredentials {
    fn kind(&self) -> &'static str {
        "client_credentials"
    }

    fn add_to(&self, form: &mut Form) {
        form.add("grant_type", "client_credentials");
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

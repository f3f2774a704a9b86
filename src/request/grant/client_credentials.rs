//! The client credentials grant: the application for itself (RFC 6749 section 4.4).

use crate::http::form::Form;

/// The application proves who it is, and that is all there is to it.
#[derive(Clone, Copy, Debug)]
pub struct ClientCredentials;

impl ClientCredentials {
    pub(super) fn add_to(form: &mut Form) {
        form.add("grant_type", "client_credentials");
        // Asks for `client_info` as MSAL does for applications: 2, where user flows send 1.
        form.add("client_info", "2");
    }
}

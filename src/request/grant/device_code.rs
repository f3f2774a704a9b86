//! The device code grant: the user signs in on another device (RFC 8628 section 3.4; "Microsoft identity platform and
//! the OAuth 2.0 device authorization grant flow").

use std::sync::Arc;

use crate::base::secret::Secret;
use crate::http::form::Form;
use crate::request::grant::Grant;
use crate::request::grant::callers::Callers;
use crate::request::grant::polling::Polling;

/// A device code, which is exchanged for a token once the user has signed in. It can be exchanged once.
#[derive(Clone, Debug)]
pub struct DeviceCode {
    code: Secret,
    polling: Arc<Polling>,
}

impl DeviceCode {
    /// The grant of `code`, which is polled for as `polling` says.
    pub fn new(code: Secret, polling: Arc<Polling>) -> Self {
        Self { code, polling }
    }
}

impl Grant for DeviceCode {
    fn kind(&self) -> &'static str {
        "device_code"
    }

    fn add_to(&self, form: &mut Form) {
        form.add("grant_type", self.polling.grant_type());
        form.add_secret("device_code", &self.code);
    }

    /// They were requested together with the code.
    fn reserved_scopes(&self) -> &'static [&'static str] {
        &[]
    }

    fn secret(&self) -> Option<&Secret> {
        Some(&self.code)
    }

    fn waits_for_user(&self) -> bool {
        true
    }

    fn callers(&self) -> Option<&Callers> {
        Some(self.polling.callers())
    }

    fn polling(&self) -> Option<&Polling> {
        Some(&self.polling)
    }
}

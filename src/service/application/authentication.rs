//! How an application proves itself in a request.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::Application;
use super::endpoint::{Description, SecretPlace};
use crate::base::error::Result;
use crate::base::percent_encoding::push_form_value;
use crate::base::secret::Secret;
use crate::credential::Credential;
use crate::credential::assertion::ASSERTION_TYPE;
use crate::http::form::Form;
use crate::request::grant::Grant;

impl Application {
    /// Adds `client_id` and the credential. Returns the assertion, which was fetched or which it signs, and the credentials
    /// of `Authorization: Basic`.
    pub(super) fn authenticate(
        &self,
        form: &mut Form,
        limit: Duration,
        fetched: Option<Secret>,
        description: &Description,
    ) -> Result<(Option<Secret>, Option<Secret>)> {
        let mut basic = None;
        form.add("client_id", &self.holder.client_id);
        let assertion = match &self.credential {
            Some(Credential::Certificate(_)) => {
                description.check_assertions()?;
                Some(self.assertion_within(limit, description)?)
            }
            Some(Credential::Secret(secret)) => {
                basic = self.place_secret(form, secret, description)?;
                None
            }
            Some(Credential::Assertion(_)) => {
                description.check_assertions()?;
                fetched
            }
            None => None,
        };
        if let Some(assertion) = &assertion {
            form.add("client_assertion_type", ASSERTION_TYPE);
            form.add_secret("client_assertion", assertion);
        }
        Ok((assertion, basic))
    }

    /// What no message about the request may quote.
    pub(super) fn secrets<'a>(&'a self, grant: &'a dyn Grant, assertion: Option<&'a Secret>) -> Vec<&'a Secret> {
        let of_client = self.credential.as_ref().and_then(Credential::secret);
        let of_request = of_client
            .into_iter()
            .chain(assertion)
            .chain(grant.secret())
            .chain(grant.verifier());
        of_request.chain(self.transport.secret()).collect()
    }

    /// The credentials of `Authorization: Basic` for a client secret (RFC 6749 section 2.3.1).
    fn basic(&self, secret: &Secret) -> Secret {
        let (id, secret) = (self.client_id().as_bytes(), secret.expose());
        let mut login = Zeroizing::new(Vec::with_capacity(3 * (id.len() + secret.len()) + 1));
        push_form_value(&mut login, id);
        login.push(b':');
        push_form_value(&mut login, secret);
        let mut value = String::with_capacity(4 * login.len().div_ceil(3));
        STANDARD.encode_string(&*login, &mut value);
        Secret::new(value.into_bytes())
    }

    /// Adds the client secret to the form, or returns the credentials that have it.
    fn place_secret(&self, form: &mut Form, secret: &Secret, description: &Description) -> Result<Option<Secret>> {
        match description.secret_place()? {
            SecretPlace::Body => {
                form.add_secret("client_secret", secret);
                Ok(None)
            }
            SecretPlace::Header => Ok(Some(self.basic(secret))),
        }
    }
}

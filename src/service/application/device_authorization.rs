//! The request for a device code, and its response (RFC 8628 sections 3.1 and 3.2).

use std::time::{Duration, Instant};

use super::Application;
use super::endpoint::Description;
use crate::base::error::Result;
use crate::base::invisible::without_invisible;
use crate::base::secret::Secret;
use crate::credential::Credential;
use crate::http::HttpRequest;
use crate::http::form::Form;
use crate::request::grant::add_scope_and_claims;
use crate::request::scope::{RESERVED, Scopes};
use crate::request::settings::RequestSettings;
use crate::service::assertions;
use crate::service::issuer::Issuer;
use crate::service::requirement;
use crate::service::response::{Asked, Fields};
use crate::service::retry::{Next, Retries};

/// A code for a device, and what its user has to do. Text of the service is on one line, without control characters.
#[derive(Debug)]
pub struct DeviceAuthorization {
    /// What the device polls with.
    pub device_code: Secret,
    /// What the user enters.
    pub user_code: String,
    /// Where the user enters it.
    pub verification_uri: String,
    /// The same with the code in it, if the service has one.
    pub verification_uri_complete: Option<String>,
    /// What the service wants the user to be told, or else the same in English.
    pub message: String,
    /// How long to wait before each poll.
    pub interval: Duration,
    /// When the response arrived.
    pub issued: Instant,
    /// When the code ends.
    pub end: Instant,
}

impl Application {
    /// Requests a code with which a user can sign in on another device. Retries after transient failures. At Microsoft's
    /// services the application does not authenticate here, only when it polls.
    pub fn authorize_device(&self, scopes: &Scopes, settings: &RequestSettings) -> Result<DeviceAuthorization> {
        let correlation_id = settings.correlation_id_or_random()?;
        let deadline = self.clock.monotonic() + settings.timeout.unwrap_or(self.settings.timeout);
        if self.settings.region.is_some() {
            return Err(requirement::no_region_for_users());
        }
        let description = self.description(&correlation_id, deadline)?;
        let endpoint = description.device_authorization_endpoint(self)?;
        let claims = settings.claims_parameter(&self.settings.capabilities);
        let mut retries = Retries::new(self.settings.retries);
        loop {
            self.wait_as_told(self.left(deadline))?;
            let mut form = Form::default();
            let (assertion, basic) = self.identify_device(&mut form, &description, deadline)?;
            add_scope_and_claims(&mut form, &RESERVED, scopes, &self.scope_terms(), claims.as_deref());
            let request = HttpRequest {
                url: &endpoint,
                form: &form,
                correlation_id: correlation_id.as_str(),
                username: "",
                basic: basic.as_ref(),
                timeout: Some(self.left(deadline)),
            };
            let error = match self.device_authorization(&request, assertion.as_ref()) {
                Ok(authorization) => return Ok(authorization),
                Err(error) => error,
            };
            self.throttles.note(self.identity, &error, self.clock.monotonic());
            match retries.next(&error, self.left(deadline)) {
                Next::Again(pause) => self.clock.sleep(pause),
                Next::NoTime => return Err(error.out_of_time()),
                Next::Never => return Err(error),
            }
        }
    }

    /// Adds `client_id`, and authenticates a confidential application at a service that demands it (RFC 8628 section
    /// 3.1). Returns the assertion and the credentials of `Authorization: Basic`, whichever does it.
    fn identify_device(
        &self,
        form: &mut Form,
        description: &Description,
        deadline: Instant,
    ) -> Result<(Option<Secret>, Option<Secret>)> {
        if !self.authority.needs_discovery() {
            form.add("client_id", &self.holder.client_id);
            return Ok((None, None));
        }
        let fetched = assertions::fetched(
            self.credential.as_ref(),
            &self.authority,
            description.token_endpoint(self),
            self.client_id(),
            &*self.clock,
            deadline,
        )?;
        self.authenticate(form, self.left(deadline), fetched, description)
    }

    fn device_authorization(&self, request: &HttpRequest, assertion: Option<&Secret>) -> Result<DeviceAuthorization> {
        let answer = self.transport.post(request)?;
        if let Some(date) = &answer.date {
            self.service_clock.observe(date, self.clock.now());
        }
        let of_client = self.credential.as_ref().and_then(Credential::secret);
        let of_request = of_client.into_iter().chain(assertion).chain(request.basic);
        let secrets: Vec<&Secret> = of_request.chain(self.transport.secret()).collect();
        let asked = Asked {
            endpoint: request.url,
            correlation_id: request.correlation_id,
            secrets: &secrets,
            sent_refresh_token: false,
            now: self.now().wall,
        };
        read(Fields::read(&answer, &asked)?, self.clock.monotonic())
    }
}

/// Where the service does not say how long to wait (RFC 8628 section 3.2).
const DEFAULT_INTERVAL: Duration = Duration::from_secs(5);

/// The longest life of a code that is believed. Those of Entra live 15 minutes.
const LONGEST_LIFE: Duration = Duration::from_secs(3600);

/// In bytes. The message of Entra has about 150.
const LONGEST_MESSAGE: usize = 1024;

fn read(mut fields: Fields, now: Instant) -> Result<DeviceAuthorization> {
    let device_code = fields.take_secret("device_code")?;
    let device_code = device_code.ok_or_else(|| fields.malformed("has no device_code"))?;
    let user_code = fields.take_text("user_code").and_then(|text| shown(&text));
    let user_code = user_code.ok_or_else(|| fields.malformed("has no user_code that can be shown"))?;
    // The first version of the endpoint writes the second name.
    let verification_uri = fields.take_text("verification_uri");
    let verification_uri = verification_uri.or_else(|| fields.take_text("verification_url"));
    let verification_uri = verification_uri.and_then(|text| shown(&text));
    let verification_uri =
        verification_uri.ok_or_else(|| fields.malformed("has no verification_uri that can be shown"))?;
    let life = fields.seconds("expires_in")?;
    let life = life.ok_or_else(|| fields.malformed("has no expires_in"))?;
    let interval = fields.number("interval").filter(|seconds| *seconds >= 1);
    let interval = interval.map_or(DEFAULT_INTERVAL, |seconds| {
        Duration::from_secs(seconds).min(LONGEST_LIFE)
    });
    let own = format!("To sign in, open the page {verification_uri} in a web browser and enter the code {user_code}.");
    let message = match fields.take_text("message").and_then(|text| shown(&text)) {
        Some(message) if message.contains(&user_code) && message.contains(&verification_uri) => message,
        Some(message) => shown(&format!("{own} {message}")).unwrap_or(own),
        None => own,
    };
    Ok(DeviceAuthorization {
        device_code,
        user_code,
        verification_uri,
        verification_uri_complete: fields
            .take_text("verification_uri_complete")
            .and_then(|text| shown(&text)),
        message,
        interval,
        issued: now,
        end: now + life.min(LONGEST_LIFE),
    })
}

/// Text of the service on one line, without characters that a terminal would obey or that turn text around, and no
/// longer than a message. `None` if nothing of it can be seen.
fn shown(text: &str) -> Option<String> {
    let words = text.split_whitespace().map(without_invisible);
    let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let mut end = line.len().min(LONGEST_MESSAGE);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    (!line.is_empty()).then(|| line[..end].to_owned())
}

//! An application at an authority, with its credential: sends token requests and reads the responses.

mod attempt;
mod authentication;
#[cfg(feature = "flows")]
mod authorization;
#[cfg(feature = "flows")]
mod device_authorization;
mod endpoint;
mod issued;
#[cfg(feature = "flows")]
mod polling;

#[cfg(feature = "flows")]
pub use authorization::AuthorizationRequest;
#[cfg(feature = "flows")]
pub use device_authorization::DeviceAuthorization;

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::authority::Authority;
#[cfg(feature = "flows")]
use crate::authority::region;
use crate::base::clock::{Clock, Moment};
use crate::base::correlation_id::CorrelationId;
use crate::base::digest::Digest;
use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;
use crate::credential::Credential;
use crate::credential::assertion::{AssertionSettings, client_assertion};
use crate::http::HttpRequest;
use crate::http::form::Form;
use crate::http::transport::Transport;
use crate::request::Request;
use crate::request::claims::Capabilities;
use crate::request::grant::{self, Grant};
use crate::service::advice::{Sent, advised};
use crate::service::assertions;
use crate::service::client_id;
use crate::service::clock::ServiceClock;
#[cfg(feature = "flows")]
use crate::service::discovery::Discovery;
use crate::service::issuer::Issuer;
#[cfg(feature = "flows")]
use crate::service::region::RegionSource;
use crate::service::requirement;
use crate::service::response::{self, Asked};
use crate::service::retry::{Next, Retries};
use crate::service::throttle::Throttles;
use crate::token::{Holder, Token};
use attempt::Attempt;
use endpoint::Description;

/// How an application requests tokens.
#[derive(Clone, Debug)]
pub struct ServiceSettings {
    /// How client assertions are made.
    pub assertion: AssertionSettings,
    /// What the client tells the service that it can do.
    pub capabilities: Capabilities,
    /// How often a request is sent again after a transient failure, within the time limit.
    pub retries: u32,
    /// The time limit of a call whose request sets none.
    pub timeout: Duration,
    /// The region whose token service answers requests of the application; `None` for the authority's own.
    #[cfg(feature = "flows")]
    pub region: Option<Arc<dyn RegionSource>>,
}

/// An application that requests tokens from an authority with its credential.
pub struct Application {
    authority: Authority,
    /// The scope for requests that name none.
    default_scope: Arc<str>,
    holder: Arc<Holder>,
    credential: Option<Credential>,
    settings: ServiceSettings,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    service_clock: ServiceClock,
    throttles: Arc<Throttles>,
    identity: Digest,
    /// The authority's metadata, if only they tell its endpoints.
    #[cfg(feature = "flows")]
    discovery: Option<Discovery>,
}

impl Application {
    /// An application at `authority`. Without a credential it is a public client, which gets tokens for users only.
    ///
    /// `throttles` is shared with other clients of the same application.
    pub fn new(
        authority: Authority,
        client_id: &str,
        credential: Option<Credential>,
        settings: ServiceSettings,
        throttles: Arc<Throttles>,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        let client_id = client_id::checked(client_id)?;
        #[cfg(feature = "flows")]
        if settings.region.is_some() {
            region::check(&authority)?;
        }
        let proof = credential
            .as_ref()
            .map_or_else(|| Digest::of(&[b"public"]), Credential::digest);
        let names = [authority.token_endpoint(), &authority.default_scope(), &client_id].map(str::to_lowercase);
        let [endpoint, scope, client] = names.each_ref().map(String::as_bytes);
        let capabilities = settings.capabilities.text();
        let identity = Digest::of(&[endpoint, scope, client, proof.as_bytes(), capabilities.as_bytes()]);
        let holder = Holder {
            tenant_id: authority.tenant().to_owned(),
            client_id,
        };
        Ok(Self {
            #[cfg(feature = "flows")]
            discovery: authority
                .needs_discovery()
                .then(|| Discovery::new(authority.token_endpoint(), authority.discovery_endpoint())),
            default_scope: authority.default_scope().into(),
            authority,
            holder: Arc::new(holder),
            credential,
            settings,
            transport,
            clock,
            service_clock: ServiceClock::default(),
            throttles,
            identity,
        })
    }

    /// The authority, which names the tenant and the token endpoint.
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// The application's id.
    pub fn client_id(&self) -> &str {
        &self.holder.client_id
    }

    /// The application's credential; `None` for a public client.
    pub fn credential(&self) -> Option<&Credential> {
        self.credential.as_ref()
    }

    /// A new client assertion, as the next request would send it. Requires a certificate.
    pub fn assertion(&self) -> Result<Secret> {
        let limit = self.settings.timeout;
        let deadline = self.clock.monotonic() + limit;
        let description = self.description(&CorrelationId::random()?, deadline)?;
        self.assertion_within(limit, &description)
    }

    fn assertion_within(&self, limit: Duration, description: &Description) -> Result<Secret> {
        let Some(Credential::Certificate(credential)) = &self.credential else {
            return Err(Error::new(
                Status::CredentialMissing,
                "The client has no certificate to sign a client assertion with.",
                "Use a certificate with its private key as the client's credential.",
            ));
        };
        let end = self.clock.monotonic() + limit;
        client_assertion(
            credential,
            &self.holder.client_id,
            description.token_endpoint(self),
            &self.settings.assertion,
            self.authority.default_algorithm(),
            self.now().wall,
            || end.saturating_duration_since(self.clock.monotonic()),
        )
    }
}

impl Issuer for Application {
    /// Identifies authority, application and credential.
    fn identity(&self) -> Digest {
        self.identity
    }

    /// The current time. The wall clock is corrected by the service's time, if that is known.
    fn now(&self) -> Moment {
        Moment {
            wall: self.service_clock.now(self.clock.now()),
            monotonic: self.clock.monotonic(),
        }
    }

    fn clock_skew(&self) -> i64 {
        self.service_clock.skew()
    }

    /// A user who signs in on another device has as much time as the device's code is valid, one in a browser five
    /// minutes.
    fn time_limit(&self, request: &Request) -> Duration {
        #[cfg(feature = "flows")]
        if request.settings().timeout.is_none() {
            if let Some(polling) = request.grant().polling() {
                return self.left(polling.end());
            }
            if request.grant().authorization().is_some() {
                return SIGN_IN_TIMEOUT;
            }
        }
        request.settings().timeout.unwrap_or(self.settings.timeout)
    }

    fn renews_by_itself(&self, request: &Request) -> bool {
        request.grant().is_for_application() && self.may_repeat()
    }

    /// Each attempt has a new assertion and the same correlation id. If the time limit ends during a retry, the error of
    /// the attempt before it is returned, because it says more than a timeout.
    fn issue(&self, request: &Request, grant: &dyn Grant, began: Instant) -> Result<Token> {
        requirement::check(grant, self.credential.as_ref(), &self.authority)?;
        requirement::check_scopes(grant, request.scopes(), &self.authority)?;
        #[cfg(feature = "flows")]
        if self.settings.region.is_some() && !grant.is_for_application() {
            return Err(requirement::no_region_for_users());
        }
        let correlation_id = request.settings().correlation_id_or_random()?;
        let deadline = began + self.time_limit(request);
        let description = self.description(&correlation_id, deadline)?;
        let call = Call {
            request,
            grant,
            description: &description,
            correlation_id,
            deadline,
        };
        #[cfg(feature = "flows")]
        if let Some(polling) = grant.polling() {
            return self.poll(&call, polling);
        }
        #[cfg(feature = "flows")]
        if let Some(authorization) = grant.authorization() {
            return self.exchange(&call, authorization);
        }
        let left = || self.left(call.deadline);
        let mut retries = Retries::new(if self.may_repeat() { self.settings.retries } else { 0 });
        let mut corrections = assertions::corrections(self.credential.as_ref());
        // None keeps the transport's own limit, which is right until some of the call's time is used up.
        let has_waited = self.clock.monotonic().saturating_duration_since(began) > Self::UNNOTICED;
        let has_own_limit = has_waited || request.settings().timeout.is_some();
        let mut limit = has_own_limit.then(left);
        let mut before: Option<Error> = None;
        loop {
            if self.wait_as_told(left())? {
                limit = Some(left());
            }
            match self.attempt(&call, limit, &mut corrections)? {
                Attempt::Issued(token) => return Ok(token),
                Attempt::Corrected => {}
                Attempt::Refused(error) => {
                    let pause = match retries.next(&error, left()) {
                        Next::Again(pause) => pause,
                        Next::NoTime => {
                            let told = before.filter(|_| error.status() == Status::RequestTimeout);
                            return Err(told.unwrap_or(error).out_of_time());
                        }
                        Next::Never => return Err(error),
                    };
                    log::info!("retrying in {} ms after: {error}", pause.as_millis());
                    self.clock.sleep(pause);
                    before = Some(error);
                }
            }
            limit = Some(left());
        }
    }
}

/// How long a user may take to sign in in a browser.
#[cfg(feature = "flows")]
const SIGN_IN_TIMEOUT: Duration = Duration::from_secs(300);

/// One call for a token.
struct Call<'a> {
    request: &'a Request,
    grant: &'a dyn Grant,
    description: &'a Description,
    correlation_id: CorrelationId,
    deadline: Instant,
}

impl Application {
    /// A call that waited no longer than this still has its whole time limit.
    const UNNOTICED: Duration = Duration::from_millis(100);

    /// Whether a request may be sent more than once. One with an assertion that was given as text may not: services
    /// accept it once.
    fn may_repeat(&self) -> bool {
        assertions::may_repeat(self.credential.as_ref())
    }

    /// Sleeps for as long as the service has asked this application to wait, and returns whether it slept.
    ///
    /// # Errors
    /// The service's answer, when the wait is longer than the time that is `left`.
    fn wait_as_told(&self, left: Duration) -> Result<bool> {
        match self.throttles.wait(self.identity, self.clock.monotonic()) {
            None => Ok(false),
            Some((wait, _)) if wait < left => {
                self.clock.sleep(wait);
                Ok(true)
            }
            Some((_, error)) => Err(error.out_of_time()),
        }
    }

    fn left(&self, deadline: Instant) -> Duration {
        deadline.saturating_duration_since(self.clock.monotonic())
    }

    fn ask(&self, call: &Call, limit: Option<Duration>, fetched: Option<Secret>) -> Result<Token> {
        let Call {
            request,
            grant,
            description,
            correlation_id,
            ..
        } = *call;
        let mut form = Form::default();
        let began = self.clock.monotonic();
        let whole = limit.unwrap_or(self.settings.timeout);
        let (assertion, basic) = self.authenticate(&mut form, whole, fetched, description)?;
        // An external signer may have used up some of the call's time.
        let signing = self.clock.monotonic().saturating_duration_since(began);
        let limit = limit
            .or((signing > Self::UNNOTICED).then_some(whole))
            .map(|limit| limit.saturating_sub(signing));
        let claims = request.settings().claims_parameter(&self.settings.capabilities);
        grant::add_fields(
            &mut form,
            grant,
            request.scopes(),
            &self.scope_terms(),
            claims.as_deref(),
        );

        let endpoint = description.token_endpoint(self);
        log::debug!(
            "asking {endpoint} for a token of client {}, correlation id {correlation_id}",
            self.holder.client_id
        );
        let started = self.clock.monotonic();
        let answer = self.post(&HttpRequest {
            url: endpoint,
            form: &form,
            correlation_id: correlation_id.as_str(),
            username: grant.username().unwrap_or_default(),
            basic: basic.as_ref(),
            timeout: limit,
        })?;
        log::debug!(
            "{endpoint} answered HTTP {} after {} ms",
            answer.status,
            (self.clock.monotonic() - started).as_millis()
        );
        if let Some(date) = &answer.date {
            self.service_clock.observe(date, self.clock.now());
        }

        let now = self.now().wall;
        let mut secrets = self.secrets(grant, assertion.as_ref());
        secrets.extend(&basic);
        let asked = Asked {
            endpoint,
            correlation_id: correlation_id.as_str(),
            secrets: &secrets,
            sent_refresh_token: grant.refresh_token().is_some(),
            now,
        };
        let response = response::read(&answer, &asked).map_err(|error| {
            let sent = Sent {
                endpoint,
                client_id: &self.holder.client_id,
                credential: self.credential.as_ref(),
                assertion: assertion.as_ref(),
                grant,
                scopes: request.scopes(),
                default_scope: &self.default_scope,
                tenant: self.authority.tenant(),
                challenge: request.settings().challenge.as_ref(),
                now,
            };
            advised(error, &sent)
        })?;
        Ok(self.token(response, request.scopes(), grant, correlation_id, now))
    }
}

//! The issuer of tokens for a managed identity.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use crate::base::clock::{Clock, Moment};
use crate::base::digest::Digest;
use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;
use crate::http::HttpAnswer;
use crate::http::metadata::{MetadataRequest, MetadataTransport};
use crate::managed_identity::answer::{self, Issued};
use crate::managed_identity::failure::{self, Asked};
use crate::managed_identity::key_file::{self, KeyFolder};
use crate::managed_identity::platform::Platform;
use crate::managed_identity::resource::resource;
use crate::managed_identity::retry::Retries;
use crate::managed_identity::service_fabric;
use crate::managed_identity::source::Source;
use crate::request::Request;
use crate::request::grant::Grant;
use crate::service::issuer::Issuer;
use crate::service::retry::Next;
use crate::token::{Holder, Token};

/// The time limit of one attempt.
const ATTEMPT_LIMIT: Duration = Duration::from_secs(30);

/// From this lifetime on, a token is renewed in the middle of it (MSAL.NET `ManagedIdentityResponse.cs`).
const LONG_LIFETIME: Duration = Duration::from_secs(2 * 3600);

/// The managed identity of this machine.
pub struct ManagedIdentity {
    pub(super) platform: Platform,
    pub(super) endpoint: String,
    client_id: String,
    pub(super) default_scope: Arc<str>,
    retries: u32,
    timeout: Duration,
    pub(super) transport: Arc<dyn MetadataTransport>,
    clock: Arc<dyn Clock>,
    identity: Digest,
    /// Whether a claims challenge could not be passed on.
    left_out_claims: AtomicBool,
}

impl ManagedIdentity {
    /// What the caller should know about the tokens so far; empty if there is nothing.
    pub fn warning(&self) -> &'static str {
        if self.left_out_claims.load(Ordering::Relaxed) {
            "A managed identity cannot answer a claims challenge: the new token was requested without the claims."
        } else {
            ""
        }
    }

    /// The identity that `platform` gives. `client_id` is that of a user-assigned one, if the caller named it so.
    ///
    /// `default_scope` is for requests without scopes, and `timeout` for those without a time limit.
    pub fn new(
        platform: Platform,
        client_id: &str,
        default_scope: &str,
        (retries, timeout): (u32, Duration),
        transport: Arc<dyn MetadataTransport>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let endpoint = platform.endpoint();
        let parameters: Vec<_> = platform
            .parameters
            .iter()
            .flat_map(|(name, value)| [*name, value.as_str()])
            .collect();
        let headers: Vec<_> = platform
            .headers
            .iter()
            .map(|(name, value)| Digest::of_secret(name.as_bytes(), value))
            .collect();
        let mut parts = vec![&b"managed identity"[..], endpoint.as_bytes(), default_scope.as_bytes()];
        parts.extend(parameters.iter().map(|text| text.as_bytes()));
        parts.extend(headers.iter().map(Digest::as_bytes));
        Self {
            identity: Digest::of(&parts),
            left_out_claims: AtomicBool::new(false),
            endpoint,
            client_id: client_id.to_owned(),
            default_scope: default_scope.into(),
            retries,
            timeout,
            platform,
            transport,
            clock,
        }
    }

    /// Where requests are sent, without the query.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The client id of the identity, if the caller named it so; otherwise empty.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }
}

impl Issuer for ManagedIdentity {
    /// Identifies the platform, the identity and what the platform's headers prove.
    fn identity(&self) -> Digest {
        self.identity
    }

    /// The current time by this machine's clock: platforms are on the machine itself.
    fn now(&self) -> Moment {
        Moment {
            wall: self.clock.now(),
            monotonic: self.clock.monotonic(),
        }
    }

    fn clock_skew(&self) -> i64 {
        0
    }

    fn time_limit(&self, request: &Request) -> Duration {
        request.settings().timeout.unwrap_or(self.timeout)
    }

    fn renews_by_itself(&self, _: &Request) -> bool {
        true
    }

    fn issue(&self, request: &Request, grant: &dyn Grant, began: Instant) -> Result<Token> {
        self.issue_with(request, grant, began, None)
    }

    fn reissue(&self, request: &Request, grant: &dyn Grant, began: Instant, refused: &Secret) -> Result<Token> {
        self.issue_with(request, grant, began, Some(refused))
    }
}

impl ManagedIdentity {
    fn issue_with(
        &self,
        request: &Request,
        grant: &dyn Grant,
        began: Instant,
        refused: Option<&Secret>,
    ) -> Result<Token> {
        refuse_user(grant)?;
        let resource = resource(request.scopes(), &self.default_scope)?;
        let parameters = self.for_challenge(request, refused);
        let deadline = began + self.time_limit(request);
        let left = || deadline.saturating_duration_since(self.clock.monotonic());
        let mut retries = Retries::new(self.platform.source, self.retries);
        loop {
            let error = match self.ask_once(resource, &parameters, left().min(ATTEMPT_LIMIT)) {
                Ok(issued) => return Ok(self.token(issued, request)),
                Err(error) => error,
            };
            match retries.next(&error, left()) {
                Next::Again(pause) => {
                    log::info!("retrying in {} ms after: {error}", pause.as_millis());
                    self.clock.sleep(pause);
                }
                Next::NoTime => return Err(error.out_of_time()),
                Next::Never => return Err(error),
            }
        }
    }

    /// The parameters that answer a claims challenge. Service Fabric alone takes any: never the claims themselves, but
    /// which of its tokens was refused. The others are asked for a new token without them.
    fn for_challenge(&self, request: &Request, refused: Option<&Secret>) -> Vec<(&'static str, String)> {
        if request.settings().claims.is_none() && request.settings().challenge.is_none() {
            return Vec::new();
        }
        if self.platform.source != Source::ServiceFabric {
            self.left_out_claims.store(true, Ordering::Relaxed);
            return Vec::new();
        }
        service_fabric::challenge_parameters(refused)
    }

    fn ask_once(&self, resource: &str, parameters: &[(&str, String)], limit: Duration) -> Result<Issued> {
        log::debug!("asking {} for a token for {resource}", self.endpoint);
        let began = self.clock.monotonic();
        let answer = self.send(resource, parameters, None, limit)?;
        let mut secrets = self.platform.secrets();
        let key;
        let answer = match &self.platform.key_folder {
            None => answer,
            Some(folder) => {
                key = self.key_for(&answer, folder, resource)?;
                secrets.push(&key);
                let spent = self.clock.monotonic().saturating_duration_since(began);
                let authorization = Secret::new([b"Basic ", key.expose()].concat());
                self.send(resource, parameters, Some(&authorization), limit.saturating_sub(spent))?
            }
        };
        log::debug!("{} answered HTTP {}", self.endpoint, answer.status);
        answer::read(&answer, &self.asked(resource, &secrets), self.clock.now())
    }

    /// The key that answers the challenge of Azure Arc's agent. A token without a challenge is refused: nothing would have
    /// shown that the agent issued it.
    fn key_for(&self, answer: &HttpAnswer, folder: &KeyFolder, resource: &str) -> Result<Secret> {
        let asked = self.asked(resource, &[]);
        if answer.status == 200 {
            return Err(failure::malformed("came without a challenge", answer, &asked));
        }
        if answer.status != 401 {
            // An error, or a page of something else.
            return Err(match answer::read(answer, &asked, self.clock.now()) {
                Err(error) => error,
                Ok(_) => failure::malformed("came without a challenge", answer, &asked),
            });
        }
        let path = answer.challenge.as_deref().and_then(key_file::path_in);
        let path = path.ok_or_else(|| failure::malformed("has no challenge with the path of a key", answer, &asked))?;
        folder.read(path)
    }

    fn asked<'a>(&'a self, resource: &'a str, secrets: &'a [&'a Secret]) -> Asked<'a> {
        Asked {
            source: self.platform.source,
            endpoint: &self.endpoint,
            resource,
            secrets,
        }
    }

    fn send(
        &self,
        resource: &str,
        parameters: &[(&str, String)],
        authorization: Option<&Secret>,
        timeout: Duration,
    ) -> Result<HttpAnswer> {
        let mut form = self.platform.form(resource);
        for (name, value) in parameters {
            form.add(name, value);
        }
        let own = self.platform.headers.iter().map(|(name, value)| (*name, value));
        let headers: Vec<_> = own.chain(authorization.map(|value| ("Authorization", value))).collect();
        let is_post = self.platform.is_post;
        let url = if is_post {
            self.endpoint.clone()
        } else {
            self.platform.endpoint.url(&form)
        };
        self.transport.send(&MetadataRequest {
            url: &url,
            headers: &headers,
            form: is_post.then_some(&form),
            timeout,
        })
    }

    fn token(&self, issued: Issued, request: &Request) -> Token {
        let now = self.clock.now();
        let lifetime = issued.expires_on.duration_since(now).unwrap_or_default();
        Token {
            access_token: issued.access_token,
            scopes: request
                .scopes()
                .text()
                .map_or_else(|| Arc::clone(&self.default_scope), Arc::clone),
            holder: Arc::new(Holder {
                tenant_id: String::new(),
                client_id: issued.client_id.unwrap_or_else(|| self.client_id.clone()),
            }),
            user: None,
            expires_on: issued.expires_on,
            refresh_on: (lifetime > LONG_LIFETIME).then(|| renewal(now, lifetime)),
            correlation_id: None,
        }
    }
}

fn renewal(now: SystemTime, lifetime: Duration) -> SystemTime {
    now + lifetime / 2
}

/// Platforms issue tokens for machines only.
fn refuse_user(grant: &dyn Grant) -> Result<()> {
    if grant.is_for_application() {
        return Ok(());
    }
    Err(Error::new(
        Status::InvalidArgument,
        "A managed identity cannot get a token for a user.",
        "Leave out the user's credential, or use an application with its own credential in place of the managed \
         identity.",
    ))
}

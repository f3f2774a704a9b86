//! The client: an application at an authority, with its proof, that acquires tokens.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::Value;

use crate::assertion::{ASSERTION_TYPE, client_assertion};
use crate::authority::Authority;
use crate::cache::{CacheKey, TokenCache};
use crate::cancel::Cancel;
use crate::clock::{Clock, SystemClock};
use crate::correlation::random_uuid;
use crate::credential::Credential;
use crate::digest::Digest;
use crate::error::{Error, Result, Status};
use crate::flight::{Boarding, Flights, Pilot};
use crate::form::Form;
use crate::grant::Grant;
use crate::http::HttpRequest;
use crate::https::HttpsTransport;
use crate::jwt::BASE64URL;
use crate::options::{CachePlace, ClientSettings};
use crate::request::Request;
use crate::response::{self, Asked, TokenResponse};
use crate::secret::Secret;
use crate::token::{AcquiredToken, Token, TokenSource};
use crate::transport::Transport;

/// Acquires tokens. Copies share the connections and the cache; any thread may use any of them at any time.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    authority: Authority,
    client_id: String,
    credential: Option<Credential>,
    settings: ClientSettings,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    /// What it shares with others who want the same; `None` when it keeps nothing.
    shared: Option<Shared>,
    digest: Digest,
}

/// The tokens that are there, and those that are on their way.
struct Shared {
    cache: Arc<TokenCache>,
    flights: Arc<Flights>,
}

impl Client {
    /// An application at the tenant or authority that `tenant` and the settings name. Without a credential it is a
    /// public client, which can only ask for users.
    pub fn new(
        tenant: &str,
        client_id: &str,
        credential: Option<Credential>,
        settings: ClientSettings,
    ) -> Result<Self> {
        let authority = Authority::new(tenant, settings.authority.as_deref(), settings.cloud)?;
        let transport = HttpsTransport::shared(&settings.transport, authority.token_endpoint())?;
        Self::with_parts(
            authority,
            client_id,
            credential,
            settings,
            transport,
            Arc::new(SystemClock),
        )
    }

    /// The same with the network and the time given, for tests.
    pub fn with_parts(
        authority: Authority,
        client_id: &str,
        credential: Option<Credential>,
        settings: ClientSettings,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        let client_id = check_client_id(client_id)?;
        let shared = match settings.cache {
            CachePlace::Client => Some(Shared {
                cache: Arc::default(),
                flights: Arc::default(),
            }),
            CachePlace::Process => Some(Shared {
                cache: TokenCache::of_process(),
                flights: Flights::of_process(),
            }),
            CachePlace::None => None,
        };
        let proof = credential
            .as_ref()
            .map_or_else(|| Digest::of(&[b"public"]), Credential::digest);
        let identity = [authority.token_endpoint(), &authority.default_scope(), &client_id].map(str::to_lowercase);
        let digest = Digest::of(&[
            identity[0].as_bytes(),
            identity[1].as_bytes(),
            identity[2].as_bytes(),
            proof.as_bytes(),
        ]);
        let inner = Inner {
            authority,
            client_id,
            credential,
            settings,
            transport,
            clock,
            shared,
            digest,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// A token for `request`: from the cache, or from the service when none there lives long enough.
    ///
    /// Callers who want the same token at the same time share one request. A token whose renewal is due is still given,
    /// and renewed in the background. `cancel` ends the wait from another thread.
    pub fn acquire(&self, request: &Request, cancel: Option<&Cancel>) -> Result<AcquiredToken> {
        let inner = &self.inner;
        let key = CacheKey {
            client: inner.digest,
            request: request.digest(),
        };
        let Some(shared) = inner.shared.as_ref().filter(|_| !request.settings().force_refresh) else {
            return inner.fetch_apart(key, request, cancel);
        };
        let mut deadline = None;
        loop {
            if let Some(token) = inner.cached(shared, key, request) {
                return Ok(token);
            }
            let deadline = *deadline.get_or_insert_with(|| Instant::now() + inner.time_limit(request));
            match shared.flights.board(key, deadline) {
                Boarding::Pilot(pilot) => return inner.fly(pilot, key, request, cancel),
                Boarding::Passenger(flight) => {
                    if let Some(result) = flight.wait(deadline, cancel) {
                        return result.map(from_cache);
                    }
                }
            }
        }
    }

    /// A fresh client assertion, as the next request would send it. Needs a certificate.
    pub fn assertion(&self, cancel: Option<&Cancel>) -> Result<Secret> {
        let inner = Arc::clone(&self.inner);
        cancellable(cancel, move || inner.assertion())
    }

    /// Where and for which tenant tokens are asked.
    pub fn authority(&self) -> &Authority {
        &self.inner.authority
    }
}

impl Inner {
    /// The token in the cache, if it lives long enough. Starts its renewal when that is due.
    fn cached(self: &Arc<Self>, shared: &Shared, key: CacheKey, request: &Request) -> Option<AcquiredToken> {
        let minimum_lifetime = request.settings().minimum_lifetime;
        let hit = shared.cache.get(&key, self.clock.now(), minimum_lifetime)?;
        if hit.renewal_due && self.renews_by_itself(request) {
            self.renew(shared, key, request);
        }
        Some(from_cache(hit.token))
    }

    /// A user's password or refresh token is only used when the user's program asks for it, and a ready-made assertion
    /// is used once.
    fn renews_by_itself(&self, request: &Request) -> bool {
        request.grant().is_for_application() && !matches!(self.credential, Some(Credential::Assertion(_)))
    }

    /// Asks the service in the background, unless somebody is asking already. A failure costs nobody anything: the old
    /// token is still good, and a later call tries again.
    fn renew(self: &Arc<Self>, shared: &Shared, key: CacheKey, request: &Request) {
        let deadline = Instant::now() + self.time_limit(request);
        let Boarding::Pilot(pilot) = shared.flights.board(key, deadline) else {
            return;
        };
        let (inner, request) = (Arc::clone(self), request.clone());
        let renewal = move || {
            let result = inner.fetch_and_keep(key, &request);
            if let Err(error) = &result {
                log::warn!("a token could not be renewed early and is still used: {error}");
            }
            pilot.land(&result);
        };
        if let Err(error) = thread::Builder::new()
            .name("graphtoken-renewal".to_owned())
            .spawn(renewal)
        {
            log::warn!("no thread could be started to renew a token early: {error}");
        }
    }

    /// As the pilot of a flight.
    fn fly(
        self: &Arc<Self>,
        pilot: Pilot,
        key: CacheKey,
        request: &Request,
        cancel: Option<&Cancel>,
    ) -> Result<AcquiredToken> {
        let (inner, request) = (Arc::clone(self), request.clone());
        cancellable(cancel, move || {
            // A flight may have landed between this caller's look into the cache and its boarding.
            let landed = inner
                .shared
                .as_ref()
                .and_then(|shared| inner.cached(shared, key, &request));
            if let Some(token) = landed {
                pilot.land(&Ok(Arc::clone(&token.token)));
                return Ok(token);
            }
            let result = inner.fetch_and_keep(key, &request);
            pilot.land(&result);
            result.map(from_network)
        })
    }

    /// For one caller alone.
    fn fetch_apart(
        self: &Arc<Self>,
        key: CacheKey,
        request: &Request,
        cancel: Option<&Cancel>,
    ) -> Result<AcquiredToken> {
        let (inner, request) = (Arc::clone(self), request.clone());
        cancellable(cancel, move || inner.fetch_and_keep(key, &request).map(from_network))
    }

    fn fetch_and_keep(&self, key: CacheKey, request: &Request) -> Result<Arc<Token>> {
        let token = Arc::new(self.fetch(request)?);
        if let Some(shared) = &self.shared {
            shared.cache.put(key, Arc::clone(&token), self.clock.now());
        }
        Ok(token)
    }

    fn time_limit(&self, request: &Request) -> Duration {
        request.settings().timeout.unwrap_or(self.settings.transport.timeout)
    }

    fn fetch(&self, request: &Request) -> Result<Token> {
        let correlation_id = request.settings().correlation_id.clone().map_or_else(random_uuid, Ok)?;
        let mut form = Form::default();
        let assertion = self.authenticate(&mut form, request)?;
        let claims = request.settings().claims.as_deref();
        request
            .grant()
            .add_to(&mut form, request.scopes(), &self.authority.default_scope(), claims);

        let endpoint = self.authority.token_endpoint();
        log::debug!(
            "asking {endpoint} for a token of client {}, correlation id {correlation_id}",
            self.client_id
        );
        let started = Instant::now();
        let answer = self.transport.post(&HttpRequest {
            url: endpoint,
            form: &form,
            correlation_id: &correlation_id,
            username: request.grant().username(),
            timeout: request.settings().timeout,
        })?;
        log::debug!(
            "{endpoint} answered HTTP {} after {} ms",
            answer.status,
            started.elapsed().as_millis()
        );

        let now = self.clock.now();
        let secrets = self.secrets(request, assertion.as_ref());
        let asked = Asked {
            endpoint,
            correlation_id: &correlation_id,
            secrets: &secrets,
            now,
        };
        Ok(self.token(response::read(&answer, &asked)?, request, correlation_id.clone(), now))
    }

    /// Adds `client_id` and the proof, and returns the assertion that was made for it.
    fn authenticate(&self, form: &mut Form, request: &Request) -> Result<Option<Secret>> {
        form.add("client_id", &self.client_id);
        match &self.credential {
            Some(Credential::Certificate(_)) => {
                let assertion = self.assertion()?;
                form.add("client_assertion_type", ASSERTION_TYPE);
                form.add_secret("client_assertion", &assertion);
                return Ok(Some(assertion));
            }
            Some(Credential::Secret(secret)) => form.add_secret("client_secret", secret),
            Some(Credential::Assertion(assertion)) => {
                form.add("client_assertion_type", ASSERTION_TYPE);
                form.add_secret("client_assertion", assertion);
            }
            None if request.grant().is_for_application() => {
                return Err(Error::new(
                    Status::CredentialMissing,
                    "An application that asks for itself must prove who it is, and no credential is given.",
                    "Give a certificate, a client secret or a client assertion, or ask for a user.",
                ));
            }
            None => {}
        }
        Ok(None)
    }

    fn assertion(&self) -> Result<Secret> {
        let Some(Credential::Certificate(credential)) = &self.credential else {
            return Err(Error::new(
                Status::CredentialMissing,
                "A client assertion is signed with a certificate's key, and this client has no certificate.",
                "Give a certificate with its private key.",
            ));
        };
        client_assertion(
            credential,
            &self.client_id,
            self.authority.token_endpoint(),
            &self.settings.assertion,
            self.authority.is_adfs(),
            self.clock.now(),
        )
    }

    fn secrets<'a>(&'a self, request: &'a Request, assertion: Option<&'a Secret>) -> Vec<&'a Secret> {
        let of_client = match &self.credential {
            Some(Credential::Secret(secret) | Credential::Assertion(secret)) => Some(secret),
            Some(Credential::Certificate(_)) | None => None,
        };
        of_client
            .into_iter()
            .chain(assertion)
            .chain(request.grant().secret())
            .collect()
    }

    fn token(
        &self,
        response: TokenResponse,
        request: &Request,
        correlation_id: String,
        now: std::time::SystemTime,
    ) -> Token {
        let asked = if request.scopes().is_empty() {
            vec![self.authority.default_scope()]
        } else {
            request.scopes().as_slice().to_vec()
        };
        let username = response.id_token.as_ref().and_then(username_of).unwrap_or_default();
        Token {
            scopes: response.scope.map_or(asked, |scope| {
                scope.split_ascii_whitespace().map(str::to_owned).collect()
            }),
            refresh_token: response.refresh_token.or_else(|| match request.grant() {
                Grant::RefreshToken(grant) => Some(grant.token().clone()),
                Grant::ClientCredentials(_) | Grant::Password(_) => None,
            }),
            expires_on: now + response.expires_in,
            refresh_on: response.refresh_in.map(|after| now + after),
            username: if username.is_empty() {
                request.grant().username().to_owned()
            } else {
                username
            },
            access_token: response.access_token,
            id_token: response.id_token,
            token_type: response.token_type,
            tenant_id: self.authority.tenant().to_owned(),
            client_id: self.client_id.clone(),
            correlation_id,
        }
    }
}

/// Runs `work` here, or on a thread of its own when it can be cancelled.
fn cancellable<T: Send + 'static>(
    cancel: Option<&Cancel>,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    match cancel {
        None => work(),
        Some(cancel) => cancel.run(work),
    }
}

fn from_network(token: Arc<Token>) -> AcquiredToken {
    AcquiredToken {
        token,
        source: TokenSource::Network,
    }
}

fn from_cache(token: Arc<Token>) -> AcquiredToken {
    AcquiredToken {
        token,
        source: TokenSource::Cache,
    }
}

/// The sign-in name in an id token ("ID token claims reference: `preferred_username`"), for display only.
fn username_of(id_token: &Secret) -> Option<String> {
    let claims = id_token.expose_text()?.split('.').nth(1)?;
    let claims: Value = serde_json::from_slice(&BASE64URL.decode(claims).ok()?).ok()?;
    ["preferred_username", "upn"]
        .iter()
        .find_map(|name| claims.get(name)?.as_str().map(str::to_owned))
}

fn check_client_id(client_id: &str) -> Result<String> {
    let hint = "Give the application's id (a GUID) as the portal shows it: Application (client) ID.";
    if client_id.is_empty() {
        return Err(Error::new(Status::InvalidArgument, "No client id is given.", hint));
    }
    match client_id.chars().find(|c| !c.is_ascii_graphic()) {
        None => Ok(client_id.to_owned()),
        Some(bad) => {
            let message = format!("The client id contains the character U+{:04X}.", u32::from(bad));
            Err(Error::new(Status::InvalidArgument, message, hint))
        }
    }
}

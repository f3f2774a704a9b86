//! The client: acquires tokens for an application at an authority, or for the managed identity of a machine.

#[cfg(feature = "flows")]
mod accounts;
#[cfg(feature = "flows")]
mod chain;
#[cfg(feature = "flows")]
mod child_process;
#[cfg(feature = "flows")]
mod developer_tools;
#[cfg(feature = "flows")]
pub mod environment;
#[cfg(feature = "flows")]
mod machine;
pub mod options;
pub mod settings;
pub mod single_flight;
pub mod sources;
pub mod store_choice;
mod subject;
#[cfg(feature = "flows")]
pub mod tool;
#[cfg(feature = "flows")]
mod tool_output;

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use crate::authority::Authority;
use crate::base::cancel::Cancel;
use crate::base::clock::{Clock, SystemClock};
use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;
use crate::base::sync::thread;
use crate::cache::CacheKey;
use crate::client::settings::{CachePlace, ClientSettings};
use crate::client::single_flight::{Flights, Leader, Role};
use crate::client::sources::{Demand, Owner, Sources};
use crate::client::store_choice::StoreChoice;
use crate::client::subject::Subject;
use crate::credential::Credential;
use crate::http::https::HttpsTransport;
use crate::http::transport::Transport;
use crate::request::Request;
#[cfg(feature = "flows")]
use crate::request::{grant::callers::Callers, scope::Scopes, settings::RequestSettings};
#[cfg(feature = "flows")]
use crate::service::application::DeviceAuthorization;
use crate::service::application::{Application, ServiceSettings};
use crate::service::throttle::Throttles;
#[cfg(feature = "flows")]
use crate::store::accounts::CachedAccount;
use crate::token::{AcquiredToken, Token, TokenSource};

/// Acquires tokens. Clones share connections and cache. Many threads may use a client at the same time.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    subject: Subject,
    sources: Sources,
    /// The requests in flight; `None` if every call sends its own.
    flights: Option<Arc<Flights>>,
}

impl Client {
    /// A client for an application at the tenant or authority that `tenant` and the settings name.
    ///
    /// Without a credential it is a public client, which gets tokens for users only.
    ///
    /// # Errors
    /// [`Status::InvalidAuthority`](crate::base::error::Status::InvalidAuthority) for a tenant or authority that is not
    /// valid; otherwise what is wrong with the client id or the settings.
    pub fn new(
        tenant: &str,
        client_id: &str,
        credential: Option<Credential>,
        settings: ClientSettings,
    ) -> Result<Self> {
        let authority = settings.authority(tenant)?;
        let transport = HttpsTransport::shared(&settings.transport, authority.token_endpoint())?;
        let connected = |credential: Credential| credential.connected(&settings.transport, settings.retries);
        let credential = credential.map(connected).transpose()?;
        Self::with_parts(
            authority,
            client_id,
            credential,
            settings,
            transport,
            Arc::new(SystemClock),
        )
    }

    /// A client with another network and clock, for tests.
    pub fn with_parts(
        authority: Authority,
        client_id: &str,
        credential: Option<Credential>,
        settings: ClientSettings,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        settings.refuse_identity()?;
        let (place, store) = (settings.cache, StoreChoice::new(&settings, &clock)?);
        let capabilities = settings.capabilities.clone();
        let application = Self::application_of(authority, client_id, credential, settings, transport, clock)?;
        let owner = Owner::of(&application, &capabilities);
        let application = Arc::new(application);
        let inner = Inner {
            sources: Sources::new(Arc::clone(&application) as _, owner, place, store),
            subject: Subject::Application(application),
            flights: Flights::at(place),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The application of such a client.
    fn application_of(
        authority: Authority,
        client_id: &str,
        credential: Option<Credential>,
        settings: ClientSettings,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
    ) -> Result<Application> {
        let throttles = match settings.cache {
            CachePlace::Process => Throttles::of_process(),
            CachePlace::Client | CachePlace::None => Arc::default(),
        };
        let settings = ServiceSettings {
            #[cfg(feature = "flows")]
            region: settings.region_source()?,
            assertion: settings.assertion,
            capabilities: settings.capabilities,
            retries: settings.retries,
            timeout: settings.transport.timeout,
        };
        Application::new(authority, client_id, credential, settings, throttles, transport, clock)
    }

    /// Returns a token for `request`: from the cache, or from the service if no cached token lives long enough.
    ///
    /// Concurrent callers for the same token share one request. A cached token that is due for renewal is returned at
    /// once and renewed in the background. `cancel` ends the call from another thread.
    pub fn acquire(&self, request: &Request, cancel: Option<&Cancel>) -> Result<AcquiredToken> {
        let inner = &self.inner;
        #[cfg(feature = "flows")]
        let _caller = request.grant().callers().map(Callers::caller);
        let key = inner.sources.key(request);
        let Some(flights) = inner
            .flights
            .as_ref()
            .filter(|_| !request.settings().demands_new_token())
        else {
            return inner.obtain_alone(key, request, cancel);
        };
        let mut times = None;
        loop {
            if let Some(token) = inner.cached(flights, key, request) {
                return Ok(token);
            }
            let (began, deadline) = *times.get_or_insert_with(|| {
                let limit = inner.sources.issuer().time_limit(request);
                (inner.sources.issuer().now().monotonic, Instant::now() + limit)
            });
            match flights.join(key) {
                Role::Leader(leader) => return inner.lead(leader, key, request, began, cancel),
                Role::Follower(flight) => match flight.wait(deadline, cancel) {
                    None => {}
                    // Its leader was cancelled and gave up, before this caller came.
                    Some(Err(error)) if error.status() == Status::Cancelled && !is_signalled(cancel) => {}
                    Some(result) => return result.map(|token| inner.shared(token, flights, key, request)),
                },
            }
        }
    }

    /// Returns the cached token for `request`, if there is one that lives long enough.
    ///
    /// Never sends a request in this thread and never waits. Starts the renewal if it is due, as [`Client::acquire`]
    /// does.
    pub fn cached(&self, request: &Request) -> Option<AcquiredToken> {
        let inner = &self.inner;
        let flights = inner
            .flights
            .as_ref()
            .filter(|_| !request.settings().demands_new_token())?;
        inner.cached(flights, inner.sources.key(request), request)
    }

    /// Requests a code with which a user can sign in on another device. The settings give the claims, the correlation id
    /// and the time limit.
    #[cfg(feature = "flows")]
    pub fn authorize_device(
        &self,
        scopes: &Scopes,
        settings: &RequestSettings,
        cancel: Option<&Cancel>,
    ) -> Result<DeviceAuthorization> {
        let (inner, scopes, settings) = (Arc::clone(&self.inner), scopes.clone(), settings.clone());
        cancellable(cancel, move || {
            inner.subject.application()?.authorize_device(&scopes, &settings)
        })
    }

    /// The application, whose users may sign in.
    ///
    /// # Errors
    /// `InvalidArgument` for a managed identity, which has none.
    #[cfg(feature = "flows")]
    pub fn application(&self) -> Result<&Arc<Application>> {
        self.inner.subject.application()
    }

    /// The accounts of users who signed in at the client's authority, one for each user, in the order of their names:
    /// those in the client's cache file, which MSAL's libraries may have written, or those in memory.
    ///
    /// A client can have tokens for them without the user, with the grant [`Account`](crate::request::grant::Account).
    ///
    /// # Errors
    /// The failure of the cache file.
    #[cfg(feature = "flows")]
    pub fn accounts(&self) -> Result<Vec<CachedAccount>> {
        self.inner.sources.accounts()
    }

    /// Signs out the account with this sign-in name, home account id or id in a tenant: everything of it is removed where
    /// this client keeps accounts, in every tenant and for every application. An account that is not there is no error.
    ///
    /// The service is not told: tokens that were issued live on, and so does the session of the user's browser.
    ///
    /// # Errors
    /// `InvalidArgument` if several accounts have the name; the failure of the cache file.
    #[cfg(feature = "flows")]
    pub fn sign_out(&self, account: &str) -> Result<()> {
        self.inner.sources.sign_out(account)
    }

    /// A new client assertion, as the next request would send it. Requires a certificate.
    pub fn assertion(&self, cancel: Option<&Cancel>) -> Result<Secret> {
        let inner = Arc::clone(&self.inner);
        cancellable(cancel, move || inner.subject.assertion())
    }

    /// The first failure of the token store since the last call of this function.
    pub fn take_store_failure(&self) -> Option<Error> {
        self.inner.sources.take_store_failure()
    }

    /// The link of a chain that has issued a token, once one has; `None` for other clients.
    #[cfg(feature = "flows")]
    pub fn chosen(&self) -> Option<&str> {
        self.inner.subject.chosen()
    }

    /// Why each link of a chain before the chosen one did not apply: a line for each. Empty while none is chosen.
    #[cfg(feature = "flows")]
    pub fn passed_over(&self) -> &str {
        self.inner.subject.passed_over()
    }

    /// What the caller should know although the calls succeed: about a credential that the environment variables
    /// describe, a region that was not found, claims that a managed identity cannot answer. Empty if there is nothing.
    #[cfg(feature = "flows")]
    pub fn warning(&self) -> &str {
        self.inner.subject.warning()
    }

    /// Where tokens are requested.
    pub fn token_endpoint(&self) -> &str {
        self.inner.subject.token_endpoint()
    }

    /// The tenant, as the authority has it; empty for a managed identity, which does not know it.
    pub fn tenant(&self) -> &str {
        self.inner.subject.tenant()
    }

    /// The id of the application or managed identity, as requests send it; empty if they send none.
    pub fn client_id(&self) -> &str {
        self.inner.subject.client_id()
    }
}

impl Inner {
    /// The cached token, if it lives long enough. Starts its renewal if it is due.
    fn cached(self: &Arc<Self>, flights: &Arc<Flights>, key: CacheKey, request: &Request) -> Option<AcquiredToken> {
        let hit = self.sources.cached(&key, request)?;
        if hit.renewal_due && self.sources.issuer().renews_by_itself(request) {
            self.renew(flights, key, request, hit.token.expires_on);
        }
        Some(AcquiredToken {
            token: hit.token,
            source: TokenSource::Cache,
            lifetime: Some(hit.lifetime),
        })
    }

    /// The token that another caller's request has obtained. If it is in the cache, the cache knows its lifetime even
    /// if this client does not know the service's clock.
    fn shared(
        self: &Arc<Self>,
        token: Arc<Token>,
        flights: &Arc<Flights>,
        key: CacheKey,
        request: &Request,
    ) -> AcquiredToken {
        self.cached(flights, key, request)
            .unwrap_or_else(|| AcquiredToken::from_cache(token, self.sources.issuer().now().wall))
    }

    /// Requests a newer token in the background, unless a request for it is in flight already. A failure is only
    /// logged: the old token is still valid, and a later call tries again.
    fn renew(self: &Arc<Self>, flights: &Arc<Flights>, key: CacheKey, request: &Request, old_end: SystemTime) {
        let Role::Leader(leader) = flights.join(key) else {
            return;
        };
        let (inner, request, demand) = (Arc::clone(self), request.clone(), Demand::NewerThan(old_end));
        let renewal = move || {
            let began = inner.sources.issuer().now().monotonic;
            let renewed = inner.sources.obtain(key, &request, demand, began);
            let result = renewed.map(|acquired| acquired.token.into_counted());
            if let Err(error) = &result {
                log::warn!("early renewal of a token failed; the token stays in use: {error}");
            }
            leader.finish(&result);
        };
        if let Err(error) = thread::Builder::new()
            .name("graphtoken-renewal".to_owned())
            .spawn(renewal)
        {
            log::warn!("cannot start a thread to renew a token early: {error}");
        }
    }

    /// Obtains the token as the leader of a flight. The time limit is counted from `began`, because the caller may have
    /// waited as a follower before.
    fn lead(
        self: &Arc<Self>,
        leader: Leader,
        key: CacheKey,
        request: &Request,
        began: Instant,
        cancel: Option<&Cancel>,
    ) -> Result<AcquiredToken> {
        let (inner, request) = (Arc::clone(self), request.clone());
        cancellable(cancel, move || {
            // Another flight may have finished between this caller's look into the cache and its joining.
            let finished = inner
                .flights
                .as_ref()
                .and_then(|flights| inner.cached(flights, key, &request));
            let result = finished.map_or_else(|| inner.sources.obtain(key, &request, Demand::LongEnough, began), Ok);
            leader.finish(&result.clone().map(|acquired| acquired.token.into_counted()));
            result
        })
    }

    /// Obtains the token for this caller only, without joining a flight.
    fn obtain_alone(
        self: &Arc<Self>,
        key: CacheKey,
        request: &Request,
        cancel: Option<&Cancel>,
    ) -> Result<AcquiredToken> {
        let began = self.sources.issuer().now().monotonic;
        let (inner, request) = (Arc::clone(self), request.clone());
        cancellable(cancel, move || {
            let demand = if request.settings().demands_new_token() {
                Demand::JustIssued
            } else {
                Demand::LongEnough
            };
            inner.sources.obtain(key, &request, demand, began)
        })
    }
}

fn is_signalled(cancel: Option<&Cancel>) -> bool {
    cancel.is_some_and(Cancel::is_signalled)
}

/// Runs `work` in this thread, or in a thread of its own if it can be cancelled.
fn cancellable<T: Send + 'static>(
    cancel: Option<&Cancel>,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    match cancel {
        None => work(),
        Some(cancel) => cancel.run(work),
    }
}

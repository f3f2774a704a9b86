//! The client: an application at an authority, with its proof, that acquires tokens.

pub mod options;
pub mod settings;
pub mod single_flight;
pub mod sources;
pub mod store_choice;

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use crate::authority::Authority;
use crate::base::cancel::Cancel;
use crate::base::clock::{Clock, SystemClock};
use crate::base::error::{Error, Result};
use crate::base::secret::Secret;
use crate::base::sync::thread;
use crate::cache::CacheKey;
use crate::client::settings::{CachePlace, ClientSettings};
use crate::client::single_flight::{Flights, Leader, Role};
use crate::client::sources::{Demand, Owner, Sources};
use crate::client::store_choice::StoreChoice;
use crate::credential::Credential;
use crate::http::https::HttpsTransport;
use crate::http::transport::Transport;
use crate::request::Request;
use crate::service::application::{Application, ServiceSettings};
use crate::service::throttle::Throttles;
use crate::token::{AcquiredToken, TokenSource};

/// Acquires tokens. Copies share the connections and the cache; any thread may use any of them at any time.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    application: Arc<Application>,
    sources: Sources,
    /// The requests that are under way; `None` when every call sends its own.
    flights: Option<Arc<Flights>>,
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
        let (flights, throttles) = match settings.cache {
            CachePlace::Client => (Some(Arc::default()), Arc::default()),
            CachePlace::Process => (Some(Flights::of_process()), Throttles::of_process()),
            CachePlace::None => (None, Arc::default()),
        };
        let (place, store) = (settings.cache, StoreChoice::new(&settings, &clock)?);
        let settings = ServiceSettings {
            assertion: settings.assertion,
            retries: settings.retries,
            timeout: settings.transport.timeout,
        };
        let application = Application::new(authority, client_id, credential, settings, throttles, transport, clock)?;
        let owner = Owner {
            authority: application.authority().clone(),
            client_id: application.client_id().to_owned(),
            credential: application.credential().cloned(),
        };
        let application = Arc::new(application);
        let inner = Inner {
            sources: Sources::new(Arc::clone(&application) as _, owner, place, store),
            application,
            flights,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// A token for `request`: from the cache, or from the service when none there lives long enough.
    ///
    /// Callers who want the same token at the same time share one request. A token whose renewal is due is still given,
    /// and renewed in the background. `cancel` ends the wait from another thread.
    pub fn acquire(&self, request: &Request, cancel: Option<&Cancel>) -> Result<AcquiredToken> {
        let inner = &self.inner;
        let key = inner.sources.key(request);
        let Some(flights) = inner.flights.as_ref().filter(|_| !request.settings().force_refresh) else {
            return inner.ask_apart(key, request, cancel);
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
                Role::Follower(flight) => {
                    if let Some(result) = flight.wait(deadline, cancel) {
                        return result.map(AcquiredToken::from_cache);
                    }
                }
            }
        }
    }

    /// The token for `request` that is in the cache, if there is one that lives long enough. Never asks the service and
    /// never waits; starts the renewal when that is due, as [`Client::acquire`] does.
    pub fn cached(&self, request: &Request) -> Option<AcquiredToken> {
        let inner = &self.inner;
        let flights = inner.flights.as_ref().filter(|_| !request.settings().force_refresh)?;
        inner.cached(flights, inner.sources.key(request), request)
    }

    /// A fresh client assertion, as the next request would send it. Needs a certificate.
    pub fn assertion(&self, cancel: Option<&Cancel>) -> Result<Secret> {
        let inner = Arc::clone(&self.inner);
        cancellable(cancel, move || inner.application.assertion())
    }

    /// The first failure of where tokens are kept for other processes, since this was asked last.
    pub fn take_store_failure(&self) -> Option<Error> {
        self.inner.sources.take_store_failure()
    }

    /// Where and for which tenant tokens are asked.
    pub fn authority(&self) -> &Authority {
        self.inner.application.authority()
    }
}

impl Inner {
    /// The token in the cache, if it lives long enough. Starts its renewal when that is due.
    fn cached(self: &Arc<Self>, flights: &Arc<Flights>, key: CacheKey, request: &Request) -> Option<AcquiredToken> {
        let hit = self.sources.cached(&key, request)?;
        if hit.renewal_due && self.sources.issuer().renews_by_itself(request) {
            self.renew(flights, key, request, hit.token.expires_on);
        }
        Some(AcquiredToken {
            token: hit.token,
            source: TokenSource::Cache,
        })
    }

    /// Asks for a newer token in the background, unless somebody is asking already. A failure costs nobody anything: the
    /// old token is still good, and a later call tries again.
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
                log::warn!("a token could not be renewed early and is still used: {error}");
            }
            leader.finish(&result);
        };
        if let Err(error) = thread::Builder::new()
            .name("graphtoken-renewal".to_owned())
            .spawn(renewal)
        {
            log::warn!("no thread could be started to renew a token early: {error}");
        }
    }

    /// As the leader of a flight. The caller's time runs since `began`; it may have spent some as a follower.
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
            // Another flight may have finished after this caller looked into the cache and before it joined.
            let finished = inner
                .flights
                .as_ref()
                .and_then(|flights| inner.cached(flights, key, &request));
            let result = finished.map_or_else(|| inner.sources.obtain(key, &request, Demand::LongEnough, began), Ok);
            leader.finish(&result.clone().map(|acquired| acquired.token.into_counted()));
            result
        })
    }

    /// For one caller alone.
    fn ask_apart(self: &Arc<Self>, key: CacheKey, request: &Request, cancel: Option<&Cancel>) -> Result<AcquiredToken> {
        let began = self.sources.issuer().now().monotonic;
        let (inner, request) = (Arc::clone(self), request.clone());
        cancellable(cancel, move || {
            let demand = if request.settings().force_refresh {
                Demand::JustIssued
            } else {
                Demand::LongEnough
            };
            inner.sources.obtain(key, &request, demand, began)
        })
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

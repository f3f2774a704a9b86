//! The client: an application at an authority, with its proof, that acquires tokens.

use std::sync::Arc;
use std::thread;
use std::time::Instant;

use crate::application::Application;
use crate::authority::Authority;
use crate::cache::{CacheKey, TokenCache};
use crate::cancel::Cancel;
use crate::clock::{Clock, SystemClock};
use crate::credential::Credential;
use crate::error::Result;
use crate::flight::{Boarding, Flights, Pilot};
use crate::https::HttpsTransport;
use crate::options::{CachePlace, ClientSettings};
use crate::request::Request;
use crate::secret::Secret;
use crate::token::{AcquiredToken, Token, TokenSource};
use crate::transport::Transport;

/// Acquires tokens. Copies share the connections and the cache; any thread may use any of them at any time.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    application: Application,
    /// What it shares with others who want the same; `None` when it keeps nothing.
    shared: Option<Shared>,
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
        let application = Application::new(authority, client_id, credential, settings, transport, clock)?;
        let inner = Inner { application, shared };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// A token for `request`: from the cache, or from the service when none there lives long enough.
    ///
    /// Callers who want the same token at the same time share one request. A token whose renewal is due is still given,
    /// and renewed in the background. `cancel` ends the wait from another thread.
    pub fn acquire(&self, request: &Request, cancel: Option<&Cancel>) -> Result<AcquiredToken> {
        let inner = &self.inner;
        let key = CacheKey {
            client: inner.application.digest(),
            request: request.digest(),
        };
        let Some(shared) = inner.shared.as_ref().filter(|_| !request.settings().force_refresh) else {
            return inner.ask_apart(key, request, cancel);
        };
        let mut deadline = None;
        loop {
            if let Some(token) = inner.cached(shared, key, request) {
                return Ok(token);
            }
            let deadline = *deadline.get_or_insert_with(|| Instant::now() + inner.application.time_limit(request));
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
        cancellable(cancel, move || inner.application.assertion())
    }

    /// Where and for which tenant tokens are asked.
    pub fn authority(&self) -> &Authority {
        self.inner.application.authority()
    }
}

impl Inner {
    /// The token in the cache, if it lives long enough. Starts its renewal when that is due.
    fn cached(self: &Arc<Self>, shared: &Shared, key: CacheKey, request: &Request) -> Option<AcquiredToken> {
        let minimum_lifetime = request.settings().minimum_lifetime;
        let hit = shared.cache.get(&key, self.application.now(), minimum_lifetime)?;
        if hit.renewal_due && self.application.renews_by_itself(request) {
            self.renew(shared, key, request);
        }
        Some(from_cache(hit.token))
    }

    /// Asks the service in the background, unless somebody is asking already. A failure costs nobody anything: the old
    /// token is still good, and a later call tries again.
    fn renew(self: &Arc<Self>, shared: &Shared, key: CacheKey, request: &Request) {
        let deadline = Instant::now() + self.application.time_limit(request);
        let Boarding::Pilot(pilot) = shared.flights.board(key, deadline) else {
            return;
        };
        let (inner, request) = (Arc::clone(self), request.clone());
        let renewal = move || {
            let result = inner.ask_and_keep(key, &request);
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
            let result = inner.ask_and_keep(key, &request);
            pilot.land(&result);
            result.map(from_network)
        })
    }

    /// For one caller alone.
    fn ask_apart(self: &Arc<Self>, key: CacheKey, request: &Request, cancel: Option<&Cancel>) -> Result<AcquiredToken> {
        let (inner, request) = (Arc::clone(self), request.clone());
        cancellable(cancel, move || inner.ask_and_keep(key, &request).map(from_network))
    }

    fn ask_and_keep(&self, key: CacheKey, request: &Request) -> Result<Arc<Token>> {
        let token = Arc::new(self.application.ask(request)?);
        if let Some(shared) = &self.shared {
            shared.cache.put(key, Arc::clone(&token), self.application.now());
        }
        Ok(token)
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

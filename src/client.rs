//! The client: an application at an authority, with its proof, that acquires tokens.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use crate::application::Application;
use crate::authority::Authority;
use crate::cache::{CacheKey, TokenCache};
use crate::cancel::Cancel;
use crate::clock::{Clock, SystemClock};
use crate::credential::Credential;
use crate::error::{Error, Result, Status};
use crate::flight::{Boarding, Flights, Pilot};
use crate::grant::{Grant, RefreshToken};
use crate::https::HttpsTransport;
use crate::options::{CachePlace, ClientSettings};
use crate::refresh_tokens::RefreshTokens;
use crate::request::Request;
use crate::secret::Secret;
use crate::store::{Found, TokenStore, Turn};
use crate::sync::thread;
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
    /// Where tokens are kept for other processes.
    store: Option<Arc<dyn TokenStore>>,
}

/// The tokens that are there, and those that are on their way.
struct Shared {
    cache: Arc<TokenCache>,
    flights: Arc<Flights>,
    refresh_tokens: Arc<RefreshTokens>,
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
                refresh_tokens: Arc::default(),
            }),
            CachePlace::Process => Some(Shared {
                cache: TokenCache::of_process(),
                flights: Flights::of_process(),
                refresh_tokens: RefreshTokens::of_process(),
            }),
            CachePlace::None => None,
        };
        let store = settings.store.clone();
        let application = Application::new(authority, client_id, credential, settings, transport, clock)?;
        let inner = Inner {
            application,
            shared,
            store,
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
            client: inner.application.digest(),
            request: request.digest(),
        };
        let Some(shared) = inner.shared.as_ref().filter(|_| !request.settings().force_refresh) else {
            return inner.ask_apart(key, request, cancel);
        };
        let mut times = None;
        loop {
            if let Some(token) = inner.cached(shared, key, request) {
                return Ok(token);
            }
            let (began, deadline) = *times.get_or_insert_with(|| {
                let limit = inner.application.time_limit(request);
                (inner.application.now().monotonic, Instant::now() + limit)
            });
            match shared.flights.board(key) {
                Boarding::Pilot(pilot) => return inner.fly(pilot, key, request, began, cancel),
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
            self.renew(shared, key, request, &hit.token);
        }
        Some(from_cache(hit.token))
    }

    /// Asks for a newer token in the background, unless somebody is asking already. A failure costs nobody anything: the
    /// old token is still good, and a later call tries again.
    fn renew(self: &Arc<Self>, shared: &Shared, key: CacheKey, request: &Request, old: &Arc<Token>) {
        let Boarding::Pilot(pilot) = shared.flights.board(key) else {
            return;
        };
        let (inner, request, demand) = (Arc::clone(self), request.clone(), Demand::NewerThan(old.expires_on));
        let renewal = move || {
            let began = inner.application.now().monotonic;
            let result = inner
                .obtain(key, &request, demand, began)
                .map(|acquired| acquired.token);
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

    /// As the pilot of a flight. The caller's time, some of which it may have spent as a passenger, runs since `began`.
    fn fly(
        self: &Arc<Self>,
        pilot: Pilot,
        key: CacheKey,
        request: &Request,
        began: Instant,
        cancel: Option<&Cancel>,
    ) -> Result<AcquiredToken> {
        let (inner, request) = (Arc::clone(self), request.clone());
        cancellable(cancel, move || {
            // A flight may have landed between this caller's look into the cache and its boarding.
            let landed = inner
                .shared
                .as_ref()
                .and_then(|shared| inner.cached(shared, key, &request));
            let result = landed.map_or_else(|| inner.obtain(key, &request, Demand::LongEnough, began), Ok);
            pilot.land(&result.clone().map(|acquired| acquired.token));
            result
        })
    }

    /// For one caller alone.
    fn ask_apart(self: &Arc<Self>, key: CacheKey, request: &Request, cancel: Option<&Cancel>) -> Result<AcquiredToken> {
        let (inner, request, began) = (Arc::clone(self), request.clone(), self.application.now().monotonic);
        cancellable(cancel, move || {
            let demand = if request.settings().force_refresh {
                Demand::JustIssued
            } else {
                Demand::LongEnough
            };
            inner.obtain(key, &request, demand, began)
        })
    }

    /// A token that is not in the cache: one that another process has kept, or a new one, when it is this process's turn
    /// to ask. Keeps it for who comes next. The caller's time runs since `began`.
    fn obtain(&self, key: CacheKey, request: &Request, demand: Demand, began: Instant) -> Result<AcquiredToken> {
        let Some(store) = self.store.as_deref() else {
            return self.ask(key, request, None, began).map(from_network);
        };
        let mut found = self.look(store, request);
        let mut turn = Turn::default();
        if !self.satisfies(&found, request, demand) {
            turn = self.take_turn(store, request);
            if turn.others_were_first {
                found = self.look(store, request);
            }
        }
        let is_enough = self.satisfies(&found, request, demand);
        if let Some(token) = found.token.filter(|_| is_enough) {
            let token = Arc::new(token);
            self.keep(key, &token);
            return Ok(from_cache(token));
        }
        let result = self.ask(key, request, found.refresh_token, began);
        let wanted = self.application.wanted(request);
        let kept = match &result {
            Ok(token) => store.keep(&wanted, token, self.application.now().wall),
            Err(error) if refuses_refresh_token(error, request) => store.forget_refresh_token(&wanted),
            Err(_) => Ok(()),
        };
        log_failure(kept);
        drop(turn);
        result.map(from_network)
    }

    /// Asks the service, with the newest refresh token of the line that the caller's belongs to.
    fn ask(
        &self,
        key: CacheKey,
        request: &Request,
        refresh_token: Option<Secret>,
        began: Instant,
    ) -> Result<Arc<Token>> {
        let (client, tokens) = (key.client, self.shared.as_ref().map(|shared| &shared.refresh_tokens));
        let given = request.grant().refresh_token();
        let newest = refresh_token.or_else(|| tokens?.newest(client, given?));
        let replaced = newest.map(RefreshToken::new).transpose()?.map(Grant::RefreshToken);
        let grant = replaced.as_ref().unwrap_or(request.grant());

        let result = self.application.ask(request, grant, began).map(Arc::new);
        if let (Some(tokens), Some(given), Some(used)) = (tokens, given, grant.refresh_token()) {
            match &result {
                Ok(token) => {
                    let next = token.refresh_token().unwrap_or(used);
                    tokens.replace(client, &[given, used], next);
                }
                Err(error) if refuses_refresh_token(error, request) => tokens.forget(client, given),
                Err(_) => {}
            }
        }
        let token = result?;
        self.keep(key, &token);
        Ok(token)
    }

    fn keep(&self, key: CacheKey, token: &Arc<Token>) {
        if let Some(shared) = &self.shared {
            shared.cache.put(key, Arc::clone(token), self.application.now());
        }
    }

    /// What the store has; nothing when it fails.
    fn look(&self, store: &dyn TokenStore, request: &Request) -> Found {
        log_failure(store.find(&self.application.wanted(request)))
    }

    fn take_turn(&self, store: &dyn TokenStore, request: &Request) -> Turn {
        let patience = self.application.time_limit(request) / 2;
        log_failure(store.take_turn(&self.application.wanted(request), patience))
    }

    fn satisfies(&self, found: &Found, request: &Request, demand: Demand) -> bool {
        let lives_until = found.token.as_ref().map(|token| token.expires_on);
        lives_until.is_some_and(|end| match demand {
            Demand::LongEnough => {
                let needed = self
                    .application
                    .now()
                    .wall
                    .checked_add(request.settings().minimum_lifetime);
                needed.is_some_and(|needed| end > needed)
            }
            Demand::NewerThan(old) => end > old,
            Demand::JustIssued => false,
        })
    }
}

/// Which of the tokens that others have kept is good enough.
#[derive(Clone, Copy)]
enum Demand {
    /// One that lives as long as the request wants.
    LongEnough,
    /// One that ends later than this.
    NewerThan(SystemTime),
    /// None.
    JustIssued,
}

/// A store that does not work costs nobody a token.
fn log_failure<T: Default>(outcome: Result<T>) -> T {
    outcome.unwrap_or_else(|error| {
        log::warn!("tokens are not shared with other processes for now: {error}");
        T::default()
    })
}

/// The user has to sign in again, and no newer refresh token will help.
fn refuses_refresh_token(error: &Error, request: &Request) -> bool {
    error.status() == Status::UserCredentialRejected && request.grant().refresh_token().is_some()
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

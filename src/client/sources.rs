//! Where tokens come from: the cache, the store of other processes, the service.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime};

use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;
use crate::cache::refresh_tokens::RefreshTokens;
use crate::cache::{CacheKey, Hit, TokenCache};
use crate::client::settings::CachePlace;
use crate::client::store_choice::StoreChoice;
use crate::request::Request;
use crate::request::grant::{Grant, RefreshToken};
use crate::service::application::Application;
use crate::store::{Found, TokenStore, Turn, Wanted};
use crate::token::{AcquiredToken, Token};

/// An application with the tokens that it has, and with those that other processes have for it.
pub struct Supply {
    application: Application,
    /// What it shares with others who want the same; `None` when it keeps nothing.
    kept: Option<Kept>,
    /// Where tokens are kept for other processes.
    store: Option<Arc<dyn TokenStore>>,
    /// Why that has not worked since somebody asked.
    store_failure: Mutex<Option<Error>>,
}

struct Kept {
    cache: Arc<TokenCache>,
    refresh_tokens: Arc<RefreshTokens>,
}

/// Which of the tokens that others have kept is good enough.
#[derive(Clone, Copy)]
pub enum Demand {
    /// One that lives as long as the request wants.
    LongEnough,
    /// One that ends later than this.
    NewerThan(SystemTime),
    /// None.
    JustIssued,
}

impl Supply {
    /// Keeps tokens at `place` and in the store that was chosen.
    pub fn new(application: Application, place: CachePlace, choice: StoreChoice) -> Self {
        let kept = match place {
            CachePlace::Client => Some(Kept {
                cache: Arc::default(),
                refresh_tokens: Arc::default(),
            }),
            CachePlace::Process => Some(Kept {
                cache: TokenCache::of_process(),
                refresh_tokens: RefreshTokens::of_process(),
            }),
            CachePlace::None => None,
        };
        Self {
            application,
            kept,
            store: choice.store,
            store_failure: Mutex::new(choice.failure),
        }
    }

    /// The application.
    pub fn application(&self) -> &Application {
        &self.application
    }

    /// The first failure of where tokens are kept for other processes, since this was asked last.
    pub fn take_store_failure(&self) -> Option<Error> {
        self.store_failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// What the tokens for `request` are kept under.
    pub fn key(&self, request: &Request) -> CacheKey {
        CacheKey::new(self.application.digest(), request.digest())
    }

    /// The token in the cache, if it lives long enough.
    pub fn cached(&self, key: &CacheKey, request: &Request) -> Option<Hit> {
        let minimum_lifetime = request.settings().minimum_lifetime;
        let cache = &self.kept.as_ref()?.cache;
        cache.get(key, self.application.now(), minimum_lifetime)
    }

    /// A token that is not in the cache: one that another process has kept, or a new one, when it is this process's turn
    /// to ask. Keeps it for who comes next. The caller's time runs since `began`.
    pub fn obtain(&self, key: CacheKey, request: &Request, demand: Demand, began: Instant) -> Result<AcquiredToken> {
        let Some(store) = self.store.as_deref() else {
            return self.ask(key, request, None, began).map(AcquiredToken::from_network);
        };
        let wanted = self.wanted(request);
        let mut found = self.look(store, &wanted);
        let mut turn = Turn::default();
        if !self.satisfies(&found, request, demand) {
            let patience = self.application.time_limit(request) / 2;
            turn = self.note_failure(store.take_turn(&wanted, patience));
            if turn.others_were_first {
                found = self.look(store, &wanted);
            }
        }
        let is_enough = self.satisfies(&found, request, demand);
        if let Some(token) = found.token.filter(|_| is_enough) {
            let token = Arc::new(token);
            self.keep(key, &token);
            return Ok(AcquiredToken::from_cache(token));
        }
        let result = self.ask(key, request, found.refresh_token, began);
        let kept = match &result {
            Ok(token) => store.keep(&wanted, token, self.application.now().wall),
            Err(error) if refuses_refresh_token(error, request) => store.forget_refresh_token(&wanted),
            Err(_) => Ok(()),
        };
        self.note_failure(kept);
        drop(turn);
        result.map(AcquiredToken::from_network)
    }

    /// Asks the service, with the newest refresh token of the line that the caller's belongs to.
    fn ask(
        &self,
        key: CacheKey,
        request: &Request,
        refresh_token: Option<Secret>,
        began: Instant,
    ) -> Result<Arc<Token>> {
        let (client, tokens) = (
            self.application.digest(),
            self.kept.as_ref().map(|kept| &kept.refresh_tokens),
        );
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
        if let Some(kept) = &self.kept {
            kept.cache.put(key, Arc::clone(token), self.application.now());
        }
    }

    /// What `request` asks for, in words that a store outside of this process understands.
    fn wanted<'a>(&'a self, request: &'a Request) -> Wanted<'a> {
        Wanted {
            authority: self.application.authority(),
            client_id: self.application.client_id(),
            credential: self.application.credential(),
            grant: request.grant(),
            scopes: request.scopes(),
            claims: request.settings().claims.as_deref(),
        }
    }

    /// What the store has; nothing when it fails.
    fn look(&self, store: &dyn TokenStore, wanted: &Wanted<'_>) -> Found {
        self.note_failure(store.find(wanted))
    }

    /// A store that does not work costs nobody a token.
    fn note_failure<T: Default>(&self, outcome: Result<T>) -> T {
        outcome.unwrap_or_else(|error| {
            log::warn!("tokens are not shared with other processes for now: {error}");
            let mut failure = self.store_failure.lock().unwrap_or_else(PoisonError::into_inner);
            failure.get_or_insert(error);
            T::default()
        })
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

/// The user has to sign in again, and no newer refresh token will help.
fn refuses_refresh_token(error: &Error, request: &Request) -> bool {
    error.status() == Status::UserCredentialRejected && request.grant().refresh_token().is_some()
}

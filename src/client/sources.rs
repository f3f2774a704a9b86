//! The three sources of tokens: the cache, a store outside the process, and the issuer.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use crate::authority::Authority;
use crate::base::digest::Digest;
use crate::base::error::{Error, Result};
use crate::base::secret::Secret;
use crate::cache::refresh_tokens::RefreshTokens;
use crate::cache::{CacheKey, Hit, TokenCache};
use crate::client::settings::CachePlace;
use crate::client::store_choice::StoreChoice;
use crate::credential::Credential;
use crate::request::Request;
use crate::request::claims::Capabilities;
use crate::request::grant::{Grant, RefreshToken};
use crate::service::application::Application;
use crate::service::issuer::Issuer;
use crate::service::response::ends_refresh_token;
#[cfg(feature = "flows")]
use crate::store::file::MemoryAccounts;
use crate::store::{Found, TokenStore, Turn, Wanted};
use crate::token::{AcquiredToken, Token, UNKNOWN_END};

/// An issuer, and the tokens that it has issued to this process and to others.
pub struct Sources {
    issuer: Arc<dyn Issuer>,
    identity: Digest,
    /// The tokens in memory; `None` if the client caches none.
    pub(super) memory: Option<Memory>,
    /// Who owns the tokens; `None` for a machine, whose tokens are in memory alone.
    pub(super) owner: Option<Owner>,
    /// Where tokens are kept for other processes.
    pub(super) store: Option<Arc<dyn TokenStore>>,
    /// The first failure of the store since a caller asked for it.
    store_failure: Mutex<Option<Error>>,
}

/// The application whose tokens a store keeps, described so that other processes can find them.
pub struct Owner {
    /// The authority that issues the tokens.
    pub authority: Authority,
    /// The application's id.
    pub client_id: String,
    /// The application's credential; `None` for a public client.
    pub credential: Option<Credential>,
    /// What the client tells the issuer that it can do.
    pub capabilities: String,
}

pub(super) struct Memory {
    pub(super) cache: Arc<TokenCache>,
    pub(super) refresh_tokens: Arc<RefreshTokens>,
    /// The users who signed in, if no store keeps their accounts.
    #[cfg(feature = "flows")]
    pub(super) accounts: Arc<MemoryAccounts>,
}

/// Which of the tokens in a store are good enough.
#[derive(Clone, Copy)]
pub enum Demand {
    /// A token that lives as long as the request demands.
    LongEnough,
    /// A token that expires later than this.
    NewerThan(SystemTime),
    /// Only a token that is issued for this call.
    JustIssued,
}

impl Sources {
    /// Tokens of `issuer`, cached in memory at `place`, and kept for `owner` in the chosen store.
    pub fn new(issuer: Arc<dyn Issuer>, owner: Owner, place: CachePlace, choice: StoreChoice) -> Self {
        Self::with_store(issuer, place, Some(owner), choice)
    }

    /// Tokens of `issuer`, cached in memory at `place` and nowhere else.
    #[cfg(feature = "flows")]
    pub fn in_memory(issuer: Arc<dyn Issuer>, place: CachePlace) -> Self {
        Self::with_store(issuer, place, None, StoreChoice::default())
    }

    fn with_store(issuer: Arc<dyn Issuer>, place: CachePlace, owner: Option<Owner>, choice: StoreChoice) -> Self {
        let memory = match place {
            CachePlace::Client => Some(Memory {
                cache: Arc::default(),
                refresh_tokens: Arc::default(),
                #[cfg(feature = "flows")]
                accounts: Arc::default(),
            }),
            CachePlace::Process => Some(Memory {
                cache: TokenCache::of_process(),
                refresh_tokens: RefreshTokens::of_process(),
                #[cfg(feature = "flows")]
                accounts: MemoryAccounts::of_process(),
            }),
            CachePlace::None => None,
        };
        Self {
            identity: issuer.identity(),
            issuer,
            memory,
            owner,
            store: choice.store,
            store_failure: Mutex::new(choice.failure),
        }
    }

    /// The issuer.
    pub fn issuer(&self) -> &dyn Issuer {
        &*self.issuer
    }

    /// The first failure of the store since the last call of this function.
    pub fn take_store_failure(&self) -> Option<Error> {
        self.store_failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The key of the tokens for `request`.
    pub fn key(&self, request: &Request) -> CacheKey {
        #[cfg(feature = "flows")]
        if request.is_for_account() {
            // The name of an account means another user in another store.
            return CacheKey::new(self.identity.combined_with(self.account_place()), request.digest());
        }
        CacheKey::new(self.identity, request.digest())
    }

    /// The token in the cache, if it lives long enough. None for an account: only what keeps it knows whether it has
    /// been signed out.
    pub fn cached(&self, key: &CacheKey, request: &Request) -> Option<Hit> {
        #[cfg(feature = "flows")]
        if request.is_for_account() {
            return None;
        }
        let minimum_lifetime = request.settings().minimum_lifetime;
        let cache = &self.memory.as_ref()?.cache;
        cache.get(key, self.issuer.now(), minimum_lifetime)
    }

    /// Obtains a token that is not in the cache: from the store, where another process may have put it, or from the
    /// issuer.
    ///
    /// Processes that share a store take turns to request a token. Caches the token. The time limit is counted from
    /// `began`.
    pub fn obtain(&self, key: CacheKey, request: &Request, demand: Demand, began: Instant) -> Result<AcquiredToken> {
        #[cfg(feature = "flows")]
        if request.is_for_account() {
            return self.obtain_for_account(request, demand, began);
        }
        let (Some(store), Some(owner)) = (&self.store, &self.owner) else {
            let issued = self.issue(key, request, None, began);
            return issued.map(|token| self.just_issued(token));
        };
        let store = &**store;
        let wanted = owner.wanted(request, self.issuer.clock_skew());
        let mut found = self.look(store, &wanted);
        let mut turn = Turn::default();
        // The user of this process acts for this process alone.
        if !self.satisfies(found.token.as_ref(), request, demand) && !request.grant().waits_for_user() {
            let patience = self.issuer.time_limit(request) / 2;
            turn = self.note_failure(store.take_turn(&wanted, patience));
            if turn.others_were_first {
                found = self.look(store, &wanted);
            }
        }
        let is_enough = self.satisfies(found.token.as_ref(), request, demand);
        if let Some(token) = found.token.filter(|_| is_enough) {
            let token = Arc::new(token);
            self.cache(key, &token, request);
            return Ok(AcquiredToken::from_cache(token, self.issuer.now().wall));
        }
        let result = self.issue(key, request, found.refresh_token, began);
        let kept = match &result {
            Ok(token) => {
                // What was issued may have told how the clocks differ.
                let clock_skew = self.issuer.clock_skew();
                store.keep(&Wanted { clock_skew, ..wanted }, token, self.issuer.now().wall)
            }
            Err(error) if refuses_refresh_token(error, request) => store.forget_refresh_token(&wanted),
            Err(_) => Ok(()),
        };
        self.note_failure(kept);
        drop(turn);
        result.map(|token| self.just_issued(token))
    }

    /// Obtains a new token from the issuer, with the newest refresh token of the caller's family.
    fn issue(
        &self,
        key: CacheKey,
        request: &Request,
        refresh_token: Option<Secret>,
        began: Instant,
    ) -> Result<Arc<Token>> {
        let tokens = self.memory.as_ref().map(|memory| &memory.refresh_tokens);
        let given = request.grant().refresh_token();
        let newest = refresh_token.or_else(|| tokens?.newest(self.identity, given?));
        let replaced = newest.map(RefreshToken::new).transpose()?;
        let grant = replaced
            .as_ref()
            .map_or(request.grant(), |refresh_token| refresh_token as &dyn Grant);

        let result = match self.refused(&key, request) {
            Some(hit) => self.issuer.reissue(request, grant, began, &hit.token.access_token),
            None => self.issuer.issue(request, grant, began),
        };
        let result = result.map(Arc::new);
        if let (Some(tokens), Some(given), Some(used)) = (tokens, given, grant.refresh_token()) {
            match &result {
                Ok(token) => {
                    let next = token.refresh_token().unwrap_or(used);
                    tokens.replace(self.identity, &[given, used], next);
                }
                Err(error) if refuses_refresh_token(error, request) => tokens.forget(self.identity, given),
                Err(_) => {}
            }
        }
        let token = result?;
        self.cache(key, &token, request);
        #[cfg(feature = "flows")]
        self.keep_in_memory(request, &token);
        Ok(token)
    }

    /// The cached token, if the request has claims: an API has refused it.
    fn refused(&self, key: &CacheKey, request: &Request) -> Option<Hit> {
        let settings = request.settings();
        let has_claims = settings.claims.is_some() || settings.challenge.is_some();
        let cache = &self.memory.as_ref().filter(|_| has_claims)?.cache;
        cache.get(key, self.issuer.now(), Duration::ZERO)
    }

    pub(super) fn just_issued(&self, token: Arc<Token>) -> AcquiredToken {
        AcquiredToken::from_network(token, self.issuer.now().wall)
    }

    /// Keeps a token in memory. One of unknown end is never returned, but displaces the one that the caller rejects.
    pub(super) fn cache(&self, key: CacheKey, token: &Arc<Token>, request: &Request) {
        let is_of_use = token.expires_on != UNKNOWN_END || request.settings().demands_new_token();
        if let Some(memory) = self.memory.as_ref().filter(|_| is_of_use) {
            memory.cache.put(key, Arc::clone(token), self.issuer.now());
        }
    }

    /// What the store has; nothing if it fails.
    fn look(&self, store: &dyn TokenStore, wanted: &Wanted<'_>) -> Found {
        self.note_failure(store.find(wanted))
    }

    /// Records a failure of the store and goes on without it: the issuer can still issue the token.
    pub(super) fn note_failure<T: Default>(&self, outcome: Result<T>) -> T {
        outcome.unwrap_or_else(|error| {
            log::warn!("tokens are not shared with other processes for now: {error}");
            let mut failure = self.store_failure.lock().unwrap_or_else(PoisonError::into_inner);
            failure.get_or_insert(error);
            T::default()
        })
    }

    pub(super) fn satisfies(&self, found: Option<&Token>, request: &Request, demand: Demand) -> bool {
        let expires_on = found.map(|token| token.expires_on);
        expires_on.is_some_and(|expires_on| match demand {
            Demand::LongEnough => {
                let now = self.issuer.now().wall;
                let needed = now.checked_add(request.settings().minimum_lifetime);
                needed.is_some_and(|needed| expires_on > needed)
            }
            Demand::NewerThan(old) => expires_on > old,
            Demand::JustIssued => false,
        })
    }
}

impl Owner {
    /// The owner of the tokens of an application with these capabilities.
    pub fn of(application: &Application, capabilities: &Capabilities) -> Self {
        Self {
            authority: application.authority().clone(),
            client_id: application.client_id().to_owned(),
            credential: application.credential().cloned(),
            capabilities: capabilities.text(),
        }
    }

    /// What `request` asks for, described so that a store outside this process understands it.
    pub(super) fn wanted<'a>(&'a self, request: &'a Request, clock_skew: i64) -> Wanted<'a> {
        Wanted {
            authority: &self.authority,
            client_id: &self.client_id,
            credential: self.credential.as_ref(),
            grant: request.grant(),
            scopes: request.scopes(),
            capabilities: &self.capabilities,
            refuses_older: request.settings().demands_new_token(),
            clock_skew,
        }
    }
}

/// Whether the refresh token was refused and the user has to sign in again.
fn refuses_refresh_token(error: &Error, request: &Request) -> bool {
    request.grant().refresh_token().is_some() && ends_refresh_token(error)
}

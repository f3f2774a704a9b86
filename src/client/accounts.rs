//! The accounts of users who signed in: their tokens without the users, and their sign-out.

use std::sync::Arc;
use std::time::Instant;

use crate::authority::Authority;
use crate::base::digest::Digest;
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{ACCOUNT, CACHE_NAME};
use crate::base::quote::{quote, quote_account_id};
use crate::client::sources::{Demand, Owner, Sources};
use crate::request::Request;
use crate::request::grant::{Account, Grant as _, RefreshToken};
use crate::request::scope::Scopes;
use crate::request::settings::RequestSettings;
use crate::service::response::{OfRefreshToken, meaning_for_refresh_token};
use crate::store::accounts::{AccountStore, CachedAccount, Match, SignedIn};
use crate::store::file::{TokenSelection, belongs_to};
use crate::store::{Turn, Wanted};
use crate::token::{AcquiredToken, Token};

impl Sources {
    /// The accounts of users who signed in at the authority, one for each user.
    pub fn accounts(&self) -> Result<Vec<CachedAccount>> {
        match self.account_store() {
            Some((store, owner)) => store.accounts(&owner.authority),
            None => Ok(Vec::new()),
        }
    }

    /// Signs out the account with this name or id: its tokens are forgotten, in the store and in memory. An account that
    /// is not there is no error.
    pub fn sign_out(&self, name: &str) -> Result<()> {
        let Some((store, owner)) = self.account_store() else {
            return Ok(());
        };
        let (scopes, settings, grant) = (Scopes::default(), RequestSettings::default(), Account::new(name)?);
        if grant.account() == Some("") {
            return Err(Error::new(
                Status::InvalidArgument,
                "No account to sign out was named.",
                format!("Set {ACCOUNT} to the user's sign-in name or home account id."),
            ));
        }
        let request = Request::new(Arc::new(grant), scopes, settings);
        let account = match store.find_account(&owner.wanted(&request, 0))? {
            Match::None => return Ok(()),
            Match::One(signed_in) => signed_in.account,
            Match::Several(accounts) => return Err(several(&accounts, name)),
        };
        store.sign_out(&account)?;
        if let Some(memory) = &self.memory {
            let meant = TokenSelection::new("", "", &account.home_account_id);
            let removed = memory.cache.remove(|token| meant.covers(token));
            let tokens: Vec<_> = removed.iter().filter_map(|token| token.refresh_token()).collect();
            memory.refresh_tokens.forget_newest(&tokens);
        }
        Ok(())
    }

    /// Obtains a token for the account that the request names: the one that is kept, or with a refresh token of the
    /// account. The user takes no part.
    pub(super) fn obtain_for_account(
        &self,
        request: &Request,
        demand: Demand,
        began: Instant,
    ) -> Result<AcquiredToken> {
        let Some((store, owner)) = self.account_store() else {
            return Err(not_signed_in(request));
        };
        let wanted = owner.wanted(request, self.issuer().clock_skew());
        let mut signed_in = self.find_account(store, &wanted, request)?;
        let mut turn = Turn::default();
        if !self.satisfies(signed_in.token.as_ref(), request, demand) {
            let patience = self.issuer().time_limit(request) / 2;
            let shared = self.store.as_ref().filter(|store| store.account_store().is_some());
            turn = self.note_failure(shared.map_or(Ok(Turn::default()), |store| store.take_turn(&wanted, patience)));
            if turn.others_were_first {
                signed_in = self.find_account(store, &wanted, request)?;
            }
        }
        let is_enough = self.satisfies(signed_in.token.as_ref(), request, demand);
        if let Some(token) = signed_in.token.take().filter(|_| is_enough) {
            return Ok(AcquiredToken::from_cache(Arc::new(token), self.issuer().now().wall));
        }
        let token = self.refresh(store, &wanted, request, &signed_in, began)?;
        drop(turn);
        Ok(self.just_issued(token))
    }

    /// Keeps the user of a token in memory, if no store keeps the accounts of this client.
    pub(super) fn keep_in_memory(&self, request: &Request, token: &Token) {
        let is_elsewhere = self.store.as_ref().is_some_and(|store| store.account_store().is_some());
        // On behalf of a caller, the application acts as a user who has not signed in to it.
        if is_elsewhere || token.user.is_none() || request.grant().user_assertion().is_some() {
            return;
        }
        if let (Some(memory), Some(owner)) = (&self.memory, &self.owner) {
            let wanted = owner.wanted(request, self.issuer().clock_skew());
            self.note_failure(memory.accounts.keep(&wanted, token, self.issuer().now().wall));
        }
    }

    /// Where the accounts of this client are: a store for other processes, or memory.
    fn account_store(&self) -> Option<(&dyn AccountStore, &Owner)> {
        let shared = self.store.as_ref().and_then(|store| store.account_store());
        let in_memory = || {
            self.memory
                .as_ref()
                .map(|memory| &*memory.accounts as &dyn AccountStore)
        };
        Some((shared.or_else(in_memory)?, self.owner.as_ref()?))
    }

    /// Tells apart the places of accounts in this process.
    pub(super) fn account_place(&self) -> Digest {
        let address = self
            .account_store()
            .map_or(0, |(store, _)| std::ptr::from_ref(store).addr());
        Digest::of(&[&address.to_ne_bytes()])
    }

    fn find_account(&self, store: &dyn AccountStore, wanted: &Wanted<'_>, request: &Request) -> Result<SignedIn> {
        match self.note_failure(store.find_account(wanted)) {
            Match::None => Err(not_signed_in(request)),
            Match::One(signed_in) => Ok(*signed_in),
            Match::Several(accounts) => Err(several(&accounts, name_in(request))),
        }
    }

    /// Obtains a token with one of the refresh tokens of an account, and keeps what comes with it.
    ///
    /// # Errors
    /// The last refusal, after which the user has to act.
    fn refresh(
        &self,
        store: &dyn AccountStore,
        wanted: &Wanted<'_>,
        request: &Request,
        signed_in: &SignedIn,
        began: Instant,
    ) -> Result<Arc<Token>> {
        let mut refusal = None;
        let mut is_outside_of_family = false;
        for candidate in &signed_in.refresh_tokens {
            if candidate.is_of_family && is_outside_of_family {
                continue;
            }
            let grant = RefreshToken::new(candidate.token.clone())?;
            let error = match self.issuer().issue(request, &grant, began) {
                Ok(token) => {
                    refuse_other_user(&token, &signed_in.account, wanted.authority)?;
                    // What was issued may have told how the clocks differ.
                    let wanted = Wanted {
                        clock_skew: self.issuer().clock_skew(),
                        ..*wanted
                    };
                    let now = self.issuer().now().wall;
                    let kept = store.keep_for_account(&wanted, &signed_in.account, &candidate.token, &token, now);
                    self.note_failure(kept);
                    return Ok(Arc::new(token));
                }
                Err(error) => error,
            };
            match meaning_for_refresh_token(&error) {
                OfRefreshToken::OtherClient => {
                    is_outside_of_family = true;
                    self.note_failure(store.leave_family(wanted));
                    continue;
                }
                OfRefreshToken::Dead => self.note_failure(store.forget_token(wanted, &candidate.token)),
                OfRefreshToken::Refused => {}
                OfRefreshToken::Nothing => return Err(error),
            }
            refusal = Some(error);
        }
        // Whatever the service says of the tokens: only the user can get another one.
        let refusal = refusal.map(|error: Error| error.with_status(Status::InteractionRequired));
        Err(refusal.unwrap_or_else(|| no_refresh_token(&signed_in.account)))
    }
}

fn name_in(request: &Request) -> &str {
    request.grant().account().unwrap_or_default()
}

fn refuse_other_user(token: &Token, account: &CachedAccount, authority: &Authority) -> Result<()> {
    let user = token.user.as_deref();
    if user.is_none_or(|user| belongs_to(user, &account.home_account_id, authority)) {
        return Ok(());
    }
    Err(Error::new(
        Status::MalformedResponse,
        format!(
            "The service answered the refresh token of {} with the token of another user.",
            shown(account)
        ),
        "Report this to whoever runs the token service. Nothing was kept.",
    ))
}

fn not_signed_in(request: &Request) -> Error {
    let name = name_in(request);
    let message = if name.is_empty() {
        "No user has signed in to this application and tenant.".to_owned()
    } else {
        format!("The account {} is not signed in.", quote(name, &[]))
    };
    Error::new(
        Status::InteractionRequired,
        message,
        format!("Have the user sign in. With {CACHE_NAME}, users stay signed in for other processes."),
    )
}

fn several(accounts: &[CachedAccount], name: &str) -> Error {
    let shown: Vec<String> = accounts.iter().map(shown).collect();
    let hint = format!("Use {ACCOUNT} to name one of them by the id.");
    if name.is_empty() {
        // The user can choose.
        let message = format!("Several users have signed in: {}.", shown.join(", "));
        return Error::new(Status::InteractionRequired, message, hint);
    }
    Error::new(
        Status::InvalidArgument,
        format!("Several accounts have the name in {ACCOUNT}: {}.", shown.join(", ")),
        hint,
    )
}

fn no_refresh_token(account: &CachedAccount) -> Error {
    Error::new(
        Status::InteractionRequired,
        format!(
            "The account {} has no refresh token that this application can use.",
            shown(account)
        ),
        "Have the user sign in again.",
    )
}

/// The name and the id of an account, for a message.
fn shown(account: &CachedAccount) -> String {
    let id = quote_account_id(&account.home_account_id);
    format!("{} ({id})", quote(&account.username, &[]))
}

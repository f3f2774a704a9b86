//! Stores that know whose tokens they keep: the accounts of users who signed in.

use std::time::SystemTime;

use crate::authority::Authority;
use crate::base::error::Result;
use crate::base::secret::Secret;
use crate::store::Wanted;
use crate::token::Token;

/// A user's account, as caches in MSAL's schema describe it. Its texts are without invisible characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CachedAccount {
    /// Identifies the user in every tenant: `uid.utid`, or the subject of the id token if the service tells no more.
    pub home_account_id: String,
    /// Identifies the user in this tenant: the claim `oid` of the id token, or else `sub`.
    pub local_account_id: String,
    /// The sign-in name.
    pub username: String,
    /// The display name; empty if it is unknown.
    pub name: String,
    /// The tenant in which the user signed in, as the cache names it.
    pub tenant: String,
    /// The cloud or the host, as caches name it.
    pub environment: String,
    /// `MSSTS`, `ADFS` or `Generic`.
    pub authority_type: String,
}

/// The accounts that a caller can mean.
#[derive(Default)]
pub enum Match {
    /// None of them.
    #[default]
    None,
    /// Exactly one.
    One(Box<SignedIn>),
    /// More than one.
    Several(Vec<CachedAccount>),
}

/// What is kept for an account.
pub struct SignedIn {
    /// The account.
    pub account: CachedAccount,
    /// The access token that the caller wants. It may have expired.
    pub token: Option<Token>,
    /// The refresh tokens that the caller may try, in this order.
    pub refresh_tokens: Vec<AccountRefreshToken>,
}

/// A refresh token of an account.
pub struct AccountRefreshToken {
    /// The token.
    pub token: Secret,
    /// Whether it was issued to another application of the caller's family, if the caller belongs to it.
    pub is_of_family: bool,
}

/// Keeps the accounts of users who signed in. The account is [`Wanted::grant`]'s; several threads use a store at once.
pub trait AccountStore {
    /// The accounts at the authority, one for each user, in the order of their names. If a user has one in the
    /// authority's tenant, it is that one.
    fn accounts(&self, authority: &Authority) -> Result<Vec<CachedAccount>>;

    /// The accounts that the grant names, with what is kept for the caller.
    ///
    /// Without a name it is the accounts that signed in to this application and tenant.
    fn find_account(&self, wanted: &Wanted<'_>) -> Result<Match>;

    /// Keeps a token for `account`, which was issued at `now` for its refresh token `used`, with what came with it. An
    /// account that was signed out meanwhile stays signed out, and nothing is kept.
    fn keep_for_account(
        &self,
        wanted: &Wanted<'_>,
        account: &CachedAccount,
        used: &Secret,
        token: &Token,
        now: SystemTime,
    ) -> Result<()>;

    /// Remembers that the application does not belong to the family.
    fn leave_family(&self, wanted: &Wanted<'_>) -> Result<()>;

    /// Forgets a refresh token that the service will never accept again.
    fn forget_token(&self, wanted: &Wanted<'_>, token: &Secret) -> Result<()>;

    /// Removes everything of the account: tokens of any application and tenant, and its entries. The account is
    /// identified by its home account id and environment.
    fn sign_out(&self, account: &CachedAccount) -> Result<()>;
}

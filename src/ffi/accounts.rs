//! `gt_accounts`: the users who signed in, their tokens without them, and their sign-out.

use std::sync::Arc;

use crate::base::error::{Error, Result, Status};
use crate::ffi::call::{call, free, plain_call};
use crate::ffi::client::GtClient;
use crate::ffi::error::GtError;
use crate::ffi::handle::Object;
use crate::ffi::options::GtOptions;
use crate::ffi::request::GtRequest;
use crate::ffi::text::GtStr;
use crate::request::Request;
use crate::request::grant::Account;
use crate::request::scope::Scopes;
use crate::store::accounts::CachedAccount;

/// The users who signed in, as they were when they were looked up. Immutable; any thread may read it. Freed with
/// `gt_accounts_free`.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtAccounts {
    accounts: Vec<CachedAccount>,
}

impl Object for GtAccounts {
    const NAME: &'static str = "gt_accounts";
}

impl GtAccounts {
    fn at(&self, index: u64) -> Result<&CachedAccount> {
        let account = usize::try_from(index).ok().and_then(|index| self.accounts.get(index));
        account.ok_or_else(|| {
            Error::new(
                Status::InvalidArgument,
                format!("There is no account number {index}."),
                "Pass an index below the number of accounts.",
            )
        })
    }
}

/// Lists the users who signed in at the authority of `client`, one account for each user: those in the file of the option
/// `cache.name`, which MSAL's libraries may have written, or without a file those in memory, where clients with the
/// option `cache` = `process` share them. A user has signed in when a token was issued for a device code, a password or a
/// refresh token. Redis and a program's own store keep no accounts: users of their clients are in memory.
///
/// Status 400 to 403 when the file cannot be used.
///
/// # Safety
/// `client` is a live handle or NULL, `accounts_out` points to memory for a pointer or is NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_accounts(
    client: *const GtClient,
    accounts_out: *mut *mut GtAccounts,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(accounts_out, error_out, |client: &GtClient| {
        let accounts = client.client.accounts()?;
        Ok(GtAccounts { accounts })
    })
}

/// Signs out the user with this account: a sign-in name, in any letter case, a home account id or an id in a tenant.
///
/// Everything of the user is removed where `client` keeps accounts: the tokens for every application and tenant, the
/// refresh tokens, also those of a family of applications, id tokens and the account. That there is no such account is
/// no error. Local only: the service is not told, tokens that were issued live on, and so does the session of the user's
/// browser. Status 100 when several accounts have the name, 400 to 403 when the file cannot be read, written or locked.
///
/// # Safety
/// `client` is a live handle or NULL, `account` is readable for its length, `error_out` points to memory for a pointer
/// or is NULL.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_client_sign_out(
    client: *const GtClient,
    account: GtStr,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(error_out, |client: &GtClient, account: &str| client
        .client
        .sign_out(account))
}

/// A token for a user who signed in earlier, without the user: the cached one, or a new one by a refresh token of the
/// user. Public clients also use the refresh token of their family of applications.
///
/// `account` is a sign-in name, in any letter case, a home account id or an id in a tenant, as `gt_client_accounts` lists
/// them. An empty text stands for the only user who has signed in to the application and tenant of the client.
/// `gt_client_acquire` gives status 303 when the user has to sign in, so that a program tries this first and the user
/// then; 100 when several accounts have the name. Where the accounts are, see `gt_client_accounts`. `scopes` and `options`
/// as for `gt_request_new_client_credentials`; with `force_refresh`, `claims` or `challenge` the refresh token is used.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `request_out` points to memory for a pointer or is
/// NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_request_new_account(
    account: GtStr,
    scopes: GtStr,
    options: *const GtOptions,
    request_out: *mut *mut GtRequest,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(
        request_out,
        error_out,
        |account: &str, scopes: &str, options: Option<&GtOptions>| {
            let settings = GtOptions::copy(options).request;
            let grant = Arc::new(Account::new(account)?);
            Ok(GtRequest {
                request: Request::new(grant, Scopes::parse(scopes)?, settings),
            })
        }
    )
}

/// How many accounts there are.
///
/// # Safety
/// `accounts` is a live handle or NULL, `count_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_accounts_count(accounts: *const GtAccounts, count_out: *mut u64) -> i32 {
    plain_call!(count_out, |accounts: &GtAccounts| accounts.accounts.len() as u64)
}

/// The sign-in name of the account at `index`, from 0 on. Status 100 when there is none there.
///
/// # Safety
/// `accounts` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_accounts_username(accounts: *const GtAccounts, index: u64, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |accounts: &GtAccounts| &*accounts.at(index)?.username)
}

/// What identifies the user of the account at `index`, from 0 on, in every tenant: `uid.utid`, or the subject of the id
/// token where the service tells no more. Status 100 when there is none there.
///
/// # Safety
/// `accounts` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_accounts_home_account_id(
    accounts: *const GtAccounts,
    index: u64,
    text_out: *mut GtStr,
) -> i32 {
    plain_call!(text_out, |accounts: &GtAccounts| &*accounts.at(index)?.home_account_id)
}

/// What identifies the user of the account at `index`, from 0 on, in its tenant: the claim `oid` of the id token, or
/// else `sub`. Status 100 when there is none there.
///
/// # Safety
/// `accounts` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_accounts_local_account_id(
    accounts: *const GtAccounts,
    index: u64,
    text_out: *mut GtStr,
) -> i32 {
    plain_call!(text_out, |accounts: &GtAccounts| &*accounts.at(index)?.local_account_id)
}

/// The display name of the account at `index`, from 0 on; empty if it is unknown. Status 100 when there is none there.
///
/// # Safety
/// `accounts` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_accounts_name(accounts: *const GtAccounts, index: u64, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |accounts: &GtAccounts| &*accounts.at(index)?.name)
}

/// The tenant in which the user of the account at `index`, from 0 on, has signed in, as the cache names it. Status 100
/// when there is none there.
///
/// # Safety
/// `accounts` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_accounts_tenant(accounts: *const GtAccounts, index: u64, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |accounts: &GtAccounts| &*accounts.at(index)?.tenant)
}

/// The cloud or the host of the account at `index`, from 0 on, as caches name it. Status 100 when there is none there.
///
/// # Safety
/// `accounts` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_accounts_environment(accounts: *const GtAccounts, index: u64, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |accounts: &GtAccounts| &*accounts.at(index)?.environment)
}

/// The kind of authority of the account at `index`, from 0 on: `MSSTS`, `ADFS` or `Generic`. Status 100 when there is
/// none there.
///
/// # Safety
/// `accounts` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_accounts_authority_type(
    accounts: *const GtAccounts,
    index: u64,
    text_out: *mut GtStr,
) -> i32 {
    plain_call!(text_out, |accounts: &GtAccounts| &*accounts.at(index)?.authority_type)
}

/// Frees the list. NULL is ignored.
///
/// # Safety
/// `accounts` is a live handle that no other thread is using, or NULL.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_accounts_free(accounts: *mut GtAccounts) {
    free!(accounts);
}

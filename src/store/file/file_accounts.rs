//! The accounts in a file.

use std::time::SystemTime;

use crate::authority::Authority;
use crate::base::error::Result;
use crate::base::secret::Secret;
use crate::store::Wanted;
use crate::store::accounts::{AccountStore, CachedAccount, Match};
use crate::store::file::target::Target;
use crate::store::file::{FileStore, removal};
use crate::token::Token;

impl AccountStore for FileStore {
    fn accounts(&self, authority: &Authority) -> Result<Vec<CachedAccount>> {
        Ok(self.read()?.accounts(authority))
    }

    fn find_account(&self, wanted: &Wanted<'_>) -> Result<Match> {
        Ok(self.read()?.find_account(&Target::new(wanted)))
    }

    fn keep_for_account(
        &self,
        wanted: &Wanted<'_>,
        account: &CachedAccount,
        used: &Secret,
        token: &Token,
        now: SystemTime,
    ) -> Result<()> {
        self.change(|contents| contents.keep_for_account(&Target::new(wanted), account, used, token, now))
    }

    fn leave_family(&self, wanted: &Wanted<'_>) -> Result<()> {
        self.change(|contents| {
            contents.leave_family(&Target::new(wanted));
            Ok(())
        })
    }

    fn forget_token(&self, _: &Wanted<'_>, token: &Secret) -> Result<()> {
        self.change(|contents| {
            contents.forget_token(token);
            Ok(())
        })
    }

    fn sign_out(&self, account: &CachedAccount) -> Result<()> {
        if !self.place.was_used() {
            return Ok(());
        }
        // The key stays: this process may write the next token with it.
        self.take_away(
            || {},
            |contents| {
                removal::sign_out(contents, account);
                Ok(())
            },
        )
    }
}

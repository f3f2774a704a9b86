//! The accounts of this process, for clients without a file.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::SystemTime;

use crate::authority::Authority;
use crate::base::error::Result;
use crate::base::secret::Secret;
use crate::store::Wanted;
use crate::store::accounts::{AccountStore, CachedAccount, Match};
use crate::store::file::contents::{ACCESS_TOKEN, ACCOUNT, Contents, REFRESH_TOKEN};
use crate::store::file::document::{seconds, text};
use crate::store::file::removal;
use crate::store::file::selection::TokenSelection;
use crate::store::file::target::Target;
use crate::token::Token;

/// The users who signed in to clients without a file, kept as a file would keep them.
///
/// The number of accounts is bounded: the least recently used ones are forgotten first. Several threads use it at once.
#[derive(Default)]
pub struct MemoryAccounts(Mutex<Contents>);

/// The most accounts. Users act for them, so that a process has few; a server has other grants for the users that it
/// serves.
const MOST: usize = 1_000;

impl MemoryAccounts {
    /// The accounts that clients of this process may share.
    pub fn of_process() -> Arc<Self> {
        static ACCOUNTS: OnceLock<Arc<MemoryAccounts>> = OnceLock::new();
        Arc::clone(ACCOUNTS.get_or_init(Arc::default))
    }

    /// Keeps the user of a token that was issued at `now`: the user has signed in.
    pub fn keep(&self, wanted: &Wanted<'_>, token: &Token, now: SystemTime) -> Result<()> {
        let mut contents = self.lock();
        contents.keep(&Target::new(wanted), token, now, true)?;
        while contents.document.entries(ACCOUNT).count() > MOST {
            forget_oldest(&mut contents);
        }
        Ok(())
    }

    /// Forgets what `selection` covers, as [`FileStore::remove`](super::FileStore::remove) does.
    pub fn remove(&self, selection: &TokenSelection) -> Result<()> {
        removal::remove(&mut self.lock(), selection).map(drop)
    }

    /// Forgets every account.
    pub fn clear(&self) {
        *self.lock() = Contents::default();
    }

    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn forget_oldest(contents: &mut Contents) {
    let mut last_uses: HashMap<&str, i64> = HashMap::new();
    for (node, member) in [(REFRESH_TOKEN, "last_modification_time"), (ACCESS_TOKEN, "cached_at")] {
        for (_, entry) in contents.document.entries(node) {
            let last_use = last_uses.entry(text(entry, "home_account_id")).or_default();
            *last_use = (*last_use).max(seconds(entry, member).unwrap_or_default());
        }
    }
    let oldest = contents.document.entries(ACCOUNT).min_by_key(|(_, entry)| {
        let last_use = last_uses.get(text(entry, "home_account_id"));
        last_use.copied().unwrap_or_default()
    });
    let Some((_, entry)) = oldest else { return };
    let account = CachedAccount {
        home_account_id: text(entry, "home_account_id").to_owned(),
        environment: text(entry, "environment").to_owned(),
        ..CachedAccount::default()
    };
    removal::sign_out(contents, &account);
}

impl AccountStore for MemoryAccounts {
    fn accounts(&self, authority: &Authority) -> Result<Vec<CachedAccount>> {
        Ok(self.lock().accounts(authority))
    }

    fn find_account(&self, wanted: &Wanted<'_>) -> Result<Match> {
        Ok(self.lock().find_account(&Target::new(wanted)))
    }

    fn keep_for_account(
        &self,
        wanted: &Wanted<'_>,
        account: &CachedAccount,
        used: &Secret,
        token: &Token,
        now: SystemTime,
    ) -> Result<()> {
        self.lock()
            .keep_for_account(&Target::new(wanted), account, used, token, now)
    }

    fn leave_family(&self, wanted: &Wanted<'_>) -> Result<()> {
        self.lock().leave_family(&Target::new(wanted));
        Ok(())
    }

    fn forget_token(&self, _: &Wanted<'_>, token: &Secret) -> Result<()> {
        self.lock().forget_token(token);
        Ok(())
    }

    fn sign_out(&self, account: &CachedAccount) -> Result<()> {
        removal::sign_out(&mut self.lock(), account);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_account_that_was_not_used_for_longest_is_forgotten_first() {
        let of = |home: &str| json!({"home_account_id": home, "environment": "e"});
        let mut used = of("used.t");
        used["last_modification_time"] = "9".into();
        let mut unused = of("unused.t");
        unused["cached_at"] = "8".into();
        let document = json!({
            "Account": {"1": of("used.t"), "2": of("unused.t")},
            "RefreshToken": {"1": used}, "AccessToken": {"2": unused},
        });
        let mut contents = Contents::parse(document.to_string().as_bytes()).unwrap();
        forget_oldest(&mut contents);
        let left: Vec<_> = contents
            .document
            .entries(ACCOUNT)
            .map(|(key, _)| key.to_owned())
            .collect();
        assert_eq!(left, ["1"]);
        assert_eq!(contents.document.entries(ACCESS_TOKEN).count(), 0);
    }
}

//! Which of the tokens in a cache a caller means.

use serde_json::{Map, Value};

use crate::base::pasted;
use crate::store::file::account::Account;
use crate::store::file::document::text;
use crate::token::Token;

/// Narrows the tokens of a cache. A part that is `None` stands for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenSelection {
    /// The tenant, as the cache names it.
    pub tenant: Option<String>,
    /// The application.
    pub client_id: Option<String>,
    /// The account: a sign-in name, a home account id (`uid.utid`) or the id of the user in a tenant.
    pub account: Option<String>,
}

impl TokenSelection {
    /// Reads the parts, of which an empty one stands for all. What was pasted around them does not matter.
    pub fn new(tenant: &str, client_id: &str, account: &str) -> Self {
        let given = |text: String| (!text.is_empty()).then_some(text);
        Self {
            tenant: given(pasted::id(tenant)),
            client_id: given(pasted::id(client_id)),
            account: given(pasted::unwrapped(account).to_owned()),
        }
    }

    /// Whether it narrows nothing.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it covers a token in memory.
    pub fn covers(&self, token: &Token) -> bool {
        let is_of_account = |name: &String| {
            let account = token.user.as_deref().map(|user| Account::of(user, ""));
            account.is_some_and(|account| {
                is_named(
                    name,
                    &account.username,
                    &account.home_account_id,
                    &account.local_account_id,
                )
            })
        };
        self.covers_client(&token.holder.tenant_id, &token.holder.client_id)
            && self.account.as_ref().is_none_or(is_of_account)
    }

    /// Whether it covers an application in a tenant.
    pub(super) fn covers_client(&self, tenant: &str, client_id: &str) -> bool {
        let covers =
            |part: &Option<String>, text: &str| part.as_ref().is_none_or(|part| part.eq_ignore_ascii_case(text));
        covers(&self.tenant, tenant) && covers(&self.client_id, client_id)
    }
}

/// Whether `name` names the account of an entry.
pub(super) fn is_account(name: &str, entry: &Map<String, Value>) -> bool {
    let [username, home, local] = ["username", "home_account_id", "local_account_id"].map(|member| text(entry, member));
    is_named(name, username, home, local)
}

/// Whether `name` names an account: its sign-in name in any letter case, or one of its ids.
fn is_named(name: &str, username: &str, home_account_id: &str, local_account_id: &str) -> bool {
    username.to_lowercase() == name.to_lowercase() || home_account_id == name || local_account_id == name
}

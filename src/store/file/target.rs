//! What a caller wants, in the terms of the cache.

use aws_lc_rs::digest;
use base64::Engine as _;
use serde_json::{Map, Value};

use crate::authority::Authority;
use crate::authority::cloud::Cloud;
use crate::base::digest::Digest;
use crate::base::short_list;
use crate::request::scope::RESERVED;
use crate::store::Wanted;
use crate::store::file::document::{ASKED, CAPABILITIES, text};
use crate::token::jwt::BASE64URL;

/// How many turns there are. Callers that want different tokens may share one, and then wait for each other.
pub(super) const TURNS: u8 = 64;

/// The token that a caller wants.
pub(super) struct Target<'a> {
    pub(super) wanted: &'a Wanted<'a>,
    /// The names of this authority in caches. The first one is that of its cloud.
    environments: Vec<String>,
    /// The host of the authority, with its port if it has one.
    host: String,
    /// The scopes in canonical form.
    pub(super) asked: String,
    /// The hash of the user assertion, as MSAL.NET (`UserAssertion.AssertionHash`) makes it.
    pub(super) user_assertion_hash: Option<String>,
}

impl<'a> Target<'a> {
    pub(super) fn new(wanted: &'a Wanted<'a>) -> Self {
        let asked = if wanted.scopes.is_empty() {
            match wanted.authority.default_scope() {
                // What the authority decides is no scope that an entry could name.
                none if none.is_empty() => "*".to_owned(),
                scope => scope.to_ascii_lowercase(),
            }
        } else {
            wanted.scopes.canonical()
        };
        let host = host(wanted.authority);
        Self {
            environments: environments(&host),
            host,
            asked,
            user_assertion_hash: wanted
                .grant
                .user_assertion()
                .map(|assertion| BASE64URL.encode(digest::digest(&digest::SHA256, assertion.expose()))),
            wanted,
        }
    }

    /// Every name of the authority in caches.
    #[cfg(feature = "flows")]
    pub(super) fn environments(&self) -> &[String] {
        &self.environments
    }

    /// The name of the authority in entries of users.
    pub(super) fn environment(&self) -> &str {
        &self.environments[0]
    }

    /// The name of the authority in entries of applications. MSAL.NET finds them under every name of the cloud, MSAL
    /// Python (`_acquire_token_silent_from_cache_and_possibly_refresh_it`) only under the name of the host.
    pub(super) fn application_environment(&self) -> &str {
        &self.host
    }

    /// Whether an entry belongs to the same application at the same service.
    pub(super) fn is_of_client(&self, entry: &Map<String, Value>) -> bool {
        text(entry, "client_id").eq_ignore_ascii_case(self.wanted.client_id) && self.is_of_environment(entry)
    }

    /// Whether an entry belongs to the same service.
    pub(super) fn is_of_environment(&self, entry: &Map<String, Value>) -> bool {
        let environment = text(entry, "environment");
        self.environments
            .iter()
            .any(|known| known.eq_ignore_ascii_case(environment))
    }

    /// Whether the entry of an access token is for the same tenant and covers the scopes.
    pub(super) fn is_enough(&self, entry: &Map<String, Value>) -> bool {
        let token_type = text(entry, "token_type");
        self.is_of_client(entry)
            && text(entry, "credential_type").eq_ignore_ascii_case("AccessToken")
            && (token_type.is_empty() || token_type.eq_ignore_ascii_case("Bearer"))
            && text(entry, "realm").eq_ignore_ascii_case(self.wanted.authority.realm())
            && text(entry, CAPABILITIES) == self.wanted.capabilities
            && self.is_covered_by(entry)
    }

    fn is_covered_by(&self, entry: &Map<String, Value>) -> bool {
        if text(entry, ASKED) == self.asked {
            return true;
        }
        let is_user = !self.wanted.grant.is_for_application();
        let target: Vec<&str> = text(entry, "target").split_ascii_whitespace().collect();
        let mut needed = self
            .asked
            .split(' ')
            .filter(|scope| !(is_user && RESERVED.contains(scope)))
            .peekable();
        needed.peek().is_some() && needed.all(|scope| target.iter().any(|held| held.eq_ignore_ascii_case(scope)))
    }

    #[cfg(feature = "flows")]
    fn account(&self) -> Option<&str> {
        self.wanted.grant.account()
    }

    #[cfg(not(feature = "flows"))]
    #[allow(clippy::unused_self, reason = "there are accounts in other builds")]
    fn account(&self) -> Option<&str> {
        None
    }

    /// The number of the turn, which is the same for all callers that want the same token for the same user. Different
    /// tokens may share a number.
    pub(super) fn turn(&self) -> u8 {
        let grant = self.wanted.grant;
        let client = [self.environment(), self.wanted.client_id].map(str::to_ascii_lowercase);
        let client = Digest::of(&client.each_ref().map(String::as_bytes));
        let digest = if let Some(token) = grant.refresh_token() {
            // Independent of the scopes: each use of the token replaces it.
            Digest::of(&[client.as_bytes(), token.expose()])
        } else if let Some(account) = self.account() {
            // Likewise.
            Digest::of(&[client.as_bytes(), account.to_lowercase().as_bytes()])
        } else {
            let username = grant.username().unwrap_or_default().to_lowercase();
            let tenant = self.wanted.authority.realm().to_ascii_lowercase();
            let assertion = self.user_assertion_hash.as_deref().unwrap_or_default();
            let parts = [
                &username,
                &tenant,
                self.asked.as_str(),
                self.wanted.capabilities,
                assertion,
            ];
            let parts = Digest::of(&parts.map(str::as_bytes));
            Digest::of(&[client.as_bytes(), parts.as_bytes()])
        };
        digest.as_bytes()[0] % TURNS
    }
}

/// The granted scopes in the order in which MSAL writes them.
pub(super) fn msal_target(scopes: &str) -> String {
    let mut words: Vec<&str> = scopes.split_ascii_whitespace().collect();
    short_list::sort(&mut words, |one, other| {
        one.to_ascii_lowercase() < other.to_ascii_lowercase()
    });
    words.dedup();
    words.join(" ")
}

/// The names of an authority in caches. The first one is that of its cloud.
#[cfg(feature = "flows")]
pub(super) fn environments_of(authority: &Authority) -> Vec<String> {
    environments(&host(authority))
}

/// Host and port. Several issuers that only their metadata describe may share them, so the path tells those apart.
fn host(authority: &Authority) -> String {
    let address = if authority.needs_discovery() {
        authority.to_string()
    } else {
        authority.base().to_owned()
    };
    let host = address.split_once("://").map_or(&*address, |(_, host)| host);
    host.to_ascii_lowercase()
}

/// The name by which entries of users know an environment, in lower case.
pub(super) fn canonical_environment(name: &str) -> String {
    environments(&name.to_ascii_lowercase()).swap_remove(0)
}

/// Whether two names of an environment stand for the same service.
pub(super) fn is_same_environment(one: &str, other: &str) -> bool {
    environments(&one.to_ascii_lowercase())
        .iter()
        .any(|name| name.eq_ignore_ascii_case(other))
}

/// A known cloud has one name for all of its hosts; MSAL Python writes the name of the host. For other authorities it
/// is the host, with its port if it has one: another port is another service.
fn environments(host: &str) -> Vec<String> {
    let is_of = |cloud: &Cloud| cloud.login_hosts().contains(&host) || cloud.cache_name() == host;
    let cloud = Cloud::ALL.into_iter().find(is_of);
    match cloud {
        None => vec![host.to_owned()],
        Some(cloud) => {
            let mut names = vec![cloud.cache_name().to_owned()];
            names.extend(cloud.login_hosts().iter().map(|&host| host.to_owned()));
            names
        }
    }
}

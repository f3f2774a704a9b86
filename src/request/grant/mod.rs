//! Grants: the ways to request a token (RFC 6749 section 1.3). Each file has one.

#[cfg(feature = "flows")]
pub mod account;
#[cfg(feature = "flows")]
pub mod authorization_code;
#[cfg(feature = "flows")]
pub mod callers;
pub mod client_credentials;
#[cfg(feature = "flows")]
pub mod device_code;
pub mod on_behalf_of;
pub mod password;
#[cfg(feature = "flows")]
pub mod polling;
pub mod refresh_token;

#[cfg(feature = "flows")]
pub use account::Account;
#[cfg(feature = "flows")]
pub use authorization_code::SignIn;
pub use client_credentials::ClientCredentials;
#[cfg(feature = "flows")]
pub use device_code::DeviceCode;
pub use on_behalf_of::OnBehalfOf;
pub use password::Password;
pub use refresh_token::RefreshToken;

use std::fmt::Debug;

use crate::base::digest::Digest;
use crate::base::secret::Secret;
use crate::http::form::Form;
#[cfg(feature = "flows")]
use crate::request::grant::{authorization_code::Authorization, callers::Callers, polling::Polling};
use crate::request::scope::{self, ScopeTerms, Scopes};

/// A grant. `Debug` shows no secret.
pub trait Grant: Debug + Send + Sync {
    /// The kind of grant. It is part of record names that other processes and versions read, so it never changes.
    fn kind(&self) -> &'static str;

    /// Adds `grant_type` and the grant's own fields; not `client_info`, which depends on the authority.
    fn add_to(&self, form: &mut Form);

    /// The scopes that are requested in addition to the caller's: `openid`, `offline_access` and `profile`, in the
    /// grant's own order.
    fn reserved_scopes(&self) -> &'static [&'static str];

    /// The grant's secret: the user's password, a refresh token or a user assertion. `None` if the token is for the
    /// application itself.
    fn secret(&self) -> Option<&Secret>;

    /// The kind of proof that the grant is, and its secret, which identifies it in every process.
    fn proof(&self) -> (&'static str, &[u8]) {
        (self.kind(), self.secret().map(Secret::expose).unwrap_or_default())
    }

    /// Whether it is for users of work accounts only: personal accounts are refused.
    fn is_for_work_accounts(&self) -> bool {
        false
    }

    /// Whether the token is for the application itself, which must authenticate then.
    fn is_for_application(&self) -> bool {
        false
    }

    /// The user's sign-in name, if the grant has one.
    fn username(&self) -> Option<&str> {
        None
    }

    /// The refresh token, if the grant is one. A response may replace it.
    fn refresh_token(&self) -> Option<&Secret> {
        None
    }

    /// The user's access token for this application, if the grant exchanges one. The application must authenticate
    /// then, and a refresh token in the response is dropped: it would outlive what the caller may do.
    fn user_assertion(&self) -> Option<&Secret> {
        None
    }

    /// Whether the user acts during the call, which no other process can do instead.
    fn waits_for_user(&self) -> bool {
        false
    }

    /// The name of the account, if the grant is for a user who signed in earlier. A client never sends it: it finds the
    /// token or a refresh token of the account. An empty name stands for the only account.
    #[cfg(feature = "flows")]
    fn account(&self) -> Option<&str> {
        None
    }

    /// The calls that wait for the user.
    #[cfg(feature = "flows")]
    fn callers(&self) -> Option<&Callers> {
        None
    }

    /// The sign-in in a browser that the token depends on.
    #[cfg(feature = "flows")]
    fn authorization(&self) -> Option<&dyn Authorization> {
        None
    }

    /// The second secret of a code: what proves that it was asked for here.
    fn verifier(&self) -> Option<&Secret> {
        None
    }

    /// When to ask for the token, if it depends on a user who signs in on another device. Scopes and claims were sent
    /// with the request for the device's code then, and are not sent again.
    #[cfg(feature = "flows")]
    fn polling(&self) -> Option<&Polling> {
        None
    }

    /// Identifies the grant and its secret in a cache key.
    fn digest(&self) -> Digest {
        let kind = self.kind().as_bytes();
        let username = self.username().unwrap_or_default().to_lowercase();
        match self.secret() {
            Some(secret) => Digest::of(&[kind, username.as_bytes(), Digest::of_secret(kind, secret).as_bytes()]),
            None => Digest::of(&[kind, username.as_bytes()]),
        }
    }
}

/// Adds the fields that follow the client's authentication: `scope`, `claims`, the fields of `grant`, and `client_info`
/// where the authority identifies accounts by it.
pub fn add_fields(form: &mut Form, grant: &dyn Grant, scopes: &Scopes, terms: &ScopeTerms, claims: Option<&str>) {
    #[cfg(feature = "flows")]
    let were_sent_before = grant.polling().is_some();
    #[cfg(not(feature = "flows"))]
    let were_sent_before = false;
    if !were_sent_before {
        add_scope_and_claims(form, grant.reserved_scopes(), scopes, terms, claims);
    }
    grant.add_to(form);
    if terms.has_client_info {
        // As MSAL does.
        form.add("client_info", if grant.is_for_application() { "2" } else { "1" });
    }
}

/// Adds `scope`, with the `reserved` scopes first, `resource` where it is a parameter of its own, and `claims`.
pub fn add_scope_and_claims(
    form: &mut Form,
    reserved: &[&str],
    scopes: &Scopes,
    terms: &ScopeTerms,
    claims: Option<&str>,
) {
    let mut scope = if scopes.is_empty() {
        let all = reserved.iter().copied().chain([terms.default_scope]);
        all.filter(|scope| !scope.is_empty()).collect::<Vec<_>>().join(" ")
    } else {
        scopes.joined_after(reserved)
    };
    let separated = terms.separates_resource.then(|| scope::separated(&scope));
    if let Some((resource, rest)) = separated.flatten() {
        form.add("resource", &resource);
        scope = rest;
    }
    if !scope.is_empty() {
        form.add("scope", &scope);
    }
    if let Some(claims) = claims {
        form.add("claims", claims);
    }
}

//! Tenants and authorities.

use graphtoken::{Authority, AuthorityKind, Error, Status};

use crate::marked_secret::{PASSWORD, filled};
use crate::promise::check_error;

/// A tenant, and after a tab the authority if there is one.
pub fn authority(input: &[u8]) {
    let text = filled(input, &[PASSWORD]);
    let text = String::from_utf8_lossy(&text);
    let (tenant, authority) = match text.split_once('\t') {
        Some((tenant, authority)) => (tenant, Some(authority)),
        None => (&*text, None),
    };
    let kinds = AuthorityKind::ALL.into_iter().map(Some).chain([None]);
    for kind in kinds {
        match Authority::of_kind(kind, tenant, authority, None) {
            Ok(authority) => check(&authority, kind),
            Err(error) => check_refusal(&error, tenant, authority),
        }
    }
}

/// Checks that an authority leads where it says, and is the same when it is read again.
fn check(authority: &Authority, kind: Option<AuthorityKind>) {
    let endpoint = authority.token_endpoint();
    let host = authority
        .base()
        .strip_prefix("https://")
        .or(authority.base().strip_prefix("http://"));
    let host = host.expect("an authority has a scheme");
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
    assert!(host.chars().all(is_plain), "{authority:?} leads to another host");
    // An issuer has a path in place of a tenant, and its metadata tell its endpoints.
    let slash = if authority.needs_discovery() { '\\' } else { '/' };
    assert!(
        !authority.tenant().contains([slash, '\\', '%', '?', '#', '@']),
        "{authority:?}"
    );
    assert!(endpoint.starts_with(&authority.to_string()), "{authority:?}");
    assert!(!endpoint.contains("/../"), "{authority:?}");
    if authority.base().starts_with("http://") {
        let is_here = ["localhost", "127.", "[::1]"]
            .iter()
            .any(|start| host.starts_with(start));
        assert!(is_here, "{authority:?} sends secrets in clear text");
    }
    let again = Authority::of_kind(kind, &authority.to_string(), None, None);
    let again = again.expect("an authority can be read again");
    assert_eq!(again.token_endpoint(), endpoint);
}

/// Checks that a refusal does not show what may be the password of a user in front of a host. A text without an `@` has
/// no such password.
fn check_refusal(error: &Error, tenant: &str, authority: Option<&str>) {
    assert_eq!(error.status(), Status::InvalidAuthority, "{error}");
    let parts = [tenant, authority.unwrap_or_default()];
    let shown: String = parts.into_iter().filter(|part| !part.contains('@')).collect();
    check_error(error, &[PASSWORD], shown.as_bytes());
}

//! The tenant of an authority, as callers write it.

use crate::base::error::{Error, Result, Status};
use crate::base::quote::quote;

/// The hint for a tenant that is not valid.
pub(super) const HINT: &str = "Pass the tenant's id (a GUID), a domain such as contoso.onmicrosoft.com, or an authority URL such as \
     https://login.microsoftonline.com/contoso.onmicrosoft.com.";

/// Checks that `tenant` is a GUID, a domain, or one of the names for several tenants.
pub(super) fn check_tenant(tenant: &str) -> Result<&str> {
    if tenant.is_empty() {
        return Err(refused("No tenant was given.", HINT));
    }
    let named = is_shared(tenant);
    let guid = tenant.len() == 36 && uuid::Uuid::try_parse(tenant).is_ok();
    if named || guid || (tenant.contains('.') && is_domain(tenant)) {
        return Ok(tenant);
    }
    if tenant.contains('@') {
        // What precedes it may be a login with its password.
        return Err(refused(
            "The tenant contains '@', as the name of a user does.",
            "Pass only the domain, which is what follows the '@', or the tenant's id (a GUID).",
        ));
    }
    let odd = tenant.chars().find(|c| !c.is_ascii_graphic());
    let message = odd.map_or_else(
        || format!("Invalid tenant: {} is neither a GUID nor a domain.", quoted(tenant)),
        |odd| format!("The tenant contains the character U+{:04X}.", u32::from(odd)),
    );
    Err(refused(message, HINT))
}

/// Whether it stands for the tenants of all users, or of all personal accounts.
pub(super) fn is_shared(tenant: &str) -> bool {
    tenant.eq_ignore_ascii_case("organizations") || has_personal_accounts(tenant)
}

/// Whether users of personal accounts sign in there, alone or beside others. Their tenant has an id too ("Microsoft
/// identity platform ID tokens").
pub(super) fn has_personal_accounts(tenant: &str) -> bool {
    const NAMES: [&str; 3] = ["common", "consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"];
    NAMES.iter().any(|name| tenant.eq_ignore_ascii_case(name))
}

/// The one tenant in the path of an address for signing in, such as an API names; `None` if it is for several tenants.
#[cfg(feature = "flows")]
pub fn tenant_in(address: &str) -> Option<String> {
    let (_, after_scheme) = address.split_once("://")?;
    let tenant = after_scheme.split(['/', '?', '#']).nth(1)?;
    let tenant = check_tenant(tenant).ok()?;
    (!is_shared(tenant)).then(|| tenant.to_owned())
}

pub(super) fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

/// A text of the caller in quotation marks. It may be a token or a secret in the wrong place.
pub(super) fn quoted(text: &str) -> String {
    format!("{:?}", quote(text, &[]))
}

/// The error for a tenant or authority that is not valid.
pub(super) fn refused(message: impl Into<String>, hint: impl Into<String>) -> Error {
    Error::new(Status::InvalidAuthority, message, hint)
}

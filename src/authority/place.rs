//! Where an authority is at its service: the path of an address, as each kind of authority has it.

use crate::authority::address::Address;
use crate::authority::kind::{ADFS, AuthorityKind, TFP};
use crate::authority::tenant::{HINT, check_tenant, quoted, refused};
use crate::base::error::Result;
use crate::base::parameter::{AUTHORITY, TENANT};

/// The path of an authority, and what it stands for.
pub(super) struct Place {
    /// Below the host, without slashes around it.
    pub(super) path: String,
    /// The tenant, or what stands in its place.
    pub(super) tenant: String,
    /// The tenant as caches tell it apart from others.
    pub(super) realm: String,
}

impl Place {
    /// The place of a `tenant` that is known by its name alone.
    pub(super) fn of_tenant(tenant: &str) -> Self {
        let tenant = || tenant.to_owned();
        Self {
            path: tenant(),
            tenant: tenant(),
            realm: tenant(),
        }
    }

    /// The place that `address` and `tenant` name together. An address may end with the path of an endpoint.
    pub(super) fn new(kind: AuthorityKind, address: &Address, tenant: &str) -> Result<Self> {
        match kind {
            AuthorityKind::Aad => Ok(Self::of_tenant(of_both(tenant_of(&address.path)?, tenant)?)),
            AuthorityKind::Adfs => adfs(&address.path, tenant),
            AuthorityKind::B2c => b2c(&address.path, tenant),
            AuthorityKind::Ciam => ciam(address, tenant),
            #[cfg(feature = "flows")]
            AuthorityKind::Oidc => issuer(&address.path, tenant),
        }
    }
}

/// The path of an AD FS server is the same for all; it has no tenants.
fn adfs(path: &str, tenant: &str) -> Result<Place> {
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    let is_adfs = first.is_empty() || first.eq_ignore_ascii_case(ADFS);
    if !is_adfs || !is_endpoint(rest) {
        return Err(refused(
            format!(
                "Invalid path in the authority: {}. That of AD FS is /adfs.",
                quoted(path)
            ),
            "Write the authority of AD FS as https://HOST/adfs.",
        ));
    }
    if !tenant.is_empty() && !tenant.eq_ignore_ascii_case(ADFS) {
        return Err(refused(
            format!(
                "AD FS has no tenants, but the tenant {} was given.",
                check_tenant(tenant)?
            ),
            format!("Leave out {TENANT}."),
        ));
    }
    Ok(Place::of_tenant(ADFS))
}

/// `TENANT/POLICY` or `tfp/TENANT/POLICY`. The names of policies are case-insensitive.
fn b2c(path: &str, tenant: &str) -> Result<Place> {
    let (first, below) = path.split_once('/').unwrap_or((path, ""));
    let (prefix, path) = if first.eq_ignore_ascii_case(TFP) {
        ("tfp/", below)
    } else {
        ("", path)
    };
    let (of_address, rest) = path.split_once('/').unwrap_or((path, ""));
    let (policy, rest) = rest.split_once('/').unwrap_or((rest, ""));
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let is_policy = !policy.is_empty() && policy.len() <= 100 && policy.chars().all(is_name);
    if !is_policy || policy.chars().all(|c| c == '.') || !is_endpoint(rest) {
        return Err(refused(
            format!(
                "Invalid path in the authority: {} names no policy of Azure AD B2C.",
                quoted(path)
            ),
            "Write the authority of a user flow as https://TENANT.b2clogin.com/TENANT.onmicrosoft.com/POLICY.",
        ));
    }
    let (tenant, policy) = (of_both(check_tenant(of_address)?, tenant)?, policy.to_ascii_lowercase());
    Ok(Place {
        path: format!("{prefix}{tenant}/{policy}"),
        tenant: tenant.to_owned(),
        realm: format!("{tenant}/{policy}"),
    })
}

/// The tenant of an external tenant's host, if nothing names another (MSAL.NET `CiamAuthority.cs`).
fn ciam(address: &Address, tenant: &str) -> Result<Place> {
    let of_address = tenant_of(&address.path)?;
    if of_address.is_empty() && tenant.is_empty() {
        let name = address
            .host
            .strip_suffix(".ciamlogin.com")
            .filter(|name| !name.contains('.'));
        let name = name.ok_or_else(|| refused("No tenant was given.", HINT))?;
        return Ok(Place::of_tenant(&format!("{name}.onmicrosoft.com")));
    }
    Ok(Place::of_tenant(of_both(of_address, tenant)?))
}

/// The issuer's own path. It has no tenants.
#[cfg(feature = "flows")]
fn issuer(path: &str, tenant: &str) -> Result<Place> {
    let path = path.strip_suffix(".well-known/openid-configuration").unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    let is_segment = |segment: &str| {
        let is_unreserved = |c: char| c.is_ascii_alphanumeric() || "-_.~:!$&()*+,;=".contains(c);
        !segment.is_empty() && segment.chars().all(is_unreserved) && !segment.chars().all(|c| c == '.')
    };
    if !path.is_empty() && !path.split('/').all(is_segment) {
        return Err(refused(
            format!("Invalid path in the authority: {}.", quoted(path)),
            "Write the issuer as its metadata do, such as https://HOST/PATH.",
        ));
    }
    if !tenant.is_empty() {
        return Err(refused(
            format!(
                "An OpenID Connect issuer has no tenants, but the tenant {} was given.",
                check_tenant(tenant)?
            ),
            format!("Leave out {TENANT}, and set {AUTHORITY} to the whole issuer."),
        ));
    }
    Ok(Place::of_tenant(path))
}

/// The tenant in a path, which may end with the path of an endpoint.
fn tenant_of(path: &str) -> Result<&str> {
    if path.is_empty() {
        return Ok("");
    }
    let (tenant, rest) = path.split_once('/').unwrap_or((path, ""));
    if is_endpoint(rest) {
        return check_tenant(tenant);
    }
    Err(refused(
        format!(
            "Invalid path in the authority: {}. It may be a tenant, or a tenant with /oauth2/v2.0/token.",
            quoted(path)
        ),
        HINT,
    ))
}

fn is_endpoint(path: &str) -> bool {
    matches!(
        path,
        "" | "oauth2" | "oauth2/token" | "oauth2/v2.0" | "oauth2/v2.0/token" | "v2.0"
    )
}

/// The tenant of an address and the one that was given beside it, which must not contradict each other.
fn of_both<'a>(of_address: &'a str, given: &'a str) -> Result<&'a str> {
    match (of_address, given) {
        ("", given) => check_tenant(given),
        (of_address, "") => Ok(of_address),
        (of_address, given) if of_address.eq_ignore_ascii_case(given) => Ok(of_address),
        (of_address, given) => {
            check_tenant(given)?;
            Err(refused(
                format!(
                    "The authority is for the tenant {of_address}, but the tenant {} was given as well.",
                    quoted(given)
                ),
                format!("Pass the tenant only once, in {AUTHORITY} or in {TENANT}."),
            ))
        }
    }
}

//! The kinds of authority, and what each changes. Code asks an authority a question, and never which kind it is.

use crate::base::algorithm::SignatureAlgorithm;

/// A kind of authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorityKind {
    /// Microsoft Entra ID.
    Aad,
    /// Active Directory Federation Services.
    Adfs,
    /// Azure AD B2C: one authority for each of its policies.
    B2c,
    /// Microsoft Entra External ID.
    Ciam,
    /// An issuer that OpenID Connect Discovery describes.
    #[cfg(feature = "flows")]
    Oidc,
}

impl AuthorityKind {
    /// Every kind.
    #[cfg(feature = "flows")]
    pub const ALL: [Self; 5] = [Self::Aad, Self::Adfs, Self::B2c, Self::Ciam, Self::Oidc];

    /// The kind with this name in options, in any letter case: `aad`, `adfs`, `b2c`, `ciam` or `oidc`.
    #[cfg(feature = "flows")]
    pub fn from_name(name: &str) -> Option<Self> {
        let is_named = |kind: &Self| kind.facts().name.eq_ignore_ascii_case(name);
        Self::ALL.into_iter().find(is_named)
    }

    /// The kind that the host (in lower case) and the path of an address tell.
    pub(super) fn of_address(host: &str, path: &str) -> Self {
        let first = path.split('/').next().unwrap_or_default();
        if host.ends_with(".ciamlogin.com") {
            Self::Ciam
        } else if host.ends_with(".b2clogin.com") || first.eq_ignore_ascii_case(TFP) {
            Self::B2c
        } else if first.eq_ignore_ascii_case(ADFS) {
            Self::Adfs
        } else {
            Self::Aad
        }
    }

    pub(super) fn facts(self) -> &'static Facts {
        match self {
            Self::Aad => &AAD,
            Self::Adfs => &ADFS_FACTS,
            Self::B2c => &B2C,
            Self::Ciam => &CIAM,
            #[cfg(feature = "flows")]
            Self::Oidc => &OIDC,
        }
    }
}

/// The path of an AD FS server.
pub(super) const ADFS: &str = "adfs";
/// What may precede tenant and policy of B2C.
pub(super) const TFP: &str = "tfp";

/// What a kind changes. Paths are below the authority.
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
pub(super) struct Facts {
    #[cfg(feature = "flows")]
    name: &'static str,
    /// What messages call it.
    pub(super) product: &'static str,
    /// Empty if the authority's metadata tell.
    pub(super) token: &'static str,
    #[cfg(feature = "flows")]
    pub(super) authorization: &'static str,
    /// Empty if it has no device codes, or if its metadata tell.
    #[cfg(feature = "flows")]
    pub(super) device_authorization: &'static str,
    pub(super) metadata: &'static str,
    pub(super) algorithm: SignatureAlgorithm,
    /// Whether a request without scopes is for Microsoft Graph.
    pub(super) is_for_graph: bool,
    /// Whether an application must say which API its token is for.
    pub(super) needs_scope: bool,
    /// Whether the resource of a token has a parameter of its own.
    pub(super) separates_resource: bool,
    /// Whether responses identify the user's account by `client_info`.
    pub(super) has_client_info: bool,
    /// Whether names stand for several tenants.
    pub(super) has_shared_tenants: bool,
    /// `authority_type` of accounts in MSAL's caches.
    pub(super) account_type: &'static str,
    /// The issuer of its tokens, with `{authority}`, `{base}` and `{tenantid}`.
    #[cfg(feature = "flows")]
    pub(super) issuer: &'static str,
    pub(super) needs_discovery: bool,
    /// Whether redirect URIs of this machine that name `localhost` are compared without their port.
    #[cfg(feature = "flows")]
    pub(super) knows_localhost: bool,
    #[cfg(feature = "flows")]
    pub(super) has_regions: bool,
}

const AAD: Facts = Facts {
    #[cfg(feature = "flows")]
    name: "aad",
    product: "Microsoft Entra ID",
    token: "/oauth2/v2.0/token",
    #[cfg(feature = "flows")]
    authorization: "/oauth2/v2.0/authorize",
    #[cfg(feature = "flows")]
    device_authorization: "/oauth2/v2.0/devicecode",
    metadata: "/v2.0/.well-known/openid-configuration",
    algorithm: SignatureAlgorithm::Ps256,
    is_for_graph: true,
    needs_scope: false,
    separates_resource: false,
    has_client_info: true,
    has_shared_tenants: true,
    account_type: "MSSTS",
    #[cfg(feature = "flows")]
    issuer: "{base}/{tenantid}/v2.0",
    needs_discovery: false,
    #[cfg(feature = "flows")]
    knows_localhost: true,
    #[cfg(feature = "flows")]
    has_regions: true,
};

/// "AD FS OpenID Connect/OAuth flows and application scenarios". Device codes came with AD FS 2019.
const ADFS_FACTS: Facts = Facts {
    #[cfg(feature = "flows")]
    name: "adfs",
    product: "AD FS",
    token: "/oauth2/token",
    #[cfg(feature = "flows")]
    authorization: "/oauth2/authorize",
    #[cfg(feature = "flows")]
    device_authorization: "/oauth2/devicecode",
    metadata: "/.well-known/openid-configuration",
    algorithm: SignatureAlgorithm::Rs256,
    is_for_graph: false,
    separates_resource: true,
    has_client_info: false,
    has_shared_tenants: false,
    account_type: "ADFS",
    #[cfg(feature = "flows")]
    issuer: "{authority}",
    #[cfg(feature = "flows")]
    knows_localhost: false,
    #[cfg(feature = "flows")]
    has_regions: false,
    ..AAD
};

/// "Azure AD B2C: Authentication protocols". It has no device codes, and none of its tokens is for Microsoft Graph.
const B2C: Facts = Facts {
    #[cfg(feature = "flows")]
    name: "b2c",
    product: "Azure AD B2C",
    #[cfg(feature = "flows")]
    device_authorization: "",
    is_for_graph: false,
    needs_scope: true,
    has_shared_tenants: false,
    #[cfg(feature = "flows")]
    has_regions: false,
    ..AAD
};

/// MSAL.NET `CiamAuthority.cs`.
const CIAM: Facts = Facts {
    #[cfg(feature = "flows")]
    name: "ciam",
    product: "Microsoft Entra External ID",
    #[cfg(feature = "flows")]
    issuer: "https://{tenantid}.ciamlogin.com/{tenantid}/v2.0",
    has_shared_tenants: false,
    #[cfg(feature = "flows")]
    has_regions: false,
    ..AAD
};

/// OpenID Connect Core 1.0 section 15.1 has every implementation support RS256.
#[cfg(feature = "flows")]
const OIDC: Facts = Facts {
    name: "oidc",
    product: "the OpenID Connect issuer",
    token: "",
    authorization: "",
    device_authorization: "",
    metadata: "/.well-known/openid-configuration",
    algorithm: SignatureAlgorithm::Rs256,
    is_for_graph: false,
    has_client_info: false,
    has_shared_tenants: false,
    account_type: "Generic",
    issuer: "{authority}",
    needs_discovery: true,
    knows_localhost: false,
    has_regions: false,
    ..AAD
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_and_path_tell_the_kind() {
        for (host, path, kind) in [
            ("login.microsoftonline.com", "contoso.com", AuthorityKind::Aad),
            ("fs.contoso.com", "adfs", AuthorityKind::Adfs),
            ("fs.contoso.com", "ADFS/oauth2/token", AuthorityKind::Adfs),
            (
                "contoso.b2clogin.com",
                "contoso.onmicrosoft.com/b2c_1_x",
                AuthorityKind::B2c,
            ),
            (
                "login.contoso.com",
                "tfp/contoso.onmicrosoft.com/b2c_1_x",
                AuthorityKind::B2c,
            ),
            ("contoso.ciamlogin.com", "", AuthorityKind::Ciam),
            ("contoso.ciamlogin.com", "adfs", AuthorityKind::Ciam),
            ("b2clogin.com", "contoso.com", AuthorityKind::Aad),
            ("evilb2clogin.com", "contoso.com", AuthorityKind::Aad),
            ("contoso.ciamlogin.com.evil.example", "contoso.com", AuthorityKind::Aad),
        ] {
            assert_eq!(AuthorityKind::of_address(host, path), kind, "{host} {path}");
        }
    }

    #[cfg(feature = "flows")]
    #[test]
    fn each_kind_has_a_name() {
        for kind in AuthorityKind::ALL {
            assert_eq!(AuthorityKind::from_name(&kind.facts().name.to_uppercase()), Some(kind));
        }
        assert_eq!(AuthorityKind::from_name("okta"), None);
    }
}

//! The authority that an address names: one of Entra's tenants, or a service of another kind.

/// The services, whose addresses, parameters and tokens differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A tenant of Microsoft Entra ID.
    Entra,
    /// An external tenant of Microsoft Entra External ID, which its host tells.
    ExternalId,
    /// A user flow of Azure AD B2C.
    B2c,
    /// An AD FS server.
    Adfs,
    /// An issuer that is described by OpenID Connect Discovery 1.0 alone.
    OpenIdConnect,
}

/// What an authority serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    TokenV1,
    Token,
    DeviceCode,
    /// Where a user signs in in a browser.
    Authorization,
    Description,
    Keys,
}

/// An authority as it stands in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Authority {
    pub(crate) kind: Kind,
    /// Without slashes around it.
    path: String,
    /// Empty for a service without tenants.
    pub(crate) tenant: String,
    /// The user flow in lower case; empty for a service without any.
    pub(crate) policy: String,
}

impl Authority {
    /// The authority and the endpoint at `path` of `host`.
    pub(crate) fn at(path: &str, host: &str) -> Option<(Self, Endpoint)> {
        let path = path.strip_prefix('/')?;
        PATHS.iter().find_map(|(kind, endpoint, below)| {
            let authority = path.strip_suffix(below)?.strip_suffix('/')?;
            let authority = Self::named(authority, host).filter(|authority| authority.kind == *kind)?;
            Some((authority, *endpoint))
        })
    }

    /// The address of an endpoint at `origin`; `None` if the service has none.
    pub(crate) fn address(&self, origin: &str, endpoint: Endpoint) -> Option<String> {
        let has = |(kind, known, _): &&(Kind, Endpoint, &str)| *kind == self.kind && *known == endpoint;
        let (_, _, below) = PATHS.iter().find(has)?;
        Some(format!("{origin}/{}/{below}", self.path))
    }

    /// The address of something else below the authority.
    pub(crate) fn below(&self, origin: &str, path: &str) -> String {
        format!("{origin}/{}/{path}", self.path)
    }

    /// The issuer of its tokens (`iss`), whose tenant has this id.
    pub(crate) fn issuer(&self, origin: &str, tenant_id: &str) -> String {
        match self.kind {
            Kind::Entra => format!("{origin}/{tenant_id}/v2.0"),
            Kind::ExternalId => format!("https://{tenant_id}.ciamlogin.com/{tenant_id}/v2.0"),
            Kind::B2c => format!("{origin}/{tenant_id}/v2.0/"),
            Kind::Adfs | Kind::OpenIdConnect => format!("{origin}/{}", self.path),
        }
    }

    /// What a refresh token is bound to, beside its application. Those of Entra are good for every tenant.
    pub(crate) fn realm(&self) -> &str {
        match self.kind {
            Kind::Entra => "",
            Kind::B2c => &self.policy,
            Kind::ExternalId | Kind::Adfs | Kind::OpenIdConnect => &self.path,
        }
    }

    fn named(path: &str, host: &str) -> Option<Self> {
        let parts: Vec<&str> = path.split('/').collect();
        let is_policy = |name: &str| name.to_ascii_lowercase().starts_with("b2c_1");
        let external = host.split(':').next().unwrap_or_default().ends_with(".ciamlogin.com");
        let (kind, tenant, policy) = match parts[..] {
            ["adfs"] => (Kind::Adfs, "", ""),
            ["oidc"] => (Kind::OpenIdConnect, "", ""),
            [tenant] if external => (Kind::ExternalId, tenant, ""),
            [tenant] => (Kind::Entra, tenant, ""),
            [tenant, policy] | ["tfp", tenant, policy] if is_policy(policy) => (Kind::B2c, tenant, policy),
            _ => return None,
        };
        Some(Self {
            kind,
            path: path.to_owned(),
            tenant: tenant.to_owned(),
            policy: policy.to_ascii_lowercase(),
        })
    }
}

/// Where each kind of service has its endpoints, below the authority.
const PATHS: &[(Kind, Endpoint, &str)] = &[
    (Kind::Entra, Endpoint::Authorization, "oauth2/v2.0/authorize"),
    (Kind::Entra, Endpoint::Token, "oauth2/v2.0/token"),
    (Kind::Entra, Endpoint::TokenV1, "oauth2/token"),
    (Kind::Entra, Endpoint::DeviceCode, "oauth2/v2.0/devicecode"),
    (
        Kind::Entra,
        Endpoint::Description,
        "v2.0/.well-known/openid-configuration",
    ),
    (Kind::Entra, Endpoint::Keys, "discovery/v2.0/keys"),
    (Kind::ExternalId, Endpoint::Authorization, "oauth2/v2.0/authorize"),
    (Kind::ExternalId, Endpoint::Token, "oauth2/v2.0/token"),
    (Kind::ExternalId, Endpoint::DeviceCode, "oauth2/v2.0/devicecode"),
    (
        Kind::ExternalId,
        Endpoint::Description,
        "v2.0/.well-known/openid-configuration",
    ),
    (Kind::ExternalId, Endpoint::Keys, "discovery/v2.0/keys"),
    (Kind::B2c, Endpoint::Authorization, "oauth2/v2.0/authorize"),
    (Kind::B2c, Endpoint::Token, "oauth2/v2.0/token"),
    (
        Kind::B2c,
        Endpoint::Description,
        "v2.0/.well-known/openid-configuration",
    ),
    (Kind::B2c, Endpoint::Keys, "discovery/v2.0/keys"),
    (Kind::Adfs, Endpoint::Authorization, "oauth2/authorize"),
    (Kind::Adfs, Endpoint::Token, "oauth2/token"),
    (Kind::Adfs, Endpoint::DeviceCode, "oauth2/devicecode"),
    (Kind::Adfs, Endpoint::Description, ".well-known/openid-configuration"),
    (Kind::Adfs, Endpoint::Keys, "discovery/keys"),
    (Kind::OpenIdConnect, Endpoint::Authorization, "authorize"),
    (Kind::OpenIdConnect, Endpoint::Token, "token"),
    (Kind::OpenIdConnect, Endpoint::DeviceCode, "device"),
    (
        Kind::OpenIdConnect,
        Endpoint::Description,
        ".well-known/openid-configuration",
    ),
    (Kind::OpenIdConnect, Endpoint::Keys, "keys"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_paths() {
        for (host, path, kind, endpoint, policy) in [
            (
                "127.0.0.1:1",
                "/a.b/oauth2/v2.0/token",
                Kind::Entra,
                Endpoint::Token,
                "",
            ),
            ("127.0.0.1:1", "/a.b/oauth2/token", Kind::Entra, Endpoint::TokenV1, ""),
            ("127.0.0.1:1", "/adfs/oauth2/token", Kind::Adfs, Endpoint::Token, ""),
            (
                "127.0.0.1:1",
                "/adfs/oauth2/devicecode",
                Kind::Adfs,
                Endpoint::DeviceCode,
                "",
            ),
            ("127.0.0.1:1", "/oidc/token", Kind::OpenIdConnect, Endpoint::Token, ""),
            (
                "t.ciamlogin.com",
                "/a.b/oauth2/v2.0/token",
                Kind::ExternalId,
                Endpoint::Token,
                "",
            ),
            (
                "127.0.0.1:1",
                "/a.b/B2C_1_in/oauth2/v2.0/token",
                Kind::B2c,
                Endpoint::Token,
                "b2c_1_in",
            ),
            (
                "t.b2clogin.com",
                "/tfp/a.b/b2c_1a_x/v2.0/.well-known/openid-configuration",
                Kind::B2c,
                Endpoint::Description,
                "b2c_1a_x",
            ),
        ] {
            let (authority, found) = Authority::at(path, host).expect(path);
            assert_eq!(
                (authority.kind, found, &*authority.policy),
                (kind, endpoint, policy),
                "{path}"
            );
        }
        for path in [
            "/a.b/B2C_1_in/oauth2/v2.0/devicecode",
            "/adfs/oauth2/v2.0/token",
            "/a.b/other/oauth2/v2.0/token",
            "/oidc/oauth2/token/x",
        ] {
            assert!(Authority::at(path, "127.0.0.1").is_none(), "{path}");
        }
    }
}

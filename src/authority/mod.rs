//! The authority: the token service and the tenant that tokens are requested from.
//!
//! An authority decides where secrets are sent. Its text must match a closed grammar; nothing is unescaped, normalized
//! or guessed.

pub mod cloud;
pub mod kind;
#[cfg(feature = "flows")]
pub mod region;

mod address;
#[cfg(feature = "flows")]
mod endpoints;
mod place;
#[cfg(feature = "flows")]
mod sign_in;
mod tenant;

#[cfg(feature = "flows")]
pub use sign_in::ResponseMode;
#[cfg(feature = "flows")]
pub use tenant::tenant_in;

use std::fmt;

use crate::authority::cloud::Cloud;
use crate::authority::kind::AuthorityKind;
use crate::base::algorithm::SignatureAlgorithm;
use crate::base::error::Result;
use crate::base::parameter::{AUTHORITY, CLOUD, TENANT};
use crate::base::pasted;
use address::Address;
use place::Place;
use tenant::{check_tenant, refused};

/// A token service's base URL and a tenant, both validated, and the addresses that follow from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    kind: AuthorityKind,
    base: String,
    path: String,
    tenant: String,
    realm: String,
    token_endpoint: String,
    cloud: Cloud,
}

impl Authority {
    /// Builds the authority from a tenant, an address, a cloud, or a combination of them.
    ///
    /// `tenant` is a GUID, a domain, one of `common`, `organizations`, `consumers`, or a whole authority URL, with or
    /// without the token endpoint's path. `authority` is a base URL (`https://host`) to which the tenant is added, or a
    /// whole authority URL if `tenant` is empty. `cloud` defaults to the cloud of the host, or else to
    /// [`Cloud::Global`]. White space, quotation marks and invisible characters around them are ignored, as are the
    /// braces around a GUID.
    ///
    /// The kind of authority is told by its host and path: Entra, AD FS, Azure AD B2C or External ID.
    ///
    /// # Errors
    /// `InvalidAuthority` for contradictory arguments and for anything outside the grammar.
    pub fn new(tenant: &str, authority: Option<&str>, cloud: Option<Cloud>) -> Result<Self> {
        Self::of_kind(None, tenant, authority, cloud)
    }

    /// The same for an authority of this `kind`, whatever its address tells.
    ///
    /// # Errors
    /// As for [`Self::new`]; and if only the address tells where an authority of this kind is, and none is given.
    pub fn of_kind(
        kind: Option<AuthorityKind>,
        tenant: &str,
        authority: Option<&str>,
        cloud: Option<Cloud>,
    ) -> Result<Self> {
        let (tenant, authority) = (&*pasted::id(tenant), authority.map(pasted::id));
        let tenant_is_address = tenant.contains("://");
        let (address, tenant) = match (authority.filter(|text| !text.is_empty()), tenant) {
            (Some(_), _) if tenant_is_address => {
                return Err(refused(
                    format!(
                        "Two authorities were given: {TENANT} is an authority URL, and {AUTHORITY} is set as well."
                    ),
                    format!("Leave out {AUTHORITY}, or set {TENANT} to a tenant only."),
                ));
            }
            (Some(authority), tenant) => (Some(Address::parse(&authority)?), tenant),
            (None, tenant) if tenant_is_address => (Some(Address::parse(tenant)?), ""),
            (None, tenant) => (None, tenant),
        };
        match (address, kind) {
            (Some(address), kind) => Self::at_address(kind, address, tenant, cloud),
            (None, None | Some(AuthorityKind::Aad)) => Self::in_cloud(tenant, cloud.unwrap_or(Cloud::Global)),
            (None, Some(kind)) => Err(refused(
                format!("No address was given of {}.", kind.facts().product),
                format!("Set {AUTHORITY} to the whole authority, with its host."),
            )),
        }
    }

    fn in_cloud(tenant: &str, cloud: Cloud) -> Result<Self> {
        let (base, place) = (
            format!("https://{}", cloud.login_hosts()[0]),
            Place::of_tenant(check_tenant(tenant)?),
        );
        Ok(Self::assemble(AuthorityKind::Aad, base, place, cloud))
    }

    fn at_address(kind: Option<AuthorityKind>, address: Address, tenant: &str, cloud: Option<Cloud>) -> Result<Self> {
        let known = Cloud::ALL
            .into_iter()
            .find(|known| known.login_hosts().contains(&address.host.as_str()));
        let cloud = match (cloud, known) {
            (Some(asked), Some(_)) if !asked.login_hosts().contains(&address.host.as_str()) => {
                return Err(refused(
                    format!(
                        "The host {} does not belong to the cloud {}.",
                        address.host,
                        asked.name()
                    ),
                    format!("Leave out {CLOUD}, or set it to the cloud of the authority."),
                ));
            }
            (Some(asked), _) => asked,
            (None, known) => known.unwrap_or(Cloud::Global),
        };
        let kind = kind.unwrap_or_else(|| AuthorityKind::of_address(&address.host, &address.path));
        let place = Place::new(kind, &address, tenant)?;
        Ok(Self::assemble(kind, address.base, place, cloud))
    }

    fn assemble(kind: AuthorityKind, base: String, place: Place, cloud: Cloud) -> Self {
        let Place { path, tenant, realm } = place;
        let slash = if path.is_empty() { "" } else { "/" };
        Self {
            token_endpoint: format!("{base}{slash}{path}{}", kind.facts().token),
            kind,
            base,
            path,
            tenant,
            realm,
            cloud,
        }
    }

    /// The URL that token requests are sent to; that of the issuer, if only its metadata tell.
    pub fn token_endpoint(&self) -> &str {
        &self.token_endpoint
    }

    /// The URL of the authority's OpenID Connect metadata (OpenID Connect Discovery 1.0 section 4; "OpenID Connect on
    /// the Microsoft identity platform: Find your app's OpenID configuration document URI").
    pub fn discovery_endpoint(&self) -> String {
        format!("{self}{}", self.kind.facts().metadata)
    }

    /// Scheme, host and port, without a trailing slash.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The tenant as the caller gave it.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// The tenant as caches tell it apart from others (`realm` in MSAL's). Each policy of B2C has its own.
    pub fn realm(&self) -> &str {
        &self.realm
    }

    /// What messages call its product.
    pub fn product(&self) -> &'static str {
        self.kind.facts().product
    }

    /// Whether it stands for the tenants of all users, or of all personal accounts, in place of one tenant ("Microsoft
    /// identity platform and the OAuth 2.0 client credentials flow" wants a tenant).
    pub fn names_no_tenant(&self) -> bool {
        self.kind.facts().has_shared_tenants && tenant::is_shared(&self.tenant)
    }

    /// Whether users of personal accounts sign in there ("Microsoft identity platform and OAuth 2.0 Resource Owner
    /// Password Credentials" wants a tenant or `organizations`).
    pub fn has_personal_accounts(&self) -> bool {
        self.kind.facts().has_shared_tenants && tenant::has_personal_accounts(&self.tenant)
    }

    /// The signature algorithm of client assertions, if nobody chooses one. A key that does not support PS256 signs with
    /// RS256, which every service accepts.
    pub fn default_algorithm(&self) -> SignatureAlgorithm {
        self.kind.facts().algorithm
    }

    /// Whether the resource of a token is sent in a parameter of its own, `resource`.
    pub fn separates_resource(&self) -> bool {
        self.kind.facts().separates_resource
    }

    /// Whether responses identify the user's account by `client_info`, for which requests ask.
    pub fn has_client_info(&self) -> bool {
        self.kind.facts().has_client_info
    }

    /// Whether an application must name the scopes of its token.
    pub fn needs_scope(&self) -> bool {
        self.kind.facts().needs_scope
    }

    /// The `authority_type` of its accounts in MSAL's caches.
    pub fn account_type(&self) -> &'static str {
        self.kind.facts().account_type
    }

    /// Whether its endpoints are known only from its metadata.
    pub fn needs_discovery(&self) -> bool {
        self.kind.facts().needs_discovery
    }

    /// The audience of federated credentials in this authority's cloud.
    pub fn federation_audience(&self) -> &'static str {
        self.cloud.federation_audience()
    }

    /// The scope for every permission that the application was granted on Microsoft Graph, in this authority's cloud
    /// ("Scopes and permissions in the Microsoft identity platform: The .default scope"). Empty if the authority issues
    /// no tokens for Microsoft Graph: it decides then what a token without scopes is for.
    pub fn default_scope(&self) -> String {
        if self.kind.facts().is_for_graph {
            format!("https://{}/.default", self.cloud.graph_host())
        } else {
            String::new()
        }
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.base)?;
        if self.path.is_empty() {
            return Ok(());
        }
        write!(formatter, "/{}", self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::error::Status;

    fn endpoint(tenant: &str) -> String {
        Authority::new(tenant, None, None).unwrap().token_endpoint().to_owned()
    }

    #[test]
    fn federated_credentials_have_the_audience_of_their_cloud() {
        for (cloud, suffix) in [
            (Cloud::Global, ""),
            (Cloud::UsGov, "USGov"),
            (Cloud::UsGovDod, "USGov"),
            (Cloud::China, "China"),
        ] {
            let authority = Authority::new("contoso.com", None, Some(cloud)).unwrap();
            let expected = format!("api://AzureADTokenExchange{suffix}");
            assert_eq!(authority.federation_audience(), expected);
        }
    }

    #[test]
    fn tenants_and_authority_urls_lead_to_the_v2_endpoint() {
        let expected = "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token";
        for tenant in [
            "contoso.onmicrosoft.com",
            "https://login.microsoftonline.com/contoso.onmicrosoft.com",
            "https://login.microsoftonline.com/contoso.onmicrosoft.com/",
            "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/token",
            "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token",
            "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token/",
            "https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0",
            "HTTPS://LOGIN.microsoftonline.com/contoso.onmicrosoft.com",
        ] {
            assert_eq!(endpoint(tenant), expected, "{tenant}");
        }
        let guid = "72f988bf-86f1-41af-91ab-2d7cd011db47";
        assert_eq!(
            endpoint(guid),
            format!("https://login.microsoftonline.com/{guid}/oauth2/v2.0/token")
        );
        assert_eq!(
            endpoint("organizations"),
            "https://login.microsoftonline.com/organizations/oauth2/v2.0/token"
        );
        assert_eq!(
            endpoint("http://127.0.0.1:81/a.b"),
            "http://127.0.0.1:81/a.b/oauth2/v2.0/token"
        );
        assert_eq!(endpoint("http://[::1]:81/a.b"), "http://[::1]:81/a.b/oauth2/v2.0/token");
    }

    #[test]
    fn each_cloud_has_its_hosts() {
        for (cloud, login, scope) in [
            (
                Cloud::Global,
                "login.microsoftonline.com",
                "https://graph.microsoft.com/.default",
            ),
            (
                Cloud::UsGov,
                "login.microsoftonline.us",
                "https://graph.microsoft.us/.default",
            ),
            (
                Cloud::UsGovDod,
                "login.microsoftonline.us",
                "https://dod-graph.microsoft.us/.default",
            ),
            (
                Cloud::China,
                "login.partner.microsoftonline.cn",
                "https://microsoftgraph.chinacloudapi.cn/.default",
            ),
        ] {
            let by_name = Authority::new("contoso.com", None, Some(cloud)).unwrap();
            assert_eq!(by_name.base(), format!("https://{login}"));
            assert_eq!(by_name.default_scope(), scope);
        }
        let by_host = Authority::new("https://login.chinacloudapi.cn/contoso.cn", None, None).unwrap();
        assert_eq!(
            by_host.default_scope(),
            "https://microsoftgraph.chinacloudapi.cn/.default"
        );
        let dod = Authority::new("https://login.microsoftonline.us/a.b", None, Some(Cloud::UsGovDod)).unwrap();
        assert_eq!(dod.default_scope(), "https://dod-graph.microsoft.us/.default");
        assert!(Authority::new("https://login.microsoftonline.us/a.b", None, Some(Cloud::China)).is_err());
    }

    #[test]
    fn an_authority_is_a_base_url_or_includes_the_tenant() {
        let base = Authority::new("contoso.com", Some("https://login.example.org"), None).unwrap();
        assert_eq!(
            base.token_endpoint(),
            "https://login.example.org/contoso.com/oauth2/v2.0/token"
        );
        let whole = Authority::new("", Some("https://login.example.org/contoso.com"), None).unwrap();
        assert_eq!(whole, base);
        assert_eq!(
            Authority::new("contoso.com", Some("https://login.example.org/contoso.com"), None).unwrap(),
            base
        );
        assert!(Authority::new("fabrikam.com", Some("https://login.example.org/contoso.com"), None).is_err());
        assert!(Authority::new("https://a.example/b.c", Some("https://login.example.org"), None).is_err());
        assert!(Authority::new("", Some("https://login.example.org"), None).is_err());
    }

    #[test]
    fn what_surrounds_a_pasted_tenant_or_authority_is_taken_off() {
        let guid = "72f988bf-86f1-41af-91ab-2d7cd011db47";
        let expected = format!("https://login.microsoftonline.com/{guid}/oauth2/v2.0/token");
        for tenant in [
            format!("{{{guid}}}"),
            format!(" \"{guid}\"\r\n"),
            format!("\u{feff}{guid}\u{200b}"),
            format!("'https://login.microsoftonline.com/{guid}/'"),
            format!("https://login.microsoftonline.com/{{{guid}}}/oauth2/v2.0/token"),
        ] {
            assert_eq!(endpoint(&tenant), expected, "{tenant:?}");
            let authority = Authority::new("", Some(&tenant), None);
            assert!(authority.is_ok() || !tenant.contains("://"), "{tenant:?}");
        }
        let quoted = Authority::new(" contoso.com ", Some("\"https://login.example.org\""), None).unwrap();
        assert_eq!(
            quoted.token_endpoint(),
            "https://login.example.org/contoso.com/oauth2/v2.0/token"
        );
    }

    #[test]
    fn adfs_has_its_own_endpoint() {
        let adfs = Authority::new("https://fs.contoso.com/adfs", None, None).unwrap();
        assert_eq!(adfs.default_algorithm(), SignatureAlgorithm::Rs256);
        assert_eq!(adfs.token_endpoint(), "https://fs.contoso.com/adfs/oauth2/token");
    }

    #[test]
    fn anything_that_could_change_the_host_or_path_is_refused() {
        for (text, says) in [
            ("", "No tenant"),
            ("contoso", "neither a GUID nor a domain"),
            ("contoso.com/evil", "neither"),
            ("alice@contoso.com", "'@', as the name of a user"),
            ("../contoso.com", "neither"),
            ("contoso .com", "U+0020"),
            ("contoso\u{200e}.com", "U+200E"),
            ("con\u{0442}oso.com", "U+0442"),
            ("contoso\n.com", "U+000A"),
            ("(72f988bf-86f1-41af-91ab-2d7cd011db47)", "neither"),
            ("{contoso.com}", "neither"),
            ("http://login.microsoftonline.com/contoso.com", "clear text"),
            ("ftp://login.microsoftonline.com/contoso.com", "not https"),
            (
                "https://user:pass@login.microsoftonline.com/contoso.com",
                "user information",
            ),
            (
                "https://login.microsoftonline.com@evil.example/contoso.com",
                "user information",
            ),
            ("https://login.microsoftonline.com/contoso.com?x=1", "query"),
            ("https://login.microsoftonline.com/contoso.com#x", "query or fragment"),
            ("https://login.microsoftonline.com/%2e%2e/contoso.com", "'%'"),
            ("https://login.microsoftonline.com/a%2fb", "'%'"),
            ("https://login.microsoftonline.com/../contoso.com", "Invalid path"),
            ("https://login.microsoftonline.com/..", "neither"),
            ("https://login.microsoftonline.com//contoso.com", "Invalid path"),
            ("https://login.microsoftonline.com\\.evil.example/contoso.com", "'\\\\'"),
            ("https://login.microsoftonline.com:0/contoso.com", "Invalid port"),
            ("https://login.microsoftonline.com:99999/contoso.com", "Invalid port"),
            (
                "https://login.microsoftonline.com:443:1/contoso.com",
                "Invalid host and port",
            ),
            ("https://l\u{043e}gin.microsoftonline.com/contoso.com", "U+043E"),
            ("https://[::1/contoso.com", "Invalid host"),
            ("https:///contoso.com", "Invalid host name"),
            ("http://127.0.0.1.evil.example/contoso.com", "clear text"),
            ("http://localhost.evil.example/contoso.com", "clear text"),
            (
                "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/authorize/x",
                "Invalid path",
            ),
        ] {
            let error = Authority::new(text, None, None).expect_err(text);
            assert_eq!(error.status(), Status::InvalidAuthority);
            assert!(error.message().contains(says), "{text:?} gave {:?}", error.message());
            assert!(!error.hint().is_empty());
        }
    }

    #[test]
    fn a_token_or_a_login_in_the_wrong_place_is_not_shown() {
        let token = format!("eyJ{}", "a".repeat(2000));
        for (tenant, authority) in [
            (token.as_str(), None),
            ("alice:hunter2@contoso.com", None),
            ("contoso.com", Some(token.as_str())),
            ("contoso.com", Some("https://alice:hunter2@login.microsoftonline.com")),
            (token.as_str(), Some("https://login.microsoftonline.com/contoso.com")),
            (
                "alice:hunter2@contoso.com",
                Some("https://login.microsoftonline.com/contoso.com"),
            ),
        ] {
            let error = Authority::new(tenant, authority, None).expect_err(tenant);
            for secret in ["aaaa", "hunter2"] {
                assert!(!error.message().contains(secret), "{}", error.message());
            }
        }
    }
}

//! The authority: the token service and the tenant that tokens are requested from.
//!
//! An authority decides where secrets are sent. Its text must match a closed grammar; nothing is unescaped, normalized
//! or guessed.

pub mod cloud;

mod address;
#[cfg(feature = "flows")]
mod sign_in;
mod tenant;

#[cfg(feature = "flows")]
pub use sign_in::ResponseMode;
#[cfg(feature = "flows")]
pub use tenant::tenant_in;

use std::fmt;

use crate::authority::cloud::Cloud;
use crate::base::error::Result;
use crate::base::parameter::{AUTHORITY, CLOUD, TENANT};
use crate::base::pasted;
use address::Address;
use tenant::{ADFS, check_tenant, quoted, refused};

/// A token service's base URL and a tenant, both validated, and the addresses that follow from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    base: String,
    tenant: String,
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
    /// # Errors
    /// `InvalidAuthority` for contradictory arguments and for anything outside the grammar.
    pub fn new(tenant: &str, authority: Option<&str>, cloud: Option<Cloud>) -> Result<Self> {
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
        match address {
            Some(address) => Self::at_address(address, tenant, cloud),
            None => Self::in_cloud(tenant, cloud.unwrap_or(Cloud::Global)),
        }
    }

    fn in_cloud(tenant: &str, cloud: Cloud) -> Result<Self> {
        let tenant = check_tenant(tenant)?;
        Ok(Self::assemble(
            format!("https://{}", cloud.login_hosts()[0]),
            tenant,
            cloud,
        ))
    }

    fn at_address(address: Address, tenant: &str, cloud: Option<Cloud>) -> Result<Self> {
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
        let tenant = match (address.tenant.as_str(), tenant) {
            ("", tenant) => check_tenant(tenant)?,
            (of_address, "") => of_address,
            (of_address, tenant) if of_address.eq_ignore_ascii_case(tenant) => of_address,
            (of_address, tenant) => {
                check_tenant(tenant)?;
                return Err(refused(
                    format!(
                        "The authority is for the tenant {of_address}, but the tenant {} was given as well.",
                        quoted(tenant)
                    ),
                    format!("Pass the tenant only once, in {AUTHORITY} or in {TENANT}."),
                ));
            }
        };
        Ok(Self::assemble(address.base, tenant, cloud))
    }

    fn assemble(base: String, tenant: &str, cloud: Cloud) -> Self {
        let path = if tenant.eq_ignore_ascii_case(ADFS) {
            "oauth2/token"
        } else {
            "oauth2/v2.0/token"
        };
        let token_endpoint = format!("{base}/{tenant}/{path}");
        Self {
            base,
            tenant: tenant.to_owned(),
            token_endpoint,
            cloud,
        }
    }

    /// The URL that token requests are sent to.
    pub fn token_endpoint(&self) -> &str {
        &self.token_endpoint
    }

    /// The URL that device codes are requested from (RFC 8628 section 3.1; "Microsoft identity platform and the OAuth 2.0
    /// device authorization grant flow").
    #[cfg(feature = "flows")]
    pub fn device_authorization_endpoint(&self) -> String {
        let version = if self.is_adfs() { "" } else { "/v2.0" };
        format!("{self}/oauth2{version}/devicecode")
    }

    /// The URL of the authority's OpenID Connect metadata (OpenID Connect Discovery 1.0 section 4; "OpenID Connect on
    /// the Microsoft identity platform: Find your app's OpenID configuration document URI").
    pub fn discovery_endpoint(&self) -> String {
        let version = if self.is_adfs() { "" } else { "/v2.0" };
        format!("{self}{version}/.well-known/openid-configuration")
    }

    /// Scheme, host and port, without a trailing slash.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The tenant as the caller gave it.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// Whether it stands for the tenants of all users, or of all personal accounts, in place of one tenant ("Microsoft
    /// identity platform and the OAuth 2.0 client credentials flow" wants a tenant).
    pub fn names_no_tenant(&self) -> bool {
        tenant::is_shared(&self.tenant)
    }

    /// Whether this is an AD FS server, which supports only RS256 with `x5t` and the v1 endpoint.
    pub fn is_adfs(&self) -> bool {
        self.tenant.eq_ignore_ascii_case(ADFS)
    }

    /// The audience of federated credentials in this authority's cloud.
    pub fn federation_audience(&self) -> &'static str {
        self.cloud.federation_audience()
    }

    /// The scope for every permission that the application was granted on Microsoft Graph, in this authority's cloud
    /// ("Scopes and permissions in the Microsoft identity platform: The .default scope").
    pub fn default_scope(&self) -> String {
        format!("https://{}/.default", self.cloud.graph_host())
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.base, self.tenant)
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
        assert!(adfs.is_adfs());
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

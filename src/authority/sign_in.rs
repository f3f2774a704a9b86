//! What a sign-in in a browser has to know of the authority.

use uuid::Uuid;

use super::Authority;
use crate::authority::cloud::Cloud;

/// How the authority brings its answer to the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseMode {
    /// In a form that the browser sends: the code is in no address then (OAuth 2.0 Form Post Response Mode; RFC 9700
    /// section 4.3.1).
    FormPost,
    /// In the query of the address that the browser opens (RFC 6749 section 4.1.2).
    Query,
}

impl ResponseMode {
    /// The value of `response_mode` (OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1).
    pub fn name(self) -> &'static str {
        match self {
            Self::FormPost => "form_post",
            Self::Query => "query",
        }
    }
}

/// The tenant of personal accounts ("Microsoft identity platform ID tokens: `tid`").
const PERSONAL_ACCOUNTS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

impl Authority {
    /// The URL on which users sign in (RFC 6749 section 3.1).
    pub fn authorization_endpoint(&self) -> String {
        let version = if self.is_adfs() { "" } else { "/v2.0" };
        format!("{self}/oauth2{version}/authorize")
    }

    /// How it brings its answer. Entra and AD FS send forms.
    pub fn response_mode(&self) -> ResponseMode {
        ResponseMode::FormPost
    }

    /// Whether it compares the redirect URI of this machine without its port if it names `localhost` ("Redirect URI
    /// (reply URL) outline and restrictions: Localhost exceptions"). Other services do so for `127.0.0.1`, as RFC 8252
    /// section 7.3 has it.
    pub fn knows_localhost(&self) -> bool {
        true
    }

    /// Whether every answer names its issuer (RFC 9207 section 3, `authorization_response_iss_parameter_supported`).
    /// Entra names none.
    pub fn always_names_issuer(&self) -> bool {
        false
    }

    /// Whether `issuer` issues the tokens of this authority. `tenant_id` is the tenant of the token's user (`tid`), if it
    /// is known, which `issuer` must name then.
    pub fn is_issuer(&self, issuer: &str, tenant_id: Option<&str>) -> bool {
        if self.is_adfs() {
            return issuer == self.to_string();
        }
        let named = issuer
            .strip_prefix(&*self.issuing_base())
            .and_then(|rest| rest.strip_prefix('/')?.strip_suffix("/v2.0"));
        let Some(named) = named.filter(|named| is_guid(named)) else {
            return false;
        };
        let own = match self.tenant() {
            own if own.eq_ignore_ascii_case("consumers") => Some(PERSONAL_ACCOUNTS),
            own => Some(own).filter(|own| is_guid(own)),
        };
        [own, tenant_id]
            .into_iter()
            .flatten()
            .all(|known| known.eq_ignore_ascii_case(named))
    }

    /// Scheme and host of its issuers. All hosts of a cloud issue in the name of the first.
    fn issuing_base(&self) -> String {
        let host = self.base().strip_prefix("https://").unwrap_or_default();
        let cloud = Cloud::ALL.into_iter().find(|cloud| cloud.login_hosts().contains(&host));
        cloud.map_or_else(
            || self.base().to_owned(),
            |cloud| format!("https://{}", cloud.login_hosts()[0]),
        )
    }
}

fn is_guid(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT_ID: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    const OTHER: &str = "6f1a4b0e-0000-4000-8000-00000000abcd";

    fn authority(tenant: &str) -> Authority {
        Authority::new(tenant, None, None).unwrap()
    }

    #[test]
    fn users_sign_in_below_the_tenant() {
        assert_eq!(
            authority("contoso.com").authorization_endpoint(),
            "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/authorize"
        );
        assert_eq!(
            authority("https://fs.contoso.com/adfs").authorization_endpoint(),
            "https://fs.contoso.com/adfs/oauth2/authorize"
        );
    }

    #[test]
    fn the_issuer_is_that_of_the_tenant() {
        let issuer = |host: &str, id: &str| format!("https://{host}/{id}/v2.0");
        let global = issuer("login.microsoftonline.com", TENANT_ID);
        for tenant in [
            "contoso.com",
            "organizations",
            TENANT_ID,
            "https://login.microsoft.com/contoso.com",
        ] {
            assert!(authority(tenant).is_issuer(&global, None), "{tenant}");
            assert!(authority(tenant).is_issuer(&global, Some(TENANT_ID)), "{tenant}");
            assert!(!authority(tenant).is_issuer(&global, Some(OTHER)), "{tenant}");
        }
        for (tenant, issuer) in [
            (OTHER, global.clone()),
            ("consumers", global.clone()),
            (
                "contoso.com",
                issuer("login.microsoftonline.com.evil.example", TENANT_ID),
            ),
            ("contoso.com", issuer("evil.example", TENANT_ID)),
            ("contoso.com", issuer("login.microsoftonline.com", "contoso.com")),
            ("contoso.com", issuer("login.microsoftonline.com", "common")),
            ("contoso.com", format!("{global}/")),
            ("contoso.com", format!("https://sts.windows.net/{TENANT_ID}/")),
            ("https://login.microsoftonline.us/contoso.us", global.clone()),
            ("contoso.com", String::new()),
        ] {
            assert!(!authority(tenant).is_issuer(&issuer, None), "{tenant}: {issuer}");
        }
        let personal = issuer("login.microsoftonline.com", PERSONAL_ACCOUNTS);
        assert!(authority("consumers").is_issuer(&personal, Some(PERSONAL_ACCOUNTS)));
        let local = format!("http://127.0.0.1:81/{TENANT_ID}/v2.0");
        assert!(authority("http://127.0.0.1:81/contoso.com").is_issuer(&local, None));
        let adfs = authority("https://fs.contoso.com/adfs");
        assert!(adfs.is_issuer("https://fs.contoso.com/adfs", None));
        assert!(!adfs.is_issuer("https://fs.contoso.com/adfs/v2.0", None));
    }
}

//! What a sign-in in a browser has to know of the authority.

use uuid::Uuid;

use super::Authority;

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
    /// Whether it compares the redirect URI of this machine without its port if it names `localhost` ("Redirect URI
    /// (reply URL) outline and restrictions: Localhost exceptions"). Other services do so for `127.0.0.1`, as RFC 8252
    /// section 7.3 has it.
    pub fn knows_localhost(&self) -> bool {
        self.kind.facts().knows_localhost
    }

    /// Whether `issuer` issues the tokens of this authority. `tenant_id` is the tenant of the token's user (`tid`), if it
    /// is known, which `issuer` must name then.
    pub fn is_issuer(&self, issuer: &str, tenant_id: Option<&str>) -> bool {
        let template = self.issuer();
        let issuer = issuer.strip_suffix('/').unwrap_or(issuer);
        let Some((start, _)) = template.split_once(TENANT_ID) else {
            return issuer == template;
        };
        let named = issuer.strip_prefix(start).and_then(|rest| rest.get(..GUID_LENGTH));
        let Some(named) = named.filter(|named| is_guid(named) && template.replace(TENANT_ID, named) == issuer) else {
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
}

/// What stands in an issuer for the tenant of the user.
const TENANT_ID: &str = "{tenantid}";
const GUID_LENGTH: usize = 36;

fn is_guid(text: &str) -> bool {
    text.len() == GUID_LENGTH && Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    const OTHER: &str = "6f1a4b0e-0000-4000-8000-00000000abcd";

    fn authority(tenant: &str) -> Authority {
        Authority::new(tenant, None, None).unwrap()
    }

    #[test]
    fn the_issuer_is_that_of_the_tenant() {
        let issuer = |host: &str, id: &str| format!("https://{host}/{id}/v2.0");
        let global = issuer("login.microsoftonline.com", TENANT);
        for tenant in [
            "contoso.com",
            "organizations",
            TENANT,
            "https://login.microsoft.com/contoso.com",
        ] {
            assert!(authority(tenant).is_issuer(&global, None), "{tenant}");
            assert!(authority(tenant).is_issuer(&global, Some(TENANT)), "{tenant}");
            assert!(!authority(tenant).is_issuer(&global, Some(OTHER)), "{tenant}");
        }
        for (tenant, issuer) in [
            (OTHER, global.clone()),
            ("consumers", global.clone()),
            ("contoso.com", issuer("login.microsoftonline.com.evil.example", TENANT)),
            ("contoso.com", issuer("evil.example", TENANT)),
            ("contoso.com", issuer("login.microsoftonline.com", "contoso.com")),
            ("contoso.com", issuer("login.microsoftonline.com", "common")),
            ("contoso.com", format!("{global}//")),
            ("contoso.com", format!("https://sts.windows.net/{TENANT}/")),
            ("https://login.microsoftonline.us/contoso.us", global.clone()),
            ("contoso.com", String::new()),
        ] {
            assert!(!authority(tenant).is_issuer(&issuer, None), "{tenant}: {issuer}");
        }
        let personal = issuer("login.microsoftonline.com", PERSONAL_ACCOUNTS);
        assert!(authority("consumers").is_issuer(&personal, Some(PERSONAL_ACCOUNTS)));
        let local = format!("http://127.0.0.1:81/{TENANT}/v2.0");
        assert!(authority("http://127.0.0.1:81/contoso.com").is_issuer(&local, None));
        let flow = authority("https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_in");
        assert!(flow.is_issuer(&format!("https://contoso.b2clogin.com/{TENANT}/v2.0/"), None));
        let external = authority("https://contoso.ciamlogin.com/contoso.onmicrosoft.com");
        let of_external = |host: &str| format!("https://{host}.ciamlogin.com/{TENANT}/v2.0");
        assert!(external.is_issuer(&of_external(TENANT), Some(TENANT)));
        assert!(!external.is_issuer(&of_external(OTHER), None));
        assert!(!external.is_issuer(&of_external("contoso"), None));
        let adfs = authority("https://fs.contoso.com/adfs");
        assert!(adfs.is_issuer("https://fs.contoso.com/adfs", None));
        assert!(!adfs.is_issuer("https://fs.contoso.com/adfs/v2.0", None));
    }
}

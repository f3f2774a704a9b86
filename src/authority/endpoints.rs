//! What the ways to sign in ask an authority.

use crate::authority::Authority;

impl Authority {
    /// The URL that device codes are requested from (RFC 8628 section 3.1; "Microsoft identity platform and the OAuth 2.0
    /// device authorization grant flow"). `None` if the authority has no device codes, or if only its metadata tell.
    pub fn device_authorization_endpoint(&self) -> Option<String> {
        self.endpoint(self.kind.facts().device_authorization)
    }

    /// The page on which users sign in ("Microsoft identity platform and OAuth 2.0 authorization code flow"). `None` if
    /// only the authority's metadata tell.
    pub fn authorization_endpoint(&self) -> Option<String> {
        self.endpoint(self.kind.facts().authorization)
    }

    /// The issuer of its tokens (`iss`), in which `{tenantid}` stands for the claim `tid`. A slash at its end has no
    /// meaning: B2C writes one.
    pub fn issuer(&self) -> String {
        let host = self.base.split_once("://").map_or("", |(_, host)| host);
        let known = self.cloud.login_hosts();
        // Every host of a cloud issues tokens in the name of the first.
        let base = if known.contains(&host) {
            format!("https://{}", known[0])
        } else {
            self.base.clone()
        };
        let template = self.kind.facts().issuer.replace("{authority}", &self.to_string());
        template.replace("{base}", &base)
    }

    /// Whether applications may be answered by the token service of a region.
    pub fn has_regions(&self) -> bool {
        self.kind.facts().has_regions
    }

    fn endpoint(&self, below: &str) -> Option<String> {
        (!below.is_empty()).then(|| format!("{self}{below}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_endpoints_and_its_issuer() {
        for (address, path, issuer) in [
            (
                "https://login.microsoftonline.com/contoso.com",
                "/oauth2/v2.0/",
                "https://login.microsoftonline.com/{tenantid}/v2.0",
            ),
            (
                "https://login.windows.net/contoso.com",
                "/oauth2/v2.0/",
                "https://login.microsoftonline.com/{tenantid}/v2.0",
            ),
            ("https://fs.contoso.com/adfs", "/oauth2/", "https://fs.contoso.com/adfs"),
            (
                "https://contoso.ciamlogin.com/contoso.onmicrosoft.com",
                "/oauth2/v2.0/",
                "https://{tenantid}.ciamlogin.com/{tenantid}/v2.0",
            ),
        ] {
            let authority = Authority::new(address, None, None).unwrap();
            let device = format!("{address}{path}devicecode");
            assert_eq!(authority.device_authorization_endpoint(), Some(device));
            let authorize = format!("{address}{path}authorize");
            assert_eq!(authority.authorization_endpoint(), Some(authorize));
            assert_eq!(authority.issuer(), issuer);
        }
        let flow = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_in";
        let authority = Authority::new(flow, None, None).unwrap();
        assert_eq!(authority.device_authorization_endpoint(), None);
        assert_eq!(authority.issuer(), "https://contoso.b2clogin.com/{tenantid}/v2.0");
    }
}

//! Regions of Azure, whose token services answer applications close to them ("Regional endpoints": MSAL.NET
//! `RegionAndMtlsDiscoveryProvider.cs`).

use std::net::Ipv4Addr;

use crate::authority::Authority;
use crate::authority::cloud::Cloud;
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::AZURE_REGION;

/// The name of a region, such as `westeurope`. It becomes a part of a host name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region(String);

impl Region {
    /// Reads a name: letters and digits.
    pub fn parse(name: &str) -> Option<Self> {
        let is_name = !name.is_empty() && name.len() <= 63 && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_name.then(|| Self(name.to_ascii_lowercase()))
    }

    /// The name, in lower case.
    pub fn name(&self) -> &str {
        &self.0
    }

    /// The token endpoint of `authority` in this region. All hosts of the worldwide cloud share one name. `None` if the
    /// host is an address, which has no names below it, or is not asked over TLS: a name below that of this machine may
    /// be another machine.
    pub fn token_endpoint(&self, authority: &Authority) -> Option<String> {
        let rest = authority.token_endpoint().strip_prefix("https://")?;
        let (host, path) = rest.split_once('/')?;
        let name = host.split(':').next().unwrap_or_default();
        if host.starts_with('[') || name.parse::<Ipv4Addr>().is_ok() {
            return None;
        }
        let host = if Cloud::Global.login_hosts().contains(&host) {
            "login.microsoft.com"
        } else {
            host
        };
        Some(format!("https://{}.{host}/{path}", self.0))
    }
}

/// Refuses a region for an authority that has none.
///
/// # Errors
/// `InvalidArgument`.
pub fn check(authority: &Authority) -> Result<()> {
    if authority.has_regions() {
        return Ok(());
    }
    Err(Error::new(
        Status::InvalidArgument,
        format!(
            "A region was given, but {} has no regional endpoints.",
            authority.product()
        ),
        format!("Leave out {AZURE_REGION}."),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_a_label_of_the_host() {
        let region = Region::parse("WestEurope").unwrap();
        for (authority, expected) in [
            (
                "contoso.com",
                "https://westeurope.login.microsoft.com/contoso.com/oauth2/v2.0/token",
            ),
            (
                "https://sts.windows.net/contoso.com",
                "https://westeurope.login.microsoft.com/contoso.com/oauth2/v2.0/token",
            ),
            (
                "https://login.microsoftonline.us/contoso.com",
                "https://westeurope.login.microsoftonline.us/contoso.com/oauth2/v2.0/token",
            ),
            (
                "https://login.example.org:8443/contoso.com",
                "https://westeurope.login.example.org:8443/contoso.com/oauth2/v2.0/token",
            ),
        ] {
            let authority = Authority::new(authority, None, None).unwrap();
            assert_eq!(region.token_endpoint(&authority).as_deref(), Some(expected));
        }
        for authority in [
            "https://127.0.0.1:8443/contoso.com",
            "https://[::1]/contoso.com",
            "http://localhost:8080/contoso.com",
        ] {
            let authority = Authority::new(authority, None, None).unwrap();
            assert_eq!(region.token_endpoint(&authority), None);
        }
    }

    #[test]
    fn nothing_else_is_a_region() {
        for name in [
            "",
            "west europe",
            "evil.example/",
            "a@b",
            "a.b",
            "a-b",
            "\u{e4}",
            "west\n",
        ] {
            assert_eq!(Region::parse(name), None, "{name:?}");
        }
    }
}

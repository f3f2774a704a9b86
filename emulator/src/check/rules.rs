//! The rules for client assertions: Entra's own, or those of the specifications.

use crate::request::authority::Kind;
use crate::request::call::Call;
use crate::settings::Settings;

/// Entra accepts from its own libraries what no specification allows.
pub(crate) struct Rules {
    /// Accept only what the specifications allow.
    pub(crate) is_strict: bool,
    /// Scheme and host of the authority that it stands in for.
    pub(crate) authority: Option<String>,
    /// How applications prove themselves to the OpenID Connect issuer.
    pub(crate) oidc_methods: Vec<String>,
}

impl Rules {
    pub(crate) fn new(settings: &Settings) -> Result<Self, String> {
        let authority = settings.authority.as_deref().map(origin).transpose()?;
        Ok(Self {
            is_strict: settings.strict,
            authority,
            oidc_methods: settings.oidc_methods(),
        })
    }

    /// The audiences that an assertion for `call` may have: the token endpoints of the called tenant, here and at the
    /// authority that this one stands in for. An OpenID Connect issuer takes its own name too (RFC 7523 section 3).
    pub(crate) fn audiences(&self, call: &Call) -> Vec<String> {
        let origins = [Some(call.origin.as_str()), self.authority.as_deref()];
        let endpoints = origins.into_iter().flatten();
        let endpoints = endpoints.flat_map(|origin| call.endpoints_at(origin));
        let is_issuer = call.authority.kind == Kind::OpenIdConnect;
        let issuer = is_issuer.then(|| call.authority.issuer(&call.origin, ""));
        endpoints.chain(issuer).collect()
    }
}

/// `https://login.microsoftonline.com` of that URL with or without a path.
fn origin(url: &str) -> Result<String, String> {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let host = rest.split('/').next().unwrap_or_default();
    if !["http", "https"].contains(&scheme) || host.is_empty() || host.contains('@') {
        return Err("--authority is the URL of an authority, such as https://login.microsoftonline.com".to_owned());
    }
    Ok(format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_is_its_scheme_and_host() {
        for url in [
            "https://login.microsoftonline.com",
            "https://login.microsoftonline.com/contoso.com/",
        ] {
            assert_eq!(origin(url).as_deref(), Ok("https://login.microsoftonline.com"), "{url}");
        }
        for url in [
            "",
            "login.microsoftonline.com",
            "ftp://host",
            "https://",
            "https://user:password@host",
        ] {
            let problem = origin(url).unwrap_err();
            assert!(
                problem.contains("--authority") && !problem.contains("password"),
                "{problem}"
            );
        }
    }
}

//! The addresses that an application may have its answers sent to.

/// A registered redirect URI.
pub(crate) struct RedirectUri(String);

impl RedirectUri {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (scheme, rest) = text.split_once("://").unwrap_or_default();
        let host = rest.split('/').next().unwrap_or_default();
        if scheme.is_empty() || host.is_empty() || text.contains(['#', ' ']) {
            return Err("a redirect URI is absolute and has no fragment, such as http://localhost".to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether `uri` is this one. The port of an address of this machine does not count, because a native application
    /// takes any that is free (RFC 8252 section 7.3; Microsoft: "Redirect URI (reply URL) outline and restrictions",
    /// localhost exceptions). Everything else is compared as it is (RFC 9700 section 2.1).
    pub(crate) fn is(&self, uri: &str) -> bool {
        self.0 == uri || loopback(&self.0).is_some_and(|own| Some(own) == loopback(uri))
    }
}

/// Host and path of a plain-HTTP address of this machine.
fn loopback(uri: &str) -> Option<(&str, &str)> {
    let rest = uri.strip_prefix("http://")?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    ["localhost", "127.0.0.1", "[::1]"]
        .contains(&host)
        .then_some((host, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_port_of_this_machine_does_not_count() {
        let is = |registered: &str, uri: &str| RedirectUri::parse(registered).unwrap().is(uri);
        assert!(is("http://localhost", "http://localhost:8400"));
        assert!(is("http://127.0.0.1/done", "http://127.0.0.1:1/done"));
        assert!(is("https://app.example/done", "https://app.example/done"));
        for (registered, uri) in [
            ("http://localhost", "http://localhost:8400/"),
            ("http://localhost", "http://127.0.0.1:8400"),
            ("http://localhost", "https://localhost:8400"),
            ("http://localhost", "http://localhost.evil.example"),
            ("http://localhost", "http://localhost:80@evil.example"),
            ("http://localhost", "http://localhost:8400?x"),
            ("https://app.example", "https://app.example:8400"),
        ] {
            assert!(!is(registered, uri), "{uri}");
        }
    }

    #[test]
    fn what_is_no_absolute_address_is_refused() {
        for text in ["", "localhost", "http://", "http://localhost#x"] {
            assert!(RedirectUri::parse(text).is_err(), "{text}");
        }
    }
}

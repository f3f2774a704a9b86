//! The address of a token service, and the rule for its host.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::base::error::Result;
use crate::http::form::Form;
use crate::managed_identity::variables::{Variables, refused};

/// An address without query: `http` on this machine or the link, or `https`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Endpoint {
    /// Scheme, host and port.
    origin: String,
    path: String,
}

impl Endpoint {
    /// An address that the platform fixes.
    pub(super) fn fixed(origin: &str, path: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            path: path.to_owned(),
        }
    }

    /// The address in the variable `name`, which must be set. A query is dropped.
    pub(super) fn of_variable(variables: &Variables, name: &str) -> Result<Self> {
        let value = variables.required(name)?;
        Self::parse(name, value.expose_text().unwrap_or_default())
    }

    /// Reads the value of the variable `name`.
    ///
    /// # Errors
    /// `InvalidArgument` for every address to which a request with a secret, or for a token, must not go. The value is
    /// not quoted.
    pub(super) fn parse(name: &str, text: &str) -> Result<Self> {
        let parts = text.split_once("://");
        let (scheme, rest) = parts.ok_or_else(|| refused(name, "is not an http or https address"))?;
        let is_bad = |c: char| !c.is_ascii_graphic() || "\\\"<>^`{|}".contains(c);
        if rest.contains(is_bad) {
            return Err(refused(name, "contains a character that an address must not contain"));
        }
        if rest.contains('#') {
            return Err(refused(name, "contains a fragment ('#')"));
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.contains('@') {
            return Err(refused(name, "contains user information before the host ('@')"));
        }
        let host = host_of(authority).ok_or_else(|| refused(name, "has no valid host and port"))?;
        let scheme = scheme.to_ascii_lowercase();
        match scheme.as_str() {
            "http" if is_near(host) => {}
            "http" => {
                let what = "is an http address of another machine: only 127.0.0.0/8, ::1, localhost and 169.254.0.0/16 \
                            are asked without TLS";
                return Err(refused(name, what));
            }
            "https" => {}
            _ => return Err(refused(name, "is not an http or https address")),
        }
        let path = path.split('?').next().unwrap_or_default();
        Ok(Self {
            origin: format!("{scheme}://{authority}"),
            path: if path.is_empty() { "/" } else { path }.to_owned(),
        })
    }

    /// The same host with another path.
    pub(super) fn with_path(self, path: &str) -> Self {
        Self {
            path: path.to_owned(),
            ..self
        }
    }

    /// The address with these parameters as its query.
    pub(super) fn url(&self, query: &Form) -> String {
        let query = String::from_utf8_lossy(query.as_bytes());
        format!("{self}?{query}")
    }

    pub(super) fn is_https(&self) -> bool {
        self.origin.starts_with("https:")
    }
}

impl std::fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.origin)?;
        formatter.write_str(&self.path)
    }
}

/// The host of `authority`, if its port is valid. The brackets of an IPv6 address are not part of it.
fn host_of(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']')?;
            host.parse::<Ipv6Addr>().ok()?;
            (host, port)
        }
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c);
    let is_valid = !host.is_empty() && host.chars().all(is_name);
    let is_port = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit()) && digits.parse::<u16>().is_ok();
    let has_port = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
    (is_valid && has_port).then_some(host)
}

/// Whether `host` is this machine, or at most one hop away: a link-local address, which no router passes on (RFC 3927
/// section 2.7). Every other spelling of an address is refused.
fn is_near(host: &str) -> bool {
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return address.is_loopback() || address.is_link_local();
    }
    host.eq_ignore_ascii_case("localhost") || host.parse() == Ok(Ipv6Addr::LOCALHOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::error::Status;

    #[test]
    fn near_hosts_and_https_are_accepted() {
        for (text, read) in [
            ("http://127.0.0.1:41741/MSI/token/", "http://127.0.0.1:41741/MSI/token/"),
            (
                "HTTP://localhost:42356/msi/token?x=y",
                "http://localhost:42356/msi/token",
            ),
            ("http://LOCALHOST", "http://LOCALHOST/"),
            ("http://127.3.2.1/a", "http://127.3.2.1/a"),
            ("http://[::1]:8080/a", "http://[::1]:8080/a"),
            ("http://169.254.169.254", "http://169.254.169.254/"),
            ("http://169.254.130.2?api-version=1", "http://169.254.130.2/"),
            (
                "https://fabric.example:2377/metadata",
                "https://fabric.example:2377/metadata",
            ),
        ] {
            assert_eq!(Endpoint::parse("X", text).unwrap().to_string(), read);
        }
    }

    #[test]
    fn other_hosts_and_other_forms_are_refused() {
        for text in [
            "",
            "127.0.0.1:80",
            "ftp://127.0.0.1/",
            "file:///etc/passwd",
            "http://",
            "http:///path",
            "http://example.com/",
            "http://169.253.0.1/",
            "http://170.254.169.254/",
            "http://10.0.0.4/",
            "http://0.0.0.0/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.0.0.1/",
            "http://0177.0.0.1/",
            "http://127.0.0.1.example.com/",
            "http://localhost.example.com/",
            "http://localhost./",
            "http://[::ffff:127.0.0.1]/",
            "http://[fe80::1]/",
            "http://[::1/",
            "http://[::1]x/",
            "http://user@127.0.0.1/",
            "http://127.0.0.1@example.com/",
            "https://user:password@fabric.example/",
            "http://127.0.0.1/#x",
            "http://127.0.0.1:99999/",
            "http://127.0.0.1:+1/",
            "http://127.0.0.1\\@example.com/",
            "http://127.0.0.1/ x",
            "http://127.0.0.1/\u{e4}",
            "http://127.0.0.1%2eexample.com/",
        ] {
            let error = Endpoint::parse("IDENTITY_ENDPOINT", text).expect_err(text);
            assert_eq!(error.status(), Status::InvalidArgument, "{text}");
            assert!(error.message().contains("IDENTITY_ENDPOINT"), "{error}");
            assert!(text.len() < 8 || !error.message().contains(text), "{error}");
        }
    }
}

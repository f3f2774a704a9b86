//! The address of a proxy: where it is, and the user name and password that it gets.

use std::fmt;
use std::net::Ipv6Addr;

use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::PROXY;
use crate::base::pasted;
use crate::base::percent_encoding::byte_of;
use crate::base::secret::Secret;

/// An HTTP proxy. Shown without its user name and password.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyAddress {
    is_https: bool,
    host: String,
    port: u16,
    login: Option<Secret>,
    origin: ProxyOrigin,
}

/// What names the proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyOrigin {
    /// The option.
    Option,
    /// This environment variable.
    Variable(&'static str),
}

impl ProxyOrigin {
    /// The environment variables that name the proxy, as curl and most clients read them. The first that is set counts.
    pub const VARIABLES: [&'static str; 2] = ["HTTPS_PROXY", "https_proxy"];
}

impl ProxyAddress {
    /// Reads `http://[user[:password]@]host[:port][/]`, or the same with `https`; the scheme is optional. Ports: 80 and
    /// 443 by default.
    ///
    /// Only what RFC 3986 allows at each place is accepted, because a program that repairs an address may take a part
    /// of the password for the host, look it up and show it.
    ///
    /// # Errors
    /// [`Status::ProxyFailed`] for a proxy of another kind; [`Status::InvalidArgument`] for anything else. Neither
    /// shows any part of the text.
    pub fn parse(text: &str, origin: ProxyOrigin) -> Result<Self> {
        let invalid = |problem: &str| invalid(origin, problem);
        let text = pasted::unwrapped(text);
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) if is_scheme(scheme) => (scheme, rest),
            _ => ("http", text),
        };
        let is_https = match scheme.to_ascii_lowercase().as_str() {
            "http" => false,
            "https" => true,
            other => return Err(unsupported(origin, other.starts_with("socks"))),
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        let (login, place) = match authority.rsplit_once('@') {
            Some((login, place)) => (Some(login), place),
            None => (None, authority),
        };
        let login = match login {
            Some(login) => Some(decoded(login).ok_or_else(|| {
                invalid("its user name or password has a character that is not allowed there, or a wrong %")
            })?),
            None if authority.contains(['/', '?', '#', '\\']) => {
                return Err(invalid("it has more than a host and a port"));
            }
            None => None,
        };
        let (host, port) = split_port(place);
        if !is_host(host) {
            return Err(invalid("its host is not a host name or an IP address"));
        }
        let port = match port {
            None => Some(if is_https { 443 } else { 80 }),
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok(),
            Some(_) => None,
        };
        Ok(Self {
            is_https,
            host: host.to_owned(),
            port: port
                .filter(|port| *port != 0)
                .ok_or_else(|| invalid("its port is not a number from 1 to 65535"))?,
            login,
            origin,
        })
    }

    /// Whether the connection to the proxy itself has TLS.
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// The host name or IP address; an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// User name and password, decoded and separated by a colon, as Basic authentication sends them (RFC 7617
    /// section 2).
    pub fn login(&self) -> Option<&Secret> {
        self.login.as_ref()
    }

    /// What names the proxy.
    pub fn origin(&self) -> ProxyOrigin {
        self.origin
    }

    /// The proxy and what names it, as a phrase for a message.
    pub fn described(&self) -> String {
        format!("the proxy {self} in {}", self.origin)
    }
}

/// `http://host:port`.
impl fmt::Display for ProxyAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_https { "https" } else { "http" };
        write!(formatter, "{scheme}://{}:{}", self.host, self.port)
    }
}

impl fmt::Debug for ProxyAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ProxyAddress({self})")
    }
}

impl fmt::Display for ProxyOrigin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option => write!(formatter, "{PROXY}"),
            Self::Variable(name) => write!(formatter, "the environment variable {name}"),
        }
    }
}

/// RFC 3986 section 3.1. What stands before `://` may as well be a part of a password.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Splits off what follows the last colon, unless that is inside the brackets of an IPv6 address.
fn split_port(place: &str) -> (&str, Option<&str>) {
    match place.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (place, None),
    }
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    !host.is_empty()
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
}

/// Decodes a user name and password (RFC 3986 section 3.2.1); `None` if they have a character that must be encoded, or
/// if they cannot be sent (RFC 7617 section 2).
fn decoded(login: &str) -> Option<Secret> {
    // Room for a colon behind a user name without a password.
    let mut bytes = Zeroizing::new(Vec::with_capacity(login.len() + 1));
    let mut rest = login.bytes();
    let mut has_password = false;
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let decoded = byte_of([rest.next()?, rest.next()?])?;
                // A colon ends the user name, wherever it came from.
                if decoded.is_ascii_control() || (decoded == b':' && !has_password) {
                    return None;
                }
                decoded
            }
            b':' => {
                has_password = true;
                byte
            }
            _ if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte) => byte,
            _ => return None,
        });
    }
    if !has_password {
        bytes.push(b':');
    }
    Some(Secret::copy_of(&bytes))
}

fn invalid(origin: ProxyOrigin, problem: &str) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("The address of the proxy in {origin} is not valid: {problem}."),
        "Use http://host:port, or http://user:password@host:port with the user name and password percent-encoded: # \
         as %23, / as %2F, ? as %3F, @ as %40, : as %3A, \\ as %5C, % as %25, a space as %20, and everything else that \
         is no letter or digit likewise.",
    )
}

fn unsupported(origin: ProxyOrigin, is_socks: bool) -> Error {
    let kind = if is_socks {
        "SOCKS proxies are not supported"
    } else {
        "only http and https proxies are supported"
    };
    Error::new(
        Status::ProxyFailed,
        format!("Cannot use the proxy in {origin}: {kind}."),
        "Use http://host:port, or http://user:password@host:port with special characters percent-encoded.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<ProxyAddress> {
        ProxyAddress::parse(text, ProxyOrigin::Option)
    }

    #[test]
    fn an_address_is_read() {
        for (text, shown, login) in [
            ("http://proxy.example:8080", "http://proxy.example:8080", None),
            ("proxy.example:8080", "http://proxy.example:8080", None),
            ("proxy_1", "http://proxy_1:80", None),
            ("HTTPS://proxy.example/", "https://proxy.example:443", None),
            (" http://10.0.0.1:3128\r\n", "http://10.0.0.1:3128", None),
            ("http://[2001:db8::1]:3128", "http://[2001:db8::1]:3128", None),
            ("http://[::1]", "http://[::1]:80", None),
            ("http://user@proxy.example:1", "http://proxy.example:1", Some("user:")),
            (
                "user:word@proxy.example:65535",
                "http://proxy.example:65535",
                Some("user:word"),
            ),
            (
                "http://domain%5Cuser:a%40b%2Fc%23d%3Fe%25f%20g:h+!@proxy.example:1",
                "http://proxy.example:1",
                Some("domain\\user:a@b/c#d?e%f g:h+!"),
            ),
            ("http://u:%C3%A9@[::1]:1", "http://[::1]:1", Some("u:\u{e9}")),
        ] {
            let proxy = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(proxy.to_string(), shown, "{text}");
            assert_eq!(proxy.login().and_then(Secret::expose_text), login, "{text}");
            assert_eq!(format!("{proxy:?}"), format!("ProxyAddress({shown})"));
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused_and_not_shown() {
        for text in [
            "http://who:pass#word@where:8080",
            "http://who:pass/word@where:8080",
            "http://who:pass?word@where:8080",
            "http://who:pass@word@where:8080",
            "http://who:pass\\word@where:8080",
            "http://who:pass word@where:8080",
            "http://who:pass%word@where:8080",
            "http://who:pass%4@where:8080",
            "http://who:pass%0Aword@where:8080",
            "http://who:pass\"word@where:8080",
            "http://who:pass[word@where:8080",
            "http://who:pass\u{e9}word@where:8080",
            "http://who:12#word@where:8080",
            "http://who:12/word@where:8080",
            "who:pass#word@where:8080",
            "who:pass/word@where",
            "who:pass://word@where:8080",
            "http://w%3Aho:pass@where:8080",
            "http://who:pass@where:word",
            "http://who:pass@where:",
            "http://who:pass@where:0",
            "http://who:pass@where:+80",
            "http://who:pass@where:65536",
            "http://who:pass@where:18446744073709551696",
            "http://who:pass@where:8080:80",
            "http://who:pass@where:8080/word",
            "http://who:pass@where:8080?word",
            "http://who:pass@",
            "http://who:pass@where:8080//",
            "http://who:pass@whe re:8080",
            "http://who:pass@[where]:8080",
            "http://who:pass@[::1:8080",
            "http://who:pass@::1",
            "http://who:pass@wh%65re:8080",
            "http://where:8080/word",
            "http://where:pass",
            "http://:8080",
            "http://",
            "://where",
            "/where",
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.status(), Status::InvalidArgument, "{text}");
            assert!(error.hint().contains("%23"), "{text}");
            let told = format!("{error:?}");
            for part in ["who", "pass", "word", "where", "8080", "65536"] {
                assert!(!told.replace("password", "").contains(part), "{text}: {told}");
            }
        }
    }

    #[test]
    fn other_kinds_of_proxies_are_not_supported() {
        for (text, says) in [
            ("socks5://who:pass@where:1080", "SOCKS"),
            ("SOCKS4a://where", "SOCKS"),
            ("ftp://who:pass#word@where", "only http and https"),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.status(), Status::ProxyFailed, "{text}");
            assert!(error.message().contains(says), "{error}");
            assert!(!error.message().contains("where"), "{error}");
        }
    }

    #[test]
    fn an_error_names_what_the_address_is_from() {
        let told = |origin| {
            ProxyAddress::parse("http://:1", origin)
                .unwrap_err()
                .message()
                .to_owned()
        };
        assert!(told(ProxyOrigin::Option).contains("option http.proxy"));
        assert!(told(ProxyOrigin::Variable("https_proxy")).contains("variable https_proxy"));
    }
}

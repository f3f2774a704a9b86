//! Connections through a proxy: the method CONNECT (RFC 9110 section 9.3.6).

use std::fmt;
use std::io;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::ClientConfig;
use ureq::Error as HttpError;
use ureq::http::Uri;
use ureq::unversioned::transport::{ConnectionDetails, Connector, Transport};
use zeroize::Zeroizing;

use crate::base::secret::Secret;
use crate::http::proxy::ProxyAddress;
use crate::http::resolver::ResolvingConnector;
use crate::http::route::Route;
use crate::http::tls;
use crate::http::wiped::wipe;

/// The largest accepted answer to CONNECT, in bytes. A refusal's body counts as far as it has arrived.
const ANSWER_LIMIT: usize = 16 * 1024;

/// Connects to a host directly, or asks the proxy of its route for a tunnel to it.
pub(crate) struct RouteConnector {
    route: Route,
    user_agent: String,
    /// For proxies with https; `None` if there is none.
    tls: Option<Arc<ClientConfig>>,
    tcp: ResolvingConnector,
}

impl RouteConnector {
    /// `tls` is for a proxy with https.
    pub(crate) fn new(route: Route, user_agent: &str, tls: Option<Arc<ClientConfig>>) -> Self {
        Self {
            route,
            user_agent: user_agent.to_owned(),
            tls,
            tcp: ResolvingConnector::default(),
        }
    }

    fn tunnel(&self, proxy: &ProxyAddress, details: &ConnectionDetails) -> Result<Box<dyn Transport>, TunnelError> {
        let address = proxy.to_string().parse::<Uri>();
        let address = address.map_err(|error| TunnelError::Unreachable(io::Error::other(error).into()))?;
        let mut transport = self.tcp.connect(&address, details).map_err(TunnelError::Unreachable)?;
        if proxy.is_https() {
            let secured = match &self.tls {
                Some(config) => tls::secure(config, proxy.host(), transport, details),
                None => Err(HttpError::TlsRequired),
            };
            transport = secured.map_err(TunnelError::Tls)?.boxed();
        }
        let answer = self.ask(&mut *transport, proxy.login(), details);
        wipe(transport.buffers());
        match answer? {
            Answer { status: 200..=299, .. } => Ok(transport),
            Answer { status, schemes } => Err(TunnelError::Refused { status, schemes }),
        }
    }

    /// Asks for a connection to the host of `details`.
    fn ask(
        &self,
        transport: &mut dyn Transport,
        login: Option<&Secret>,
        details: &ConnectionDetails,
    ) -> Result<Answer, TunnelError> {
        let request = self.request(details.uri, login);
        for part in request.chunks(transport.buffers().output().len().max(1)) {
            transport.buffers().output()[..part.len()].copy_from_slice(part);
            let sent = transport.transmit_output(part.len(), tls::remaining(details));
            sent.map_err(TunnelError::NoAnswer)?;
        }
        loop {
            let has_more = transport.await_input(tls::remaining(details));
            let has_more = has_more.map_err(TunnelError::NoAnswer)?;
            let buffers = transport.buffers();
            if let Some((answer, length)) = Answer::read(buffers.input())? {
                buffers.input_consume(length);
                return Ok(answer);
            }
            if buffers.input().len() >= ANSWER_LIMIT {
                return Err(TunnelError::NotHttp { is_tls: false });
            }
            if !has_more {
                return Err(TunnelError::NoAnswer(HttpError::Io(
                    io::ErrorKind::UnexpectedEof.into(),
                )));
            }
        }
    }

    fn request(&self, target: &Uri, login: Option<&Secret>) -> Zeroizing<Vec<u8>> {
        let host = target.host().unwrap_or_default();
        let is_https = target.scheme_str() == Some("https");
        let port = target.port_u16().unwrap_or(if is_https { 443 } else { 80 });
        let head = format!(
            "CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: {}\r\nProxy-Connection: Keep-Alive\r\n",
            self.user_agent
        );
        let login = login.map(|login| Zeroizing::new(STANDARD.encode(login.expose())));
        let login = login.as_deref().map_or("", String::as_str);
        let mut request = Zeroizing::new(Vec::with_capacity(head.len() + AUTHORIZATION.len() + login.len() + 4));
        request.extend_from_slice(head.as_bytes());
        if !login.is_empty() {
            request.extend_from_slice(AUTHORIZATION.as_bytes());
            request.extend_from_slice(login.as_bytes());
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");
        request
    }
}

/// In canonical case: the scheme is case-insensitive (RFC 9110 section 11.1), but not to every proxy.
const AUTHORIZATION: &str = "Proxy-Authorization: Basic ";

impl Connector<()> for RouteConnector {
    type Out = Box<dyn Transport>;

    fn connect(&self, details: &ConnectionDetails, _: Option<()>) -> Result<Option<Self::Out>, HttpError> {
        match self.route.proxy_for(details.uri) {
            None => self.tcp.connect(details.uri, details).map(Some),
            Some(proxy) => match self.tunnel(proxy, details) {
                Ok(transport) => Ok(Some(transport)),
                Err(failure) => Err(HttpError::Other(Box::new(failure))),
            },
        }
    }
}

impl fmt::Debug for RouteConnector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RouteConnector({:?})", self.route)
    }
}

/// Why a proxy gave no tunnel.
#[derive(Debug)]
pub(crate) enum TunnelError {
    /// There is no connection to the proxy.
    Unreachable(HttpError),
    /// The TLS handshake with the proxy failed.
    Tls(HttpError),
    /// The connection broke, or the time was up, before the proxy answered.
    NoAnswer(HttpError),
    /// The proxy's answer is not HTTP.
    NotHttp {
        /// Whether it is a TLS record.
        is_tls: bool,
    },
    /// The proxy answered with this status.
    Refused {
        status: u16,
        /// The authentication schemes that it offers.
        schemes: Vec<String>,
    },
}

impl fmt::Display for TunnelError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self:?}")
    }
}

impl std::error::Error for TunnelError {}

/// The proxy's answer to CONNECT.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: u16,
    schemes: Vec<String>,
}

impl Answer {
    /// Reads the answer at the beginning of `input`, and returns it with the length of its head; `None` if more input
    /// is needed.
    fn read(input: &[u8]) -> Result<Option<(Self, usize)>, TunnelError> {
        const START: &[u8] = b"HTTP/1.";
        let common = START.len().min(input.len());
        if input[..common] != START[..common] {
            // An alert or a handshake message (RFC 8446 section 5.1).
            let is_tls = matches!(input, [21 | 22, 3, ..] | [21 | 22]);
            return Err(TunnelError::NotHttp { is_tls });
        }
        let Some(end) = input.windows(4).position(|four| four == b"\r\n\r\n") else {
            return Ok(None);
        };
        let head = String::from_utf8_lossy(&input[..end]);
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let status = status.ok_or(TunnelError::NotHttp { is_tls: false })?;
        let mut schemes = Vec::new();
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            if name.eq_ignore_ascii_case("proxy-authenticate") {
                add_schemes(value, &mut schemes);
            }
        }
        Ok(Some((Self { status, schemes }, end + 4)))
    }
}

/// Adds the schemes of a list of challenges (RFC 9110 section 11.6.1): the words that are followed by a space, a comma
/// or the end, and not by `=`, as the names of parameters are.
pub(crate) fn add_schemes(challenges: &str, schemes: &mut Vec<String>) {
    let outside = challenges.split('"').step_by(2).collect::<Vec<_>>().join("\"\"");
    for challenge in outside.split(',').map(str::trim) {
        let scheme = challenge.split_ascii_whitespace().next().unwrap_or_default();
        let is_name =
            (1..=20).contains(&scheme.len()) && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if is_name && !schemes.iter().any(|known| known.eq_ignore_ascii_case(scheme)) {
            schemes.push(scheme.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_when_its_head_is_complete() {
        let whole = b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\nbehind";
        for length in 0..whole.len() - 6 {
            assert_eq!(Answer::read(&whole[..length]).unwrap(), None, "{length}");
        }
        let (answer, length) = Answer::read(whole).unwrap().unwrap();
        assert_eq!((answer.status, &whole[length..]), (200, &b"behind"[..]));
    }

    #[test]
    fn the_schemes_of_a_refusal_are_told() {
        for (headers, expected) in [
            ("", &[][..]),
            ("Proxy-Authenticate: Basic realm=\"a, Digest b\"\r\n", &["Basic"]),
            (
                "proxy-authenticate: NTLM\r\nPROXY-AUTHENTICATE:Negotiate\r\n",
                &["NTLM", "Negotiate"],
            ),
            (
                "Proxy-Authenticate: Digest realm=\"x\", nonce=\"y\", qop=auth, Basic realm=z, basic\r\n",
                &["Digest", "Basic"],
            ),
            ("Proxy-Authenticate: \x1b[31m, <b>, =, realm=\"Basic\"\r\n", &[]),
        ] {
            let answer = format!("HTTP/1.0 407 Denied\r\n{headers}\r\n");
            let (answer, _) = Answer::read(answer.as_bytes()).unwrap().unwrap();
            assert_eq!(answer.status, 407);
            assert_eq!(answer.schemes, expected, "{headers}");
        }
    }

    #[test]
    fn what_is_not_http_is_refused_at_once() {
        for (input, expected) in [
            (&b"\x15\x03\x01\x00\x02\x02\x46"[..], true),
            (b"\x15", true),
            (b"SSH-2.0-x\r\n", false),
            (b"HTTP/2 200\r\n\r\n", false),
            (b"HTTP/1.1\r\n\r\n", false),
            (b"HTTP/1.1 OK\r\n\r\n", false),
        ] {
            let outcome = Answer::read(input);
            assert!(
                matches!(outcome, Err(TunnelError::NotHttp { is_tls }) if is_tls == expected),
                "{input:?}: {outcome:?}"
            );
        }
    }
}

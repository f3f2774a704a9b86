//! Sends token requests. The transport is behind a trait: tests replace the network.

use std::env;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use ureq::ProxyProtocol;
use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::http::{HttpAnswer, HttpRequest};

/// Sends token requests.
pub trait Transport: Send + Sync {
    /// Sends one request and waits for its answer.
    fn post(&self, request: &HttpRequest) -> Result<HttpAnswer>;
}

/// How connections are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportSettings {
    /// The time limit of one attempt to connect.
    pub connect_timeout: Duration,
    /// The time limit of a request that has none of its own.
    pub timeout: Duration,
    /// The proxy.
    pub proxy: ProxyChoice,
    /// Hosts that are reached without the proxy: names, `.suffix`, `*.suffix`, `*`, separated by commas. `None` stands
    /// for the environment variable `NO_PROXY`.
    pub no_proxy: Option<String>,
    /// Which certificate authorities are trusted.
    pub trust: TrustChoice,
    /// The program that uses the engine, as `Name/Version`, for the `User-Agent` header.
    pub product: Option<String>,
}

impl Default for TransportSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(100),
            proxy: ProxyChoice::Environment,
            no_proxy: None,
            trust: TrustChoice::Environment,
            product: None,
        }
    }
}

/// Which proxy is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ProxyChoice {
    /// The environment variable `HTTPS_PROXY` for https; none for http, which is only for this machine.
    #[default]
    Environment,
    /// None, even if the environment has one.
    Direct,
    /// This proxy, for all hosts except those in `no_proxy`.
    Url(ProxyUrl),
}

/// Which certificate authorities are trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TrustChoice {
    /// Those in the file of the environment variable `SSL_CERT_FILE`, or else those of the operating system.
    #[default]
    Environment,
    /// Those of the operating system. On Linux its own environment variables still apply.
    System,
    /// Only those in this PEM file.
    File(PathBuf),
}

impl TrustChoice {
    /// The PEM file with the authorities; `None` for those of the operating system.
    pub fn ca_file(&self) -> Option<PathBuf> {
        match self {
            Self::Environment => env::var_os("SSL_CERT_FILE")
                .filter(|file| !file.is_empty())
                .map(PathBuf::from),
            Self::System => None,
            Self::File(file) => Some(file.clone()),
        }
    }
}

/// The address of a proxy. It may contain a password: `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyUrl(Zeroizing<String>);

impl ProxyUrl {
    /// Reads `http://[user:password@]host:port`; the scheme is optional.
    pub fn parse(text: &str) -> Result<Self> {
        let address = if text.contains("://") {
            text.to_owned()
        } else {
            format!("http://{text}")
        };
        let address = Zeroizing::new(address);
        match ureq::Proxy::new(&address) {
            Ok(proxy) if matches!(proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https) => Ok(Self(address)),
            Ok(_) => Err(refused("SOCKS proxies are not supported")),
            Err(_) => Err(refused("its address is not valid")),
        }
    }

    /// The whole address, with the password that it may contain.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

fn refused(reason: &str) -> Error {
    Error::new(
        Status::ProxyFailed,
        format!("Cannot use the proxy: {reason}."),
        "Use http://host:port, or http://user:password@host:port with special characters percent-encoded.",
    )
}

impl fmt::Debug for ProxyUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ProxyUrl(***)")
    }
}

//! Carries a token request to the service and its answer back. Behind a trait, so that tests can stand in for the
//! network.

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
    /// How long one attempt to connect may take.
    pub connect_timeout: Duration,
    /// How long a request may take in all, unless the request itself says.
    pub timeout: Duration,
    /// The proxy.
    pub proxy: ProxyChoice,
    /// Hosts that are asked directly: names, `.suffix`, `*.suffix`, `*`, separated by commas. The environment's
    /// `NO_PROXY` when `None`.
    pub no_proxy: Option<String>,
    /// Whose TLS certificates are trusted.
    pub trust: TrustChoice,
    /// Who uses the engine, in the form `Name/Version`; added to the product header.
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
    /// `HTTPS_PROXY` of the environment for https addresses; none for http, which is this machine only.
    #[default]
    Environment,
    /// None, whatever the environment says.
    Direct,
    /// This one, for every address that `no_proxy` does not name.
    Url(ProxyUrl),
}

/// Whose TLS certificates are trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TrustChoice {
    /// The authorities in the file that `SSL_CERT_FILE` of the environment names, else those of the operating system.
    #[default]
    Environment,
    /// The operating system's authorities. On Linux the system's own variables for them still count.
    System,
    /// Only the authorities in this PEM file.
    File(PathBuf),
}

impl TrustChoice {
    /// The PEM file whose authorities are trusted; `None` for the operating system's.
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

/// A proxy's address, which may hold a password: `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyUrl(Zeroizing<String>);

impl ProxyUrl {
    /// The address `http://[user:password@]host:port`; the scheme may be left out.
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
            Err(_) => Err(refused("the address cannot be read")),
        }
    }

    /// The whole address, with the password that it may hold.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

fn refused(reason: &str) -> Error {
    Error::new(
        Status::ProxyFailed,
        format!("The proxy cannot be used: {reason}."),
        "Write http://host:port, or http://user:password@host:port with special characters percent-encoded.",
    )
}

impl fmt::Debug for ProxyUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ProxyUrl(***)")
    }
}

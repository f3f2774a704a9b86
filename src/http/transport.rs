//! Sends token requests. The transport is behind a trait: tests replace the network.

use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::base::error::Result;
#[cfg(feature = "flows")]
use crate::base::error::{Error, Status};
use crate::base::pasted;
use crate::base::secret::Secret;
use crate::http::proxy::ProxyAddress;
use crate::http::{HttpAnswer, HttpRequest};

/// Sends token requests.
pub trait Transport: Send + Sync {
    /// Sends one request and waits for its answer.
    fn post(&self, request: &HttpRequest) -> Result<HttpAnswer>;

    /// Reads a document, with nothing secret in the request. A redirect is an answer.
    ///
    /// # Errors
    /// As for [`Self::post`]. A transport for tokens alone has no documents.
    #[cfg(feature = "flows")]
    fn get(&self, url: &str, _correlation_id: &str, _timeout: Duration) -> Result<HttpAnswer> {
        Err(Error::new(
            Status::ConnectionFailed,
            format!("Nothing answers at {url}."),
            "",
        ))
    }

    /// What it sends along with requests, and no message may quote: the user name and password of a proxy.
    fn secret(&self) -> Option<&Secret> {
        None
    }
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
    /// Hosts that are reached without the proxy, as [`NoProxyList`](crate::http::no_proxy::NoProxyList) reads them.
    /// `None` stands for the environment variable `NO_PROXY`.
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
    Url(ProxyAddress),
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
                .map(|file| pasted::path(Path::new(&file)).to_path_buf()),
            Self::System => None,
            Self::File(file) => Some(file.clone()),
        }
    }
}

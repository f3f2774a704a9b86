//! The way to the service: directly, or through a proxy.

use std::env;

use ureq::http::Uri;

use crate::base::error::Result;
use crate::http::no_proxy::NoProxyList;
use crate::http::proxy::{ProxyAddress, ProxyOrigin};
use crate::http::transport::{ProxyChoice, TransportSettings};

/// The proxy of a connection, and the hosts that are reached without it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    proxy: Option<ProxyAddress>,
    no_proxy: NoProxyList,
}

impl Route {
    /// The route of these settings and of the environment for connections to `url`.
    pub fn resolve(settings: &TransportSettings, url: &str) -> Result<Self> {
        let proxy = match &settings.proxy {
            ProxyChoice::Url(proxy) => Some(proxy.clone()),
            // Plain http is only for this machine, which needs no proxy.
            ProxyChoice::Environment if url.starts_with("https:") => variable(&ProxyOrigin::VARIABLES)
                .map(|(name, address)| ProxyAddress::parse(&address, ProxyOrigin::Variable(name)))
                .transpose()?,
            ProxyChoice::Environment | ProxyChoice::Direct => None,
        };
        let no_proxy = settings.no_proxy.clone().or_else(|| {
            let (_, list) = variable(&["NO_PROXY", "no_proxy"])?;
            Some(list)
        });
        Ok(Self {
            proxy,
            no_proxy: NoProxyList::new(&no_proxy.unwrap_or_default()),
        })
    }

    /// A route through this proxy for every host.
    #[cfg(test)]
    pub fn through(proxy: ProxyAddress) -> Self {
        Self {
            proxy: Some(proxy),
            no_proxy: NoProxyList::default(),
        }
    }

    /// The proxy for connections to the host of `url`; `None` if it is reached directly.
    pub fn proxy_for(&self, url: &Uri) -> Option<&ProxyAddress> {
        let host = url.host()?;
        self.proxy.as_ref().filter(|_| !self.no_proxy.contains(host))
    }

    /// Whether the connection to a proxy has TLS.
    pub fn needs_tls(&self) -> bool {
        self.proxy.as_ref().is_some_and(ProxyAddress::is_https)
    }
}

/// A variable that names a proxy for other programs and not for this one, with the proxy if its address is valid.
///
/// `HTTP_PROXY` is for http alone, and a web server sets it from a header of the request ("httpoxy"). `ALL_PROXY` names a
/// SOCKS proxy most of the time.
pub fn unread_variable() -> Option<(&'static str, Option<ProxyAddress>)> {
    let (name, address) = variable(&["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])?;
    let proxy = ProxyAddress::parse(&address, ProxyOrigin::Variable(name));
    Some((name, proxy.ok()))
}

/// The first of these variables that is set. An empty one counts as unset.
fn variable(names: &[&'static str]) -> Option<(&'static str, String)> {
    names.iter().find_map(|name| {
        let value = env::var(name).ok().filter(|value| !value.is_empty())?;
        Some((*name, value))
    })
}

//! Resolves a host name for each new connection, not for each request: most requests use an open connection.

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, NextTimeout, TcpConnector, Transport};

/// Leaves the addresses to [`ResolvingConnector`].
#[derive(Debug)]
pub(crate) struct LateResolver;

impl Resolver for LateResolver {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        Ok(self.empty())
    }
}

/// Resolves the name of a host and connects to it with TCP. The connect timeout limits both together.
#[derive(Debug, Default)]
pub(crate) struct ResolvingConnector {
    resolver: DefaultResolver,
    tcp: TcpConnector,
}

impl ResolvingConnector {
    /// Connects to the host and port of `url`, which need not be that of `details`.
    pub(crate) fn connect(&self, url: &Uri, details: &ConnectionDetails) -> Result<Box<dyn Transport>, Error> {
        let addrs = self.resolver.resolve(url, details.config, details.timeout)?;
        let resolved = ConnectionDetails {
            uri: url,
            addrs,
            config: details.config,
            request_level: details.request_level,
            resolver: details.resolver,
            now: details.now,
            timeout: details.timeout,
            current_time: details.current_time.clone(),
            run_connector: details.run_connector.clone(),
            register_shutdown: details.register_shutdown.clone(),
        };
        let connected = self.tcp.connect(&resolved, None::<()>)?;
        Ok(connected.ok_or(Error::ConnectionFailed)?.boxed())
    }
}

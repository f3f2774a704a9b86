//! Requests to a token service of the machine itself: its metadata service, or an agent. They never go through a proxy.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use rustls::{CertificateError, Error as TlsError};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{Connector, NextTimeout, TcpConnector};
use ureq::{Agent, Error as HttpError, Timeout};

use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;
use crate::http::HttpAnswer;
use crate::http::cause::cause;
use crate::http::form::Form;
use crate::http::https::{INPUT_BUFFER, OUTPUT_BUFFER, own_product, read_answer, user_agent};
use crate::http::pinned;
use crate::http::tls::{Tls, TlsConnector};
use crate::http::tls_failure::{tls_error, untrusted};
use crate::http::wiped::WipingConnector;

/// The time limit of an attempt to connect. What answers is on this machine, or one hop away.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// One request.
pub struct MetadataRequest<'a> {
    /// The address, with the query.
    pub url: &'a str,
    /// Its own headers.
    pub headers: &'a [(&'static str, &'a Secret)],
    /// The body of a POST; `None` for a GET.
    pub form: Option<&'a Form>,
    /// The time limit of the whole request.
    pub timeout: Duration,
}

/// Sends such requests. Tests replace it.
pub trait MetadataTransport: Send + Sync {
    /// Sends one request and waits for its answer. A redirect is an answer.
    ///
    /// # Errors
    /// [`Status::ConnectionFailed`] if nothing answers, [`Status::TlsFailed`], [`Status::RequestTimeout`].
    fn send(&self, request: &MetadataRequest) -> Result<HttpAnswer>;
}

/// How the other side of a connection is recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetadataTrust {
    /// By its address: plain HTTP.
    Address,
    /// By the SHA-1 thumbprint of its certificate, and nothing else.
    Thumbprint([u8; 20]),
    /// By a certificate for its name, of an authority in this PEM file, or of one that the operating system trusts.
    Authority(Option<PathBuf>),
}

/// Sends requests without a proxy, whatever the settings and the environment say.
pub struct DirectTransport {
    agent: Agent,
}

impl DirectTransport {
    /// A transport that has not connected yet. `product` is for the `User-Agent` header.
    ///
    /// # Errors
    /// [`Status::TlsFailed`] if the trusted authorities cannot be read.
    pub fn new(product: Option<String>, trust: &MetadataTrust) -> Result<Self> {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_resolve(Some(CONNECT_TIMEOUT))
            .accept("application/json")
            .user_agent(user_agent(&product.unwrap_or_else(own_product)))
            .input_buffer_size(INPUT_BUFFER)
            .output_buffer_size(OUTPUT_BUFFER)
            .proxy(None)
            .build();
        let tls = match trust {
            MetadataTrust::Address => None,
            MetadataTrust::Thumbprint(thumbprint) => Some(pinned::config(*thumbprint).map_err(|error| {
                let message = format!("Cannot use TLS: {error}.");
                Error::new(
                    Status::TlsFailed,
                    message,
                    "Report this message as a defect of GraphToken.",
                )
            })?),
            MetadataTrust::Authority(ca_file) => Some(Tls::shared(ca_file.as_deref())?.config()),
        };
        let (tcp, resolver) = (TcpConnector::default(), LocalResolver::default());
        let agent = match tls {
            None => Agent::with_parts(config, Connector::<()>::chain(tcp, WipingConnector), resolver),
            Some(tls) => {
                let secured = Connector::<()>::chain(tcp, TlsConnector::new(tls));
                Agent::with_parts(config, secured.chain(WipingConnector), resolver)
            }
        };
        Ok(Self { agent })
    }
}

impl MetadataTransport for DirectTransport {
    fn send(&self, request: &MetadataRequest) -> Result<HttpAnswer> {
        let explain = |failure: &HttpError| explain(failure, request.url);
        let timeout = Some(request.timeout);
        let outcome = match request.form {
            None => {
                let get = self.agent.get(request.url).config().timeout_global(timeout).build();
                let get = request
                    .headers
                    .iter()
                    .fold(get, |get, (name, value)| get.header(*name, value.expose()));
                get.call()
            }
            Some(form) => {
                let post = self.agent.post(request.url).config().timeout_global(timeout).build();
                let post = request
                    .headers
                    .iter()
                    .fold(post, |post, (name, value)| post.header(*name, value.expose()));
                post.content_type(Form::CONTENT_TYPE).send(form.as_bytes())
            }
        };
        read_answer(outcome, explain)
    }
}

/// The error for a request to `url` that got no answer.
fn explain(failure: &HttpError, url: &str) -> Error {
    let uri: Option<Uri> = url.parse().ok();
    let host = uri
        .as_ref()
        .and_then(Uri::authority)
        .map_or("the endpoint", |authority| authority.as_str());
    match tls_error(failure) {
        Some(TlsError::InvalidCertificate(CertificateError::ApplicationVerificationFailure)) => {
            return Error::new(
                Status::TlsFailed,
                format!("The certificate of {host} does not have the thumbprint in IDENTITY_SERVER_THUMBPRINT."),
                "Check which program listens there. The platform sets this variable when the service starts.",
            );
        }
        Some(error) => return untrusted(host, error),
        None => {}
    }
    let nothing = |why: &str| format!("No managed identity endpoint answers at {host}: {why}.");
    let (status, message) = match failure {
        HttpError::Timeout(Timeout::Resolve | Timeout::Connect) => {
            (Status::ConnectionFailed, nothing("timed out connecting"))
        }
        HttpError::Timeout(_) => {
            let message = format!("Timed out waiting for an answer from the managed identity endpoint {host}.");
            (Status::RequestTimeout, message)
        }
        _ => (Status::ConnectionFailed, nothing(&cause(failure))),
    };
    Error::new(
        status,
        message,
        "Run this on an Azure resource with a managed identity, or on a server with the Azure Connected Machine agent, \
         and check that the firewall of the machine lets the program connect to this address.",
    )
}

type Resolved = std::result::Result<ResolvedSocketAddrs, HttpError>;

/// Knows this machine by the name `localhost`, whatever a name server says.
#[derive(Debug, Default)]
struct LocalResolver {
    others: DefaultResolver,
}

impl Resolver for LocalResolver {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Resolved {
        let is_local = uri.host().is_some_and(|host| host.eq_ignore_ascii_case("localhost"));
        if !is_local {
            return self.others.resolve(uri, config, timeout);
        }
        let default = if uri.scheme_str() == Some("https") { 443 } else { 80 };
        let port = uri.port_u16().unwrap_or(default);
        let mut addresses = self.empty();
        for address in [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)] {
            addresses.push(SocketAddr::new(address, port));
        }
        Ok(addresses)
    }
}

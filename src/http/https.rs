//! The transport over the network: HTTP/1.1 with keep-alive, over TLS.

use std::env;
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ureq::http::{Response, Uri};
use ureq::unversioned::transport::{ConnectProxyConnector, Connector as _};
use ureq::{Agent, Body, Proxy, ProxyProtocol};
use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;
use crate::http::failure;
use crate::http::form::Form;
use crate::http::resolver::{LateResolver, ResolvingConnector};
use crate::http::tls::{Peer, Tls};
use crate::http::transport::{ProxyChoice, ProxyUrl, Transport, TransportSettings};
use crate::http::{CutOff, HttpAnswer, HttpRequest};

/// The largest accepted body, in bytes. The answer to a token request has a few kilobytes.
const BODY_LIMIT: u64 = 1024 * 1024;

/// Sends requests with ureq and rustls.
pub struct HttpsTransport {
    agent: Agent,
    product: String,
    /// `None` for plain http.
    tls: Option<Tls>,
}

impl HttpsTransport {
    /// The transport for `url` with these settings. Clients with the same settings share it and its connections.
    pub fn shared(settings: &TransportSettings, url: &str) -> Result<Arc<Self>> {
        static KNOWN: Mutex<Vec<(Connection, Arc<HttpsTransport>)>> = Mutex::new(Vec::new());
        const KEPT: usize = 16;
        let connection = Connection::resolve(settings, url)?;
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, transport)) = known.iter().find(|(other, _)| *other == connection) {
            return Ok(Arc::clone(transport));
        }
        let transport = Arc::new(Self::new(&connection)?);
        if known.len() == KEPT {
            known.remove(0);
        }
        known.push((connection, Arc::clone(&transport)));
        Ok(transport)
    }

    /// A transport with these settings, which has not connected yet.
    pub(crate) fn new(connection: &Connection) -> Result<Self> {
        let settings = &connection.settings;
        let version = env!("CARGO_PKG_VERSION");
        let product = settings
            .product
            .clone()
            .unwrap_or_else(|| format!("GraphToken/{version}"));
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(settings.connect_timeout))
            .timeout_global(Some(settings.timeout))
            .accept("application/json")
            .user_agent(format!(
                "{product} graphtoken/{version} ({}; {})",
                env::consts::OS,
                env::consts::ARCH
            ))
            .proxy(connection.proxy()?)
            .build();
        let tls = connection
            .tls
            .then(|| Tls::new(connection.ca_file.as_deref()))
            .transpose()?;
        let tcp = ().chain(ConnectProxyConnector::default()).chain(ResolvingConnector::default());
        let agent = match &tls {
            Some(tls) => Agent::with_parts(config, tcp.chain(tls.connector()), LateResolver),
            None => Agent::with_parts(config, tcp, LateResolver),
        };
        Ok(Self { agent, product, tls })
    }

    /// Sends a GET request to `url`.
    pub(crate) fn get(&self, url: &str, correlation_id: &str, timeout: Option<Duration>) -> Result<HttpAnswer> {
        let mut get = self.agent.get(url);
        for (name, value) in self.client_headers(correlation_id) {
            get = get.header(name, value);
        }
        if let Some(timeout) = timeout {
            get = get.config().timeout_global(Some(timeout)).build();
        }
        self.answer(url, get.call())
    }

    /// The peer of the last TLS handshake, trusted or not.
    pub(crate) fn peer(&self) -> Option<Peer> {
        self.tls.as_ref()?.peer()
    }

    /// The headers by which Microsoft's services identify a client library and a request.
    fn client_headers<'a>(&'a self, correlation_id: &'a str) -> [(&'static str, &'a str); 5] {
        let (name, version) = self.product.split_once('/').unwrap_or((&self.product, ""));
        [
            ("x-client-SKU", name),
            ("x-client-Ver", version),
            ("x-client-OS", env::consts::OS),
            ("client-request-id", correlation_id),
            ("return-client-request-id", "true"),
        ]
    }

    fn answer(&self, url: &str, outcome: std::result::Result<Response<Body>, ureq::Error>) -> Result<HttpAnswer> {
        let explain = |failure: &ureq::Error| failure::explain(failure, url, self.agent.config().proxy());
        let response = outcome.map_err(|failure| explain(&failure))?;
        let text = |name: &str| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let mut answer = HttpAnswer {
            status: response.status().as_u16(),
            retry_after: text("retry-after"),
            date: text("date"),
            location: text("location"),
            ..HttpAnswer::default()
        };
        read_body(response.into_body(), &mut answer, explain)?;
        Ok(answer)
    }
}

impl Transport for HttpsTransport {
    fn post(&self, request: &HttpRequest) -> Result<HttpAnswer> {
        let mut post = self.agent.post(request.url).content_type(Form::CONTENT_TYPE);
        for (name, value) in self.client_headers(request.correlation_id) {
            post = post.header(name, value);
        }
        if !request.username.is_empty() && request.username.is_ascii() {
            post = post.header("x-anchormailbox", format!("upn:{}", request.username));
        }
        if let Some(timeout) = request.timeout {
            post = post.config().timeout_global(Some(timeout)).build();
        }
        self.answer(request.url, post.send(request.form.as_bytes()))
    }
}

/// Reads the body into memory that is overwritten later. An incomplete body is kept, with the reason.
fn read_body(body: Body, answer: &mut HttpAnswer, explain: impl Fn(&ureq::Error) -> Error) -> Result<()> {
    let mut reader = body.into_with_config().limit(BODY_LIMIT).reader();
    let mut whole: Zeroizing<Vec<u8>> = Zeroizing::new(Vec::with_capacity(16 * 1024));
    let mut piece = Zeroizing::new([0; 8 * 1024]);
    loop {
        match reader.read(&mut *piece) {
            Ok(0) => break,
            Ok(count) => {
                if whole.capacity() - whole.len() < count {
                    let mut larger = Zeroizing::new(Vec::with_capacity(4 * whole.capacity()));
                    larger.extend_from_slice(&whole);
                    whole = larger;
                }
                whole.extend_from_slice(&piece[..count]);
            }
            Err(error) => match ureq::Error::from(error) {
                timeout @ ureq::Error::Timeout(_) => return Err(explain(&timeout)),
                ureq::Error::BodyExceedsLimit(_) => {
                    answer.cut_off = Some(CutOff::TooLarge(BODY_LIMIT));
                    break;
                }
                other => {
                    answer.cut_off = Some(CutOff::Broken(failure::cause(&other)));
                    break;
                }
            },
        }
    }
    answer.body = Secret::new(std::mem::take(&mut *whole));
    Ok(())
}

/// The settings together with those of the environment. Connections with equal ones share a transport.
#[derive(PartialEq, Eq)]
pub(crate) struct Connection {
    settings: TransportSettings,
    proxy: Option<ProxyUrl>,
    no_proxy: Option<String>,
    ca_file: Option<PathBuf>,
    tls: bool,
}

impl Connection {
    /// Adds the settings of the environment for connections to `url`.
    pub(crate) fn resolve(settings: &TransportSettings, url: &str) -> Result<Self> {
        let tls = url.starts_with("https:");
        let proxy = match &settings.proxy {
            ProxyChoice::Url(url) => Some(url.clone()),
            // Plain http is only for this machine, which needs no proxy.
            ProxyChoice::Environment if tls => environment("HTTPS_PROXY")
                .map(|address| ProxyUrl::parse(&address))
                .transpose()?,
            ProxyChoice::Environment | ProxyChoice::Direct => None,
        };
        Ok(Self {
            proxy,
            no_proxy: settings.no_proxy.clone().or_else(|| environment("NO_PROXY")),
            ca_file: settings.trust.ca_file(),
            tls,
            settings: settings.clone(),
        })
    }

    /// The proxy for requests to `url` as `http://host:port`, without its user name and password.
    pub(crate) fn proxy_for(&self, url: &str) -> Result<Option<String>> {
        let uri: Option<Uri> = url.parse().ok();
        let proxy = self
            .proxy()?
            .filter(|proxy| uri.is_some_and(|uri| !proxy.is_no_proxy(&uri)));
        Ok(proxy.map(|proxy| {
            let scheme = if proxy.protocol() == ProxyProtocol::Https {
                "https"
            } else {
                "http"
            };
            format!("{scheme}://{}:{}", proxy.host(), proxy.port())
        }))
    }

    /// The proxy, with the hosts that are exempt from it.
    fn proxy(&self) -> Result<Option<Proxy>> {
        let proxy = self.proxy.as_ref();
        proxy.map(|url| proxy_of(url, self.no_proxy.as_deref())).transpose()
    }
}

/// The variable in upper or lower case, as curl and most clients read it. An empty one counts as unset.
fn environment(name: &str) -> Option<String> {
    let read = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    read(name).or_else(|| read(&name.to_ascii_lowercase()))
}

fn proxy_of(url: &ProxyUrl, no_proxy: Option<&str>) -> Result<Proxy> {
    let given = Proxy::new(url.expose()).map_err(|_| invalid_proxy())?;
    let mut builder = Proxy::builder(given.protocol()).host(given.host()).port(given.port());
    if let Some(username) = given.username() {
        builder = builder.username(username);
    }
    if let Some(password) = given.password() {
        builder = builder.password(password);
    }
    for entry in no_proxy
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
    {
        builder = builder.no_proxy(entry);
    }
    builder.build().map_err(|_| invalid_proxy())
}

fn invalid_proxy() -> Error {
    Error::new(
        Status::ProxyFailed,
        "The address of the proxy is not valid.",
        "Use http://host:port.",
    )
}

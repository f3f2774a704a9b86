//! The transport over the network: HTTP/1.1 with keep-alive, over TLS.

use std::env;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use ureq::http::Response;
use ureq::unversioned::transport::Connector as _;
use ureq::{Agent, Body};
use zeroize::Zeroizing;

use crate::base::error::{Error, Result};
use crate::base::secret::Secret;
#[cfg(feature = "flows")]
use crate::http::bare::{BareMethod, BareRequest, BareTransport};
use crate::http::cause::cause;
use crate::http::failure;
use crate::http::form::Form;
use crate::http::proxy::ProxyAddress;
use crate::http::resolver::LateResolver;
use crate::http::route::Route;
use crate::http::tls::{Peer, Tls};
use crate::http::transport::{Transport, TransportSettings};
use crate::http::tunnel::{RouteConnector, add_schemes};
use crate::http::wiped::WipingConnector;
use crate::http::{CutOff, HttpAnswer, HttpRequest};

/// The largest accepted body, in bytes. The answer to a token request has a few kilobytes.
const BODY_LIMIT: u64 = 1024 * 1024;

/// The sizes of a connection's buffers, in bytes. They are overwritten after each exchange, so they are no larger than
/// a token request and the head of its answer need. A head that does not fit is an error of the protocol.
pub(super) const INPUT_BUFFER: usize = 32 * 1024;
pub(super) const OUTPUT_BUFFER: usize = 16 * 1024;

/// Sends requests with ureq and rustls.
pub struct HttpsTransport {
    agent: Agent,
    product: String,
    /// `None` for plain http.
    tls: Option<Tls>,
    connection: Connection,
}

impl HttpsTransport {
    /// The transport for `url` with these settings. Clients with the same settings share it and its connections.
    pub fn shared(settings: &TransportSettings, url: &str) -> Result<Arc<Self>> {
        // None lives longer than its last client, because connections hold parts of what went over them.
        static KNOWN: Mutex<Vec<Weak<HttpsTransport>>> = Mutex::new(Vec::new());
        let connection = Connection::resolve(settings, url)?;
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let alive = known.iter().filter_map(Weak::upgrade);
        if let Some(transport) = alive.into_iter().find(|other| other.connection == connection) {
            return Ok(transport);
        }
        let transport = Arc::new(Self::with_tls(connection, Tls::shared)?);
        known.retain(|other| other.strong_count() > 0);
        known.push(Arc::downgrade(&transport));
        Ok(transport)
    }

    /// A transport with these settings, which has not connected yet and shares nothing.
    pub(crate) fn new(connection: Connection) -> Result<Self> {
        Self::with_tls(connection, Tls::new)
    }

    fn with_tls(connection: Connection, tls: fn(Option<&Path>) -> Result<Tls>) -> Result<Self> {
        let settings = &connection.settings;
        let product = settings.product.clone().unwrap_or_else(own_product);
        let user_agent = user_agent(&product);
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(settings.connect_timeout))
            .timeout_global(Some(settings.timeout))
            .accept("application/json")
            .user_agent(&user_agent)
            .input_buffer_size(INPUT_BUFFER)
            .output_buffer_size(OUTPUT_BUFFER)
            // The route has the proxy.
            .proxy(None)
            .build();
        let tls = (connection.tls || connection.route.needs_tls())
            .then(|| tls(connection.ca_file.as_deref()))
            .transpose()?;
        let route = RouteConnector::new(connection.route.clone(), &user_agent, tls.as_ref().map(Tls::config));
        let agent = match tls.as_ref().filter(|_| connection.tls) {
            Some(tls) => Agent::with_parts(
                config,
                route.chain(tls.connector()).chain(WipingConnector),
                LateResolver,
            ),
            None => Agent::with_parts(config, route.chain(WipingConnector), LateResolver),
        };
        Ok(Self {
            agent,
            product,
            tls,
            connection,
        })
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
        let explain = |failure: &ureq::Error| failure::explain(failure, url, &self.connection.route);
        read_answer(outcome, explain)
    }
}

/// The product of programs that name none.
pub(super) fn own_product() -> String {
    format!("GraphToken/{VERSION}")
}

/// The header `User-Agent` of `product`.
pub(super) fn user_agent(product: &str) -> String {
    let (system, processor) = (env::consts::OS, env::consts::ARCH);
    format!("{product} graphtoken/{VERSION} ({system}; {processor})")
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Reads an answer to its end. `explain` makes the error of a request without one.
pub(super) fn read_answer(
    outcome: std::result::Result<Response<Body>, ureq::Error>,
    explain: impl Fn(&ureq::Error) -> Error,
) -> Result<HttpAnswer> {
    let response = outcome.map_err(|failure| explain(&failure))?;
    let text = |name: &str| {
        let value = response.headers().get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    let mut proxy_schemes = Vec::new();
    let challenges = response.headers().get_all("proxy-authenticate").iter();
    for challenge in challenges.filter_map(|challenge| challenge.to_str().ok()) {
        add_schemes(challenge, &mut proxy_schemes);
    }
    let mut answer = HttpAnswer {
        status: response.status().as_u16(),
        proxy_schemes,
        retry_after: text("retry-after"),
        date: text("date"),
        location: text("location"),
        #[cfg(feature = "flows")]
        challenge: text("www-authenticate"),
        #[cfg(feature = "flows")]
        cache_control: text("cache-control"),
        ..HttpAnswer::default()
    };
    read_body(response.into_body(), &mut answer, explain)?;
    Ok(answer)
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
        if let Some(basic) = request.basic {
            let basic = Zeroizing::new([b"Basic ", basic.expose()].concat());
            post = post.header("Authorization", basic.as_slice());
        }
        if let Some(timeout) = request.timeout {
            post = post.config().timeout_global(Some(timeout)).build();
        }
        self.answer(request.url, post.send(request.form.as_bytes()))
    }

    #[cfg(feature = "flows")]
    fn get(&self, url: &str, correlation_id: &str, timeout: Duration) -> Result<HttpAnswer> {
        self.get(url, correlation_id, Some(timeout))
    }

    fn secret(&self) -> Option<&Secret> {
        self.connection.route.login()
    }
}

#[cfg(feature = "flows")]
impl BareTransport for HttpsTransport {
    fn send(&self, request: &BareRequest<'_>) -> Result<HttpAnswer> {
        let bearer = [b"Bearer ", request.bearer.expose()].concat();
        let bearer = Zeroizing::new(bearer);
        let own = request.headers.iter().map(|(name, value)| (*name, value.as_bytes()));
        let headers = own.chain([("Authorization", bearer.as_slice())]);
        let outcome = match request.method {
            BareMethod::Get => {
                let call = headers.fold(self.agent.get(request.url), |call, (name, value)| {
                    call.header(name, value)
                });
                call.config().timeout_global(Some(request.timeout)).build().call()
            }
            BareMethod::Post => {
                let call = headers.fold(self.agent.post(request.url), |call, (name, value)| {
                    call.header(name, value)
                });
                call.config().timeout_global(Some(request.timeout)).build().send_empty()
            }
        };
        self.answer(request.url, outcome)
    }

    fn proxy_login(&self) -> Option<&Secret> {
        self.connection.route.login()
    }
}

/// Reads the body into memory that is overwritten later. An incomplete body is kept, with the reason.
fn read_body(body: Body, answer: &mut HttpAnswer, explain: impl Fn(&ureq::Error) -> Error) -> Result<()> {
    let mut reader = body.into_with_config().limit(BODY_LIMIT).reader();
    let mut whole = Zeroizing::new(vec![0; 8 * 1024]);
    let mut length = 0;
    loop {
        if length == whole.len() {
            let mut larger = Zeroizing::new(vec![0; 4 * length]);
            larger[..length].copy_from_slice(&whole);
            whole = larger;
        }
        match reader.read(&mut whole[length..]) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) => match ureq::Error::from(error) {
                timeout @ ureq::Error::Timeout(_) => return Err(explain(&timeout)),
                ureq::Error::BodyExceedsLimit(_) => {
                    answer.cut_off = Some(CutOff::TooLarge(BODY_LIMIT));
                    break;
                }
                other => {
                    answer.cut_off = Some(CutOff::Broken(cause(&other)));
                    break;
                }
            },
        }
    }
    answer.body = Secret::copy_of(&whole[..length]);
    Ok(())
}

/// The settings together with those of the environment. Connections with equal ones share a transport.
#[derive(PartialEq, Eq)]
pub(crate) struct Connection {
    settings: TransportSettings,
    route: Route,
    ca_file: Option<PathBuf>,
    tls: bool,
}

impl Connection {
    /// Adds the settings of the environment for connections to `url`.
    pub(crate) fn resolve(settings: &TransportSettings, url: &str) -> Result<Self> {
        Ok(Self {
            route: Route::resolve(settings, url)?,
            ca_file: settings.trust.ca_file(),
            tls: url.starts_with("https:"),
            settings: settings.clone(),
        })
    }

    /// The proxy for requests to `url`; `None` if they are sent directly.
    pub(crate) fn proxy_for(&self, url: &str) -> Option<&ProxyAddress> {
        self.route.proxy_for(&url.parse().ok()?)
    }
}

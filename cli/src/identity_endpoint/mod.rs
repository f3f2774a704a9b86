//! An endpoint by which programs get tokens as they do in App Service (Microsoft page "How to use managed identities for
//! App Service and Azure Functions", REST endpoint reference).

mod answer;
pub mod environment;
mod header_secret;
mod identity_request;
pub mod served_command;
mod token_provider;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use self::answer::{Answer, Refusal};
use self::header_secret::HeaderSecret;
use self::identity_request::IdentityRequest;
pub use self::token_provider::TokenProvider;

/// An endpoint that listens on this machine.
pub struct IdentityEndpoint {
    listener: TcpListener,
    service: Arc<Service>,
}

struct Service {
    address: SocketAddr,
    secret: HeaderSecret,
    tokens: TokenProvider,
}

impl IdentityEndpoint {
    /// How many calls may wait for the token service.
    pub const CALLS_AT_ONCE: usize = 16;

    /// As in App Service.
    const PATH: &str = "/msi/token";
    /// The SDKs keep one connection or open one for each token.
    const CONNECTIONS_AT_ONCE: usize = 64;
    /// For the head of a request, which libraries send at once.
    const HEAD_TIME: Duration = Duration::from_secs(10);
    const LARGEST_HEAD: usize = 16 * 1024;
    /// When no connection can be accepted, out of file descriptors most likely.
    const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

    /// Listens on `address`, with a header secret that is new.
    pub async fn listen(address: SocketAddr, tokens: TokenProvider) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let service = Service {
            address: listener.local_addr()?,
            secret: HeaderSecret::random()?,
            tokens,
        };
        Ok(Self {
            listener,
            service: Arc::new(service),
        })
    }

    /// Where programs ask for tokens.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.service.address, Self::PATH)
    }

    /// The address of this machine that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.service.address
    }

    /// What programs must send along.
    pub fn secret(&self) -> &str {
        self.service.secret.expose()
    }

    /// Answers requests.
    pub async fn serve(self) -> ! {
        let free = Arc::new(Semaphore::new(Self::CONNECTIONS_AT_ONCE));
        loop {
            let permit = Arc::clone(&free).acquire_owned().await;
            match self.listener.accept().await {
                Ok((stream, _)) => {
                    let service = Arc::clone(&self.service);
                    tokio::spawn(async move {
                        let _permit = permit;
                        answer_all(stream, service).await;
                    });
                }
                Err(_) => tokio::time::sleep(Self::ACCEPT_PAUSE).await,
            }
        }
    }
}

async fn answer_all(stream: TcpStream, service: Arc<Service>) {
    let answered = service_fn(move |request| {
        let service = Arc::clone(&service);
        async move {
            let answer = service.token(&request).await.unwrap_or_else(Refusal::answer);
            Ok::<_, Infallible>(answer)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IdentityEndpoint::HEAD_TIME)
        .max_buf_size(IdentityEndpoint::LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), answered);
    // A client that is gone needs no answer.
    let _ = connection.await;
}

impl Service {
    async fn token(self: &Arc<Self>, request: &Request<Incoming>) -> Result<Answer, Refusal> {
        self.admit(request)?;
        let asked = IdentityRequest::parse(request.uri().query().unwrap_or_default())?;
        let service = Arc::clone(self);
        let issued = spawn_blocking(move || service.tokens.token(&asked)).await;
        issued.unwrap_or_else(|_| Err(Refusal::defect()))
    }

    /// Whoever knows no secret learns nothing: not even whether anything else is right.
    fn admit(&self, request: &Request<Incoming>) -> Result<(), Refusal> {
        let header = |name: &str| request.headers().get(name).map(hyper::header::HeaderValue::as_bytes);
        // A page in a browser could reach this address by a name of its own.
        if header("host") != Some(self.address.to_string().as_bytes()) {
            return Err(Refusal::bad_request("The header Host does not name this endpoint."));
        }
        if !header(environment::SECRET_HEADER).is_some_and(|given| self.secret.is(given)) {
            return Err(Refusal::unauthorized());
        }
        if request.uri().path() != IdentityEndpoint::PATH {
            return Err(Refusal::not_found());
        }
        if request.method() != Method::GET {
            return Err(Refusal::method_not_allowed());
        }
        Ok(())
    }
}

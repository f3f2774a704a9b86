//! A token service for benchmarks. It checks nothing and answers at once, so that only its caller is measured.
//!
//! The first line on standard output is its address. It exits when its standard input is closed. `GET /_count` returns
//! the number of token requests since the last `DELETE /_count`.

use std::cell::Cell;
use std::convert::Infallible;
use std::io::{Read, Write};
use std::rc::Rc;
use std::time::Duration;
use std::{io, process, thread};

use bytes::Bytes;
use clap::Parser;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;
use tokio::task::LocalSet;

#[derive(Parser)]
#[command(version, about)]
struct Settings {
    /// Length of the token, in characters
    #[arg(long, default_value_t = 1500)]
    token_length: usize,
    /// Lifetime of the token, in seconds
    #[arg(long, default_value_t = 3599)]
    expires_in: u32,
    /// Seconds after which the token is to be renewed, which may be negative; left out by default
    #[arg(long, allow_hyphen_values = true)]
    refresh_in: Option<i32>,
    /// Delay of each response, in milliseconds
    #[arg(long, default_value_t = 0)]
    delay_ms: u64,
}

fn main() -> io::Result<()> {
    let service = Service::new(&Settings::parse());
    // One thread: a second one would take processor time from the program that is measured.
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, serve(Rc::new(service)))
}

async fn serve(service: Rc<Service>) -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut output = io::stdout();
    writeln!(output, "http://{}", listener.local_addr()?)?;
    output.flush()?;
    thread::spawn(end_with_stdin);
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::task::spawn_local(serve_connection(stream, Rc::clone(&service)));
    }
}

fn end_with_stdin() {
    let mut ignored = [0; 256];
    while matches!(io::stdin().read(&mut ignored), Ok(1..)) {}
    process::exit(0);
}

async fn serve_connection(stream: TcpStream, service: Rc<Service>) {
    // An error is ignored: the option only improves speed, and a broken connection fails later anyway.
    let _ = stream.set_nodelay(true);
    let handler = service_fn(|request| {
        let service = Rc::clone(&service);
        async move { Ok::<_, Infallible>(service.answer(request).await) }
    });
    // An error is ignored: it only means that the client closed its connection.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), handler)
        .await;
}

struct Service {
    token_answer: Bytes,
    delay: Duration,
    token_requests: Cell<u64>,
}

impl Service {
    fn new(settings: &Settings) -> Self {
        let mut answer = json!({
            "token_type": "Bearer",
            "expires_in": settings.expires_in,
            "access_token": "t".repeat(settings.token_length),
        });
        if let Some(seconds) = settings.refresh_in {
            answer["refresh_in"] = seconds.into();
        }
        Self {
            token_answer: answer.to_string().into(),
            delay: Duration::from_millis(settings.delay_ms),
            token_requests: Cell::new(0),
        }
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        match (request.method(), request.uri().path()) {
            (&Method::GET, COUNT) => {}
            (&Method::DELETE, COUNT) => self.token_requests.set(0),
            _ => return self.token(request.into_body()).await,
        }
        Response::new(Full::from(self.token_requests.get().to_string()))
    }

    async fn token(&self, form: Incoming) -> Response<Full<Bytes>> {
        self.token_requests.set(self.token_requests.get() + 1);
        // An incomplete form is answered too: its client does not read the response.
        let _ = form.collect().await;
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        let mut answer = Response::new(Full::from(self.token_answer.clone()));
        let json = hyper::header::HeaderValue::from_static("application/json; charset=utf-8");
        answer.headers_mut().insert(CONTENT_TYPE, json);
        answer
    }
}

const COUNT: &str = "/_count";

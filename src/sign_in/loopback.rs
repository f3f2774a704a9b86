//! The listener on this machine that a browser brings the authority's answer to (RFC 8252 section 7.3).

use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::authority::ResponseMode;
use crate::base::clock::Clock;
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{DEVICE_CODE, NO_BROWSER, REDIRECT_PORT, REQUEST_TIMEOUT};
use crate::request::grant::callers::Callers;
use crate::sign_in::http_request::{Failure, Head};
use crate::sign_in::page::Page;
use crate::sign_in::response::{self, Answer, Expected, NoAnswer};

/// Sockets on the addresses of this machine. Closed when dropped.
#[derive(Debug)]
pub struct Listener {
    sockets: Vec<TcpListener>,
    port: u16,
}

/// What comes for one sign-in. Each connection has a thread of its own.
#[derive(Debug)]
pub struct Receiver {
    port: u16,
    mode: ResponseMode,
    expected: Expected,
    answer: Mutex<Option<Answer>>,
    is_answered: AtomicBool,
    /// How many answers were not those of this sign-in.
    refused: AtomicUsize,
    /// How many connections are open.
    open: AtomicUsize,
    /// How long a connection may be open.
    time_limit: Duration,
}

/// Browsers open some that they do not use.
const MOST_CONNECTIONS: usize = 8;

const CONNECTION_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the thread that waits sleeps before it looks again.
const PIECE: Duration = Duration::from_millis(20);

/// How often two free ports of the same number are looked for.
const TRIES: usize = 10;

impl Listener {
    /// Listens on 127.0.0.1 and `::1`, as far as this machine has them, and on nothing else.
    ///
    /// # Errors
    /// `InvalidArgument` if the port is in use, or the system does not let this process listen.
    pub fn bind(port: Option<u16>) -> Result<Self> {
        let tries = if port.is_some() { 1 } else { TRIES };
        let mut failure = None;
        for _ in 0..tries {
            match Self::on_each_address(port.unwrap_or(0)) {
                Ok(listener) => return Ok(listener),
                Err(error) => failure = Some(error),
            }
        }
        Err(failure.map_or_else(Error::cancelled, |(address, error)| unusable(address, &error)))
    }

    /// The port, which is the same on each address.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Serves browsers until one of them brings the answer.
    ///
    /// # Errors
    /// `RequestTimeout` at the deadline, `Cancelled` when nobody waits any longer.
    pub fn wait(
        self,
        receiver: &Arc<Receiver>,
        clock: &dyn Clock,
        deadline: Instant,
        callers: &Callers,
    ) -> Result<Answer> {
        loop {
            for socket in &self.sockets {
                receiver.accept(socket);
            }
            if let Some(answer) = receiver.take_answer() {
                return Ok(answer);
            }
            if callers.are_gone() {
                return Err(Error::cancelled());
            }
            let left = deadline.saturating_duration_since(clock.monotonic());
            if left.is_zero() {
                return Err(receiver.out_of_time());
            }
            clock.sleep(PIECE.min(left));
        }
    }

    fn on_each_address(port: u16) -> std::result::Result<Self, (SocketAddr, io::Error)> {
        let mut sockets = Vec::with_capacity(2);
        let mut port = port;
        let mut missing = None;
        for address in [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)] {
            let address = SocketAddr::new(address, port);
            match socket(address).and_then(|socket| Ok((socket.local_addr()?.port(), socket))) {
                Ok((own, socket)) => {
                    port = own;
                    sockets.push(socket);
                }
                Err(error) if is_missing(&error) => missing = Some((address, error)),
                Err(error) => return Err((address, error)),
            }
        }
        match missing {
            Some(missing) if sockets.is_empty() => Err(missing),
            _ => Ok(Self { sockets, port }),
        }
    }
}

impl Receiver {
    /// What comes to `port` as an answer that is `expected`.
    pub fn new(port: u16, mode: ResponseMode, expected: Expected) -> Self {
        Self {
            port,
            mode,
            expected,
            answer: Mutex::default(),
            is_answered: AtomicBool::new(false),
            refused: AtomicUsize::new(0),
            open: AtomicUsize::new(0),
            time_limit: CONNECTION_TIMEOUT,
        }
    }

    /// What a browser is told that sends a request, and the answer to the sign-in, if it brings one. `None` for a browser
    /// that sends no whole request.
    pub fn respond(&self, stream: &mut impl Read) -> Option<(String, Option<Answer>)> {
        let head = match Head::read(stream) {
            Ok(head) => head,
            Err(failure) => return failed(failure, ""),
        };
        let language = head.accept_language.clone();
        match self.receive(head, stream) {
            Ok((page, answer)) => Some((page.response(&language), answer)),
            Err(failure) => failed(failure, &language),
        }
    }

    /// Serves the connections that wait at `socket`. Those beyond the limit stay there until another ends.
    fn accept(self: &Arc<Self>, socket: &TcpListener) {
        while self.open.load(Ordering::Acquire) < MOST_CONNECTIONS {
            let Ok((stream, _)) = socket.accept() else {
                return;
            };
            let connection = Connection::new(self, stream);
            let serve = move || connection.serve();
            if let Err(error) = thread::Builder::new()
                .name("graphtoken-browser".to_owned())
                .spawn(serve)
            {
                log::warn!("cannot start a thread for a connection of the browser: {error}");
            }
        }
    }

    fn take_answer(&self) -> Option<Answer> {
        self.answer.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The page for a request, and the answer to the sign-in, if it is the first one.
    fn receive(&self, head: Head, stream: &mut impl Read) -> std::result::Result<(Page, Option<Answer>), Failure> {
        // A name that leads here from elsewhere: DNS rebinding.
        if !head.host.as_deref().is_some_and(|host| self.is_own(host)) {
            return Ok((Page::failure("421 Misdirected Request"), None));
        }
        let (path, query) = match head.target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (head.target.as_str(), None),
        };
        if path != "/" {
            return Ok((Page::failure("404 Not Found"), None));
        }
        let read = match (self.mode, head.method.as_str(), query) {
            (ResponseMode::FormPost, "POST", None) if head.has_form => {
                response::read(&head.body(stream)?, &self.expected)
            }
            (ResponseMode::FormPost, "POST", None) => {
                return Ok((Page::failure("415 Unsupported Media Type"), None));
            }
            (ResponseMode::FormPost, "POST", Some(_)) => return Ok((Page::failure("404 Not Found"), None)),
            (ResponseMode::Query, "GET", query) => response::read(query.unwrap_or_default().as_bytes(), &self.expected),
            (ResponseMode::FormPost, _, _) => return Ok((Page::other_method("POST"), None)),
            (ResponseMode::Query, _, _) => return Ok((Page::other_method("GET"), None)),
        };
        Ok(self.judged(read))
    }

    fn judged(&self, read: std::result::Result<Answer, NoAnswer>) -> (Page, Option<Answer>) {
        let answer = match read {
            Ok(answer) if !self.is_answered.swap(true, Ordering::AcqRel) => answer,
            Ok(_) => return (Page::not_expected(), None),
            Err(reason) => {
                self.refused.fetch_add(1, Ordering::Relaxed);
                log::warn!("refused an answer that is not for this sign-in: {reason:?}");
                return (Page::not_expected(), None);
            }
        };
        let page = match &answer {
            Answer::Code(_) => Page::signed_in(),
            Answer::Refusal { error, description } => Page::refused(error, description),
            Answer::OtherIssuer => Page::other_issuer(),
        };
        (page, Some(answer))
    }

    /// Whether a `Host` header names this machine and this port (RFC 9110 section 7.2).
    fn is_own(&self, host: &str) -> bool {
        // A browser leaves out the port of the scheme.
        let (port, own_port) = (format!(":{}", self.port), self.port);
        let name = host.strip_suffix(&*port).or((own_port == 80).then_some(host));
        ["localhost", "127.0.0.1", "[::1]"]
            .iter()
            .any(|own| name.is_some_and(|name| own.eq_ignore_ascii_case(name)))
    }

    fn out_of_time(&self) -> Error {
        let message = if self.refused.load(Ordering::Relaxed) == 0 {
            "Nobody has signed in within the time limit."
        } else {
            "Nobody has signed in within the time limit. What came was refused: answers of another sign-in, with a wrong \
             state."
        };
        let port = self.port;
        Error::new(
            Status::RequestTimeout,
            message,
            format!(
                "Use {REQUEST_TIMEOUT} to allow more time. A browser on another machine needs {NO_BROWSER}, \
                 {REDIRECT_PORT} and the port (now {port}) forwarded to this one; {DEVICE_CODE} needs neither."
            ),
        )
    }
}

/// A connection of a browser.
struct Connection {
    receiver: Arc<Receiver>,
    stream: TcpStream,
    end: Instant,
}

impl Connection {
    fn new(receiver: &Arc<Receiver>, stream: TcpStream) -> Self {
        receiver.open.fetch_add(1, Ordering::AcqRel);
        Self {
            receiver: Arc::clone(receiver),
            stream,
            end: Instant::now() + receiver.time_limit,
        }
    }

    /// Answers one request. The page is written whole before the sign-in goes on, which closes the listener.
    fn serve(mut self) {
        // Where sockets inherit it from the one that accepts.
        if self.stream.set_nonblocking(false).is_err() {
            return;
        }
        let receiver = Arc::clone(&self.receiver);
        let Some((response, answer)) = receiver.respond(&mut self) else {
            return;
        };
        let _ = self.stream.set_write_timeout(Some(self.receiver.time_limit));
        let written = self
            .stream
            .write_all(response.as_bytes())
            .and_then(|()| self.stream.flush());
        if let Err(error) = written {
            log::info!("the browser did not take the page: {error}");
        }
        let _ = self.stream.shutdown(Shutdown::Write);
        if answer.is_some() {
            *self.receiver.answer.lock().unwrap_or_else(PoisonError::into_inner) = answer;
        }
        self.drain();
    }

    /// Reads what is left until the browser closes: a close with unread data would reset the connection, and the page
    /// could be lost.
    fn drain(&mut self) {
        let mut rest = [0; 4096];
        for _ in 0..64 {
            if !matches!(self.read(&mut rest), Ok(1..)) {
                return;
            }
        }
    }
}

impl Read for Connection {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        self.stream.read(buffer)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.receiver.open.fetch_sub(1, Ordering::AcqRel);
    }
}

fn failed(failure: Failure, language: &str) -> Option<(String, Option<Answer>)> {
    match failure {
        Failure::Status(status) => Some((Page::failure(status).response(language), None)),
        Failure::Silence => None,
    }
}

fn socket(address: SocketAddr) -> io::Result<TcpListener> {
    #[cfg(windows)]
    let socket = crate::os::windows::exclusive_listener::bind(address)?;
    #[cfg(not(windows))]
    let socket = TcpListener::bind(address)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

/// Whether this machine lacks the kind of address.
fn is_missing(error: &io::Error) -> bool {
    // EAFNOSUPPORT of Linux, macOS and Windows, for which there is no stable name.
    matches!(error.kind(), ErrorKind::AddrNotAvailable | ErrorKind::Unsupported)
        || matches!(error.raw_os_error(), Some(97 | 47 | 10047))
}

fn unusable(address: SocketAddr, error: &io::Error) -> Error {
    let is_in_use = error.kind() == ErrorKind::AddrInUse;
    let message = if is_in_use {
        format!("The port {} of {} is in use.", address.port(), address.ip())
    } else {
        format!("Cannot listen on {address}: {error}.")
    };
    let hint = if is_in_use {
        format!("Set {REDIRECT_PORT} to another port, or leave it out to take any that is free.")
    } else {
        format!(
            "Set {REDIRECT_PORT} to a port that this process may listen on, or use {DEVICE_CODE}, which needs none."
        )
    };
    Error::new(Status::InvalidArgument, message, hint)
}

#[cfg(test)]
mod tests;

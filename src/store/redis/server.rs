//! Records in Redis (commands of Redis 6; Valkey has them too).

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use super::connection::Connection;
use super::protocol::Reply;
use super::socket::Socket;
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{REDIS, REDIS_PASSWORD, REDIS_PASSWORD_FILE};
use crate::base::regular_file::{self, Links};
use crate::base::secret::Secret;
use crate::base::shown_path::shown;
use crate::base::time_limited::TimeLimited;
use crate::http::tls::Tls;
use crate::store::redis::settings::{Place, RedisAddress, RedisSettings};
use crate::store::shared::circuit_breaker::CircuitBreaker;
use crate::store::shared::records::{RecordStore, STORE, TIME_LIMIT};

/// A server. Connections are made when they are needed.
pub(super) struct RedisServer {
    settings: RedisSettings,
    address: RedisAddress,
    ca_file: Option<PathBuf>,
    /// `None` for a connection without TLS.
    tls: Option<Tls>,
    /// The unused connections, and since when they are unused. The one that was used last is at the end.
    idle: Mutex<Vec<(Connection, Instant)>>,
    /// Calls of the operating system that may wait longer than an operation.
    system: TimeLimited,
    breaker: CircuitBreaker,
}

/// The most unused connections that are kept. More callers at once make more connections.
const IDLE: usize = 4;

/// How long an unused connection is kept. Servers, and networks silently, drop it after some minutes.
const IDLE_TIME: Duration = Duration::from_secs(60);

/// In bytes. Azure's access keys have 44, its tokens some thousand.
const LARGEST_PASSWORD_FILE: usize = 64 * 1024;

/// Releases a lock if its owner still has it, in one step.
const UNLOCK: &[u8] = b"if redis.call('get',KEYS[1])==ARGV[1] then return redis.call('del',KEYS[1]) else return 0 end";

impl RedisServer {
    /// The server at `address`. Clients with the same settings share its connections.
    pub(super) fn shared(
        settings: &RedisSettings,
        address: &RedisAddress,
        ca_file: Option<PathBuf>,
    ) -> Result<Arc<Self>> {
        static KNOWN: Mutex<Vec<Weak<RedisServer>>> = Mutex::new(Vec::new());
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|server| server.strong_count() > 0);
        let is_same = |server: &Arc<Self>| server.settings == *settings && server.ca_file == ca_file;
        if let Some(server) = known.iter().filter_map(Weak::upgrade).find(is_same) {
            return Ok(server);
        }
        let server = Arc::new(Self::new(settings, address, ca_file)?);
        known.push(Arc::downgrade(&server));
        Ok(server)
    }

    fn new(settings: &RedisSettings, address: &RedisAddress, ca_file: Option<PathBuf>) -> Result<Self> {
        let tls = match address.place {
            Place::Network { tls: true, .. } => Some(Tls::new(ca_file.as_deref())?),
            Place::Network { .. } | Place::Socket(_) => None,
        };
        let server = Self {
            settings: settings.clone(),
            address: address.clone(),
            ca_file,
            tls,
            idle: Mutex::default(),
            system: TimeLimited::new(STORE),
            breaker: CircuitBreaker::default(),
        };
        let has_password = server.password()?.is_some();
        if has_password && address.is_readable_by_others() {
            log::warn!(
                "the password of Redis at {} is sent in clear text; use TLS (rediss://)",
                address.server()
            );
        }
        if !has_password && address.username.is_some() {
            return Err(Error::new(
                Status::InvalidArgument,
                format!("The address in {REDIS} has a user name, but no password was given."),
                format!("Set {REDIS_PASSWORD}."),
            ));
        }
        Ok(server)
    }

    fn password(&self) -> Result<Option<Secret>> {
        match &self.settings.password_file {
            Some(file) => read_password(file).map(Some),
            None => Ok(self.settings.password.clone()),
        }
    }

    /// Sends a command. `is_idempotent` tells whether it may be sent again if it is unknown whether it arrived.
    fn call(&self, parts: &[&[u8]], is_idempotent: bool) -> Result<Reply> {
        let deadline = Instant::now() + TIME_LIMIT;
        let kept = self.kept();
        let is_kept = kept.is_some();
        let mut connection = kept.map_or_else(|| self.connect(deadline), Ok)?;
        let mut outcome = connection.call(parts, deadline);
        if outcome.is_err() {
            // The cause has most likely ended the other connections too.
            self.idle().clear();
        }
        if is_kept && is_idempotent && outcome.as_ref().is_err_and(|error| error.kind() != ErrorKind::TimedOut) {
            connection = self.connect(deadline)?;
            outcome = connection.call(parts, deadline);
        }
        match outcome.map_err(|error| self.failed(&error))? {
            Reply::Refusal(text) => Err(self.refused(&text)),
            reply => {
                self.keep(connection);
                Ok(reply)
            }
        }
    }

    fn kept(&self) -> Option<Connection> {
        let mut idle = self.idle();
        let (connection, since) = idle.pop()?;
        if since.elapsed() < IDLE_TIME {
            return Some(connection);
        }
        idle.clear();
        None
    }

    fn keep(&self, connection: Connection) {
        let mut idle = self.idle();
        if idle.len() < IDLE {
            idle.push((connection, Instant::now()));
        }
    }

    fn connect(&self, deadline: Instant) -> Result<Connection> {
        let socket = self.socket(deadline)?;
        let password = self.password()?;
        Connection::open(&self.address, socket, self.tls.as_ref(), password.as_ref(), deadline).map_err(|error| {
            match error.kind() {
                ErrorKind::PermissionDenied if error.get_ref().is_some() => self.refused(&error.to_string()),
                _ => self.failed(&error),
            }
        })
    }

    /// A connected socket. The system's resolver has a longer time limit than ours, and connecting to a socket in the
    /// file system has none.
    fn socket(&self, deadline: Instant) -> Result<Socket> {
        let left = deadline.saturating_duration_since(Instant::now());
        let socket = match &self.address.place {
            Place::Network { host, port, .. } => {
                let target = (host.clone(), *port);
                let resolve = move || target.to_socket_addrs().map(Iterator::collect::<Vec<SocketAddr>>);
                let addresses = self.system.run(left, resolve)?;
                addresses.and_then(|addresses| Socket::connect(&addresses, deadline))
            }
            Place::Socket(path) => {
                let path = path.clone();
                self.system.run(left, move || Socket::at(&path, deadline))?
            }
        };
        socket.map_err(|error| self.failed(&error))
    }

    fn idle(&self) -> MutexGuard<'_, Vec<(Connection, Instant)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failed(&self, error: &io::Error) -> Error {
        let server = self.address.server();
        let is_tls = error
            .get_ref()
            .is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>);
        let (status, message) = match error.kind() {
            ErrorKind::TimedOut => (
                Status::RequestTimeout,
                format!(
                    "Timed out waiting for Redis at {server}: no answer within {} ms.",
                    TIME_LIMIT.as_millis()
                ),
            ),
            _ if is_tls => (
                Status::TlsFailed,
                format!("The TLS connection to Redis at {server} failed: {error}."),
            ),
            _ => (
                Status::ConnectionFailed,
                format!("Cannot use Redis at {server}: {error}."),
            ),
        };
        Error::new(
            status,
            message,
            format!("Check {REDIS} and whether the server is running. For TLS use rediss:// instead of redis://."),
        )
    }

    fn refused(&self, text: &str) -> Error {
        Error::new(
            Status::ConnectionFailed,
            format!(
                "Redis at {} refused a command: {}.",
                self.address.server(),
                text.trim_end_matches('.')
            ),
            "Check the user name and password, and allow the user GET, SET, DEL and EVAL for the keys graphtoken:*.",
        )
    }

    fn unexpected(&self, reply: &Reply) -> Error {
        self.failed(&reply.unexpected())
    }
}

impl RecordStore for RedisServer {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        match self.call(&[b"GET", name.as_bytes()], true)? {
            Reply::Bytes(record) => Ok(Some(record)),
            Reply::Nothing => Ok(None),
            other => Err(self.unexpected(&other)),
        }
    }

    fn write(&self, name: &str, record: &[u8], lifetime: Duration) -> Result<()> {
        let lifetime = milliseconds(lifetime);
        self.call(&[b"SET", name.as_bytes(), record, b"PX", lifetime.as_bytes()], true)
            .map(drop)
    }

    fn remove(&self, name: &str) -> Result<()> {
        self.call(&[b"DEL", name.as_bytes()], true).map(drop)
    }

    fn lock(&self, name: &str, owner: &str, lifetime: Duration) -> Result<bool> {
        let lifetime = milliseconds(lifetime);
        let parts = [
            b"SET",
            name.as_bytes(),
            owner.as_bytes(),
            b"NX",
            b"PX",
            lifetime.as_bytes(),
        ];
        // Sent twice, it would take its own lock for that of another process.
        match self.call(&parts, false)? {
            Reply::Text(_) => Ok(true),
            Reply::Nothing => Ok(false),
            other => Err(self.unexpected(&other)),
        }
    }

    fn unlock(&self, name: &str, owner: &str) -> Result<()> {
        self.call(&[b"EVAL", UNLOCK, b"1", name.as_bytes(), owner.as_bytes()], true)
            .map(drop)
    }

    fn breaker(&self) -> &CircuitBreaker {
        &self.breaker
    }
}

impl fmt::Debug for RedisServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("RedisServer").field(&self.address).finish()
    }
}

/// At least one, because Redis rejects an expiry of zero.
fn milliseconds(lifetime: Duration) -> String {
    lifetime.as_millis().max(1).to_string()
}

fn read_password(file: &Path) -> Result<Secret> {
    // A mounted secret is a link.
    let content = regular_file::read(file, Links::Followed, LARGEST_PASSWORD_FILE).map_err(|error| {
        let message = match error.kind() {
            ErrorKind::NotFound => format!("File not found: {}.", shown(file)),
            _ => format!("Cannot read the Redis password file {}: {error}.", shown(file)),
        };
        Error::new(
            Status::InvalidArgument,
            message,
            format!(
                "Set {REDIS_PASSWORD_FILE} to a file that contains only the password, and let this account read it."
            ),
        )
    })?;
    let text = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&content);
    let line = text.strip_suffix(b"\n").unwrap_or(text);
    Ok(Secret::copy_of(line.strip_suffix(b"\r").unwrap_or(line)))
}

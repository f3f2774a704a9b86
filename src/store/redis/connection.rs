//! A connection to Redis, logged in, with the database selected.

use std::io::{self, BufReader, Read, Write};
use std::time::Instant;

use rustls::{ClientConnection, StreamOwned};

use super::protocol::{Reply, command, read_reply};
use super::refusal;
use super::socket::Socket;
use crate::base::secret::Secret;
use crate::http::tls::Tls;
use crate::store::redis::settings::{Place, RedisAddress};

/// An open connection. It cannot be used after an error.
#[derive(Debug)]
pub(super) struct Connection {
    input: BufReader<Stream>,
    /// What was sent to log in, which no message may show.
    secrets: Vec<Secret>,
}

#[derive(Debug)]
enum Stream {
    Plain(Socket),
    Tls(Box<StreamOwned<ClientConnection, Socket>>),
}

impl Connection {
    /// Logs in over `socket`, which is connected to `server`; `tls` is given if the address asks for TLS.
    pub(super) fn open(
        server: &RedisAddress,
        socket: Socket,
        tls: Option<&Tls>,
        password: Option<&Secret>,
        deadline: Instant,
    ) -> io::Result<Self> {
        let stream = match (&server.place, tls) {
            (Place::Network { host, .. }, Some(tls)) => Stream::Tls(Box::new(tls.over(socket, host)?)),
            _ => Stream::Plain(socket),
        };
        let username = server.username.as_ref().map(|name| Secret::copy_of(name.as_bytes()));
        let mut connection = Self {
            input: BufReader::new(stream),
            secrets: password.cloned().into_iter().chain(username).collect(),
        };
        match (&server.username, password) {
            (Some(user), Some(password)) => {
                connection.expect_ok(&[b"AUTH", user.as_bytes(), password.expose()], deadline)?;
            }
            (None, Some(password)) => connection.expect_ok(&[b"AUTH", password.expose()], deadline)?,
            (_, None) => {}
        }
        if server.database != 0 {
            connection.expect_ok(&[b"SELECT", server.database.to_string().as_bytes()], deadline)?;
        }
        Ok(connection)
    }

    /// Sends a command and waits for its reply. The text of a refusal is fit for messages.
    pub(super) fn call(&mut self, parts: &[&[u8]], deadline: Instant) -> io::Result<Reply> {
        let stream = self.input.get_mut();
        stream.set_deadline(deadline);
        stream.write_all(&command(parts))?;
        stream.flush()?;
        match read_reply(&mut self.input)? {
            Reply::Refusal(text) => {
                let secrets: Vec<&Secret> = self.secrets.iter().collect();
                Ok(Reply::Refusal(refusal::shown(&text, &secrets)))
            }
            reply => Ok(reply),
        }
    }

    fn expect_ok(&mut self, parts: &[&[u8]], deadline: Instant) -> io::Result<()> {
        match self.call(parts, deadline)? {
            Reply::Text(_) => Ok(()),
            Reply::Refusal(text) => Err(io::Error::new(io::ErrorKind::PermissionDenied, text)),
            other => Err(other.unexpected()),
        }
    }
}

impl Stream {
    fn set_deadline(&mut self, deadline: Instant) {
        match self {
            Self::Plain(socket) => socket.deadline = deadline,
            Self::Tls(stream) => stream.sock.deadline = deadline,
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.write(buffer),
            Self::Tls(stream) => stream.write(buffer),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}

//! A connection to Redis, logged in, with the database selected.

use std::io::{self, BufReader, Read, Write};
use std::net::SocketAddr;
use std::time::Instant;

use rustls::{ClientConnection, StreamOwned};

use super::protocol::{Reply, command, read_reply};
use super::socket::Socket;
use crate::base::secret::Secret;
use crate::http::tls::Tls;
use crate::store::redis::settings::{Place, RedisAddress};

/// An open connection. It cannot be used after an error.
#[derive(Debug)]
pub(super) struct Connection {
    input: BufReader<Stream>,
}

#[derive(Debug)]
enum Stream {
    Plain(Socket),
    Tls(Box<StreamOwned<ClientConnection, Socket>>),
}

impl Connection {
    /// Connects and logs in. `addresses` are those of the host of `server`; `tls` is given if the address asks for TLS.
    pub(super) fn open(
        server: &RedisAddress,
        addresses: &[SocketAddr],
        tls: Option<&Tls>,
        password: Option<&Secret>,
        deadline: Instant,
    ) -> io::Result<Self> {
        let stream = match (&server.place, tls) {
            (Place::Network { host, .. }, Some(tls)) => {
                let socket = Socket::connect(addresses, deadline)?;
                Stream::Tls(Box::new(tls.over(socket, host)?))
            }
            (Place::Network { .. }, None) => Stream::Plain(Socket::connect(addresses, deadline)?),
            (Place::Socket(path), _) => Stream::Plain(Socket::at(path, deadline)?),
        };
        let mut connection = Self {
            input: BufReader::new(stream),
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

    /// Sends a command and waits for its reply.
    pub(super) fn call(&mut self, parts: &[&[u8]], deadline: Instant) -> io::Result<Reply> {
        let stream = self.input.get_mut();
        stream.set_deadline(deadline);
        stream.write_all(&command(parts))?;
        stream.flush()?;
        read_reply(&mut self.input)
    }

    fn expect_ok(&mut self, parts: &[&[u8]], deadline: Instant) -> io::Result<()> {
        match self.call(parts, deadline)? {
            Reply::Text(_) => Ok(()),
            Reply::Refusal(text) => Err(io::Error::new(io::ErrorKind::PermissionDenied, text)),
            other => Err(io::Error::new(io::ErrorKind::InvalidData, format!("{other:?}"))),
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

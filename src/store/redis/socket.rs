//! Sockets with one deadline for all operations together.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

/// A connected socket.
#[derive(Debug)]
pub(super) struct Socket {
    kind: Kind,
    /// When reading and writing fail with `TimedOut`.
    pub(super) deadline: Instant,
}

#[derive(Debug)]
enum Kind {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Socket {
    /// Connects to the first of `addresses` that accepts.
    pub(super) fn connect(addresses: &[SocketAddr], deadline: Instant) -> io::Result<Self> {
        let mut failure = io::Error::from(io::ErrorKind::NotFound);
        for (tried, address) in addresses.iter().enumerate() {
            // An address that does not answer leaves time for the others.
            let untried = u32::try_from(addresses.len() - tried).unwrap_or(u32::MAX);
            match TcpStream::connect_timeout(address, left(deadline)? / untried) {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    return Ok(Self {
                        kind: Kind::Tcp(stream),
                        deadline,
                    });
                }
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    /// Connects to the socket at `path`.
    #[cfg(unix)]
    pub(super) fn at(path: &Path, deadline: Instant) -> io::Result<Self> {
        Ok(Self {
            kind: Kind::Unix(UnixStream::connect(path)?),
            deadline,
        })
    }

    /// Not supported on this system.
    #[cfg(not(unix))]
    pub(super) fn at(_: &Path, _: Instant) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = Some(left(self.deadline)?);
        match &mut self.kind {
            Kind::Tcp(stream) => stream.set_read_timeout(left).and_then(|()| stream.read(buffer)),
            #[cfg(unix)]
            Kind::Unix(stream) => stream.set_read_timeout(left).and_then(|()| stream.read(buffer)),
        }
        .map_err(timed_out)
    }
}

impl Write for Socket {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let left = Some(left(self.deadline)?);
        match &mut self.kind {
            Kind::Tcp(stream) => stream.set_write_timeout(left).and_then(|()| stream.write(buffer)),
            #[cfg(unix)]
            Kind::Unix(stream) => stream.set_write_timeout(left).and_then(|()| stream.write(buffer)),
        }
        .map_err(timed_out)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        Err(io::ErrorKind::TimedOut.into())
    } else {
        Ok(left)
    }
}

/// On Unix a socket reports a timeout as `WouldBlock`.
fn timed_out(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::WouldBlock => io::ErrorKind::TimedOut.into(),
        _ => error,
    }
}

//! A `canned-service` in another process.

use std::env;
use std::io::{Read, Write};
use std::net::TcpStream;

/// A connection to the service that is kept open, directly on a TCP socket.
pub struct Service {
    address: String,
    connection: TcpStream,
}

impl Service {
    /// Connects to the service whose address is in an environment variable.
    pub fn named(variable: &str) -> Option<Self> {
        let Ok(address) = env::var(variable) else {
            println!("{variable} is not set; skipping the benchmarks that need it");
            return None;
        };
        let place = address
            .strip_prefix("http://")
            .expect("the address begins with http://");
        let connection = TcpStream::connect(place).expect("the service listens");
        connection.set_nodelay(true).expect("TCP can do that");
        Some(Self { address, connection })
    }

    /// The authority for clients of the service.
    pub fn authority(&self) -> String {
        format!("{}/contoso.onmicrosoft.com", self.address)
    }

    /// The number of token requests since the last call of [`Service::forget`].
    pub fn count(&mut self) -> u32 {
        let answer = self.exchange(b"GET /_count HTTP/1.1\r\nhost: localhost\r\n\r\n");
        let (_, body) = answer.rsplit_once('\n').expect("an answer has a body");
        body.parse().expect("the count is a number")
    }

    pub fn forget(&mut self) {
        self.exchange(b"DELETE /_count HTTP/1.1\r\nhost: localhost\r\n\r\n");
    }

    /// Sends a request and waits for the complete response.
    pub fn exchange(&mut self, request: &[u8]) -> String {
        self.connection.write_all(request).expect("the service reads");
        let mut answer = Vec::with_capacity(8192);
        let mut part = [0; 8192];
        while !is_whole(&answer) {
            let length = self.connection.read(&mut part).expect("the service answers");
            assert!(length > 0, "the service has closed the connection");
            answer.extend_from_slice(&part[..length]);
        }
        String::from_utf8(answer).expect("the service writes text")
    }
}

/// Whether the header, and as many bytes as its content length, have arrived.
fn is_whole(answer: &[u8]) -> bool {
    const LENGTH: &str = "content-length: ";
    let text = std::str::from_utf8(answer).unwrap_or_default();
    let Some((header, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = header.lines().find_map(|line| line.strip_prefix(LENGTH));
    length.is_some_and(|length| length.parse() == Ok(body.len()))
}

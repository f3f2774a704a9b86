//! A request of a browser, read with limits (RFC 9112).

use std::io::{ErrorKind, Read};

use zeroize::Zeroizing;

/// The largest head, in bytes.
const LARGEST_HEAD: usize = 16 * 1024;
/// The largest body, in bytes.
const LARGEST_BODY: usize = 64 * 1024;
/// The largest body with the sizes of its chunks.
const LARGEST_CHUNKED_BODY: usize = 2 * LARGEST_BODY;
/// The longest line with the size of a chunk.
const LONGEST_SIZE: usize = 1024;
/// A browser sends about twenty.
const MOST_HEADERS: usize = 100;

/// The head of a request, and what was read behind it.
pub(super) struct Head {
    pub(super) method: String,
    /// Path and query. A code may be in it.
    pub(super) target: Zeroizing<String>,
    /// The host, if there is one only.
    pub(super) host: Option<String>,
    pub(super) accept_language: String,
    /// Whether the body is a form.
    pub(super) has_form: bool,
    framing: Framing,
    rest: Zeroizing<Vec<u8>>,
}

/// How the end of the body is told (RFC 9112 section 6.3).
enum Framing {
    Missing,
    Length(usize),
    Chunked,
}

/// Why a request was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// It is to be answered with this status.
    Status(&'static str),
    /// The other side has gone or says nothing.
    Silence,
}

const BAD: Failure = Failure::Status("400 Bad Request");
const TOO_LARGE: Failure = Failure::Status("413 Content Too Large");

impl Head {
    pub(super) fn read(stream: &mut impl Read) -> Result<Self, Failure> {
        let mut read = Zeroizing::new(Vec::with_capacity(LARGEST_HEAD + PIECE));
        loop {
            if let Some(head) = Self::parse(&read)? {
                return Ok(head);
            }
            if read.len() > LARGEST_HEAD {
                let is_target = !read.contains(&b'\n');
                return Err(Failure::Status(if is_target {
                    "414 URI Too Long"
                } else {
                    "431 Request Header Fields Too Large"
                }));
            }
            read_more(stream, &mut read)?;
        }
    }

    /// `None` if the end is missing.
    fn parse(read: &[u8]) -> Result<Option<Self>, Failure> {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        let length = match request.parse(read) {
            Ok(httparse::Status::Complete(length)) => length,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(httparse::Error::TooManyHeaders) => {
                return Err(Failure::Status("431 Request Header Fields Too Large"));
            }
            Err(_) => return Err(BAD),
        };
        if length > LARGEST_HEAD {
            return Err(Failure::Status("431 Request Header Fields Too Large"));
        }
        let headers = Headers(request.headers);
        let media_type = headers.only("content-type").and_then(|value| value.split(';').next());
        let media_type = media_type.unwrap_or_default().trim();
        Ok(Some(Self {
            method: request.method.unwrap_or_default().to_owned(),
            target: Zeroizing::new(request.path.unwrap_or_default().to_owned()),
            host: headers.only("host").map(str::to_owned),
            accept_language: headers.only("accept-language").unwrap_or_default().to_owned(),
            has_form: media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded"),
            framing: headers.framing()?,
            rest: Zeroizing::new(read[length..].to_vec()),
        }))
    }

    /// Reads the body.
    pub(super) fn body(self, stream: &mut impl Read) -> Result<Zeroizing<Vec<u8>>, Failure> {
        match self.framing {
            Framing::Missing => Err(Failure::Status("411 Length Required")),
            Framing::Length(length) => whole(self.rest, length, stream),
            Framing::Chunked => dechunked(self.rest, stream),
        }
    }
}

struct Headers<'a>(&'a [httparse::Header<'a>]);

impl<'a> Headers<'a> {
    fn all<'b>(&'b self, name: &'b str) -> impl Iterator<Item = &'a [u8]> + 'b {
        let named = self
            .0
            .iter()
            .filter(move |header| header.name.eq_ignore_ascii_case(name));
        named.map(|header| header.value)
    }

    /// The value of a header that is there once.
    fn only(&self, name: &str) -> Option<&'a str> {
        let mut values = self.all(name);
        let value = values.next().filter(|_| values.next().is_none())?;
        std::str::from_utf8(value).ok()
    }

    fn framing(&self) -> Result<Framing, Failure> {
        let has = |name| self.all(name).next().is_some();
        match (has("transfer-encoding"), has("content-length")) {
            (false, false) => Ok(Framing::Missing),
            (false, true) => {
                let length = self.only("content-length").ok_or(BAD)?;
                if length.is_empty() || !length.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(BAD);
                }
                let length = length.parse().ok().filter(|length| *length <= LARGEST_BODY);
                length.map(Framing::Length).ok_or(TOO_LARGE)
            }
            (true, false) => {
                let is_chunked = self
                    .only("transfer-encoding")
                    .is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"));
                is_chunked.then_some(Framing::Chunked).ok_or(BAD)
            }
            // Two lengths: what one side takes for the body, another takes for the next request.
            (true, true) => Err(BAD),
        }
    }
}

fn whole(mut read: Zeroizing<Vec<u8>>, length: usize, stream: &mut impl Read) -> Result<Zeroizing<Vec<u8>>, Failure> {
    while read.len() < length {
        read_more(stream, &mut read)?;
    }
    read.truncate(length);
    Ok(read)
}

/// RFC 9112 section 7.1. Trailers are not read.
fn dechunked(mut read: Zeroizing<Vec<u8>>, stream: &mut impl Read) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut body = Zeroizing::new(Vec::new());
    let mut position = 0;
    loop {
        if read.len() > LARGEST_CHUNKED_BODY {
            return Err(TOO_LARGE);
        }
        match httparse::parse_chunk_size(&read[position..]) {
            Ok(httparse::Status::Complete((_, 0))) => return Ok(body),
            Ok(httparse::Status::Complete((line, size))) => {
                let size = usize::try_from(size)
                    .ok()
                    .filter(|size| *size <= LARGEST_BODY.saturating_sub(body.len()));
                let start = position + line;
                let end = start + size.ok_or(TOO_LARGE)?;
                while read.len() < end + 2 {
                    read_more(stream, &mut read)?;
                }
                if &read[end..end + 2] != b"\r\n" {
                    return Err(BAD);
                }
                body.extend_from_slice(&read[start..end]);
                position = end + 2;
            }
            Ok(httparse::Status::Partial) if read.len() - position > LONGEST_SIZE => return Err(BAD),
            Ok(httparse::Status::Partial) => read_more(stream, &mut read)?,
            Err(_) => return Err(BAD),
        }
    }
}

/// As much as is read at once.
const PIECE: usize = 4096;

fn read_more(stream: &mut impl Read, read: &mut Vec<u8>) -> Result<(), Failure> {
    let mut piece = Zeroizing::new([0; PIECE]);
    loop {
        match stream.read(&mut *piece) {
            Ok(0) => return Err(Failure::Silence),
            Ok(length) => {
                read.extend_from_slice(&piece[..length]);
                return Ok(());
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return Err(Failure::Silence),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A request that comes one byte at a time, and what is wrong with it.
    fn body_of(request: &str) -> Result<String, Failure> {
        struct Slow<'a>(&'a [u8]);
        impl Read for Slow<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                let Some((first, rest)) = self.0.split_first() else {
                    return Ok(0);
                };
                (buffer[0], self.0) = (*first, rest);
                Ok(1)
            }
        }
        let mut stream = Slow(request.as_bytes());
        let head = Head::read(&mut stream)?;
        let body = head.body(&mut stream)?;
        Ok(String::from_utf8(body.to_vec()).unwrap())
    }

    fn post(headers: &str, body: &str) -> Result<String, Failure> {
        body_of(&format!("POST / HTTP/1.1\r\nHost: localhost:1\r\n{headers}\r\n{body}"))
    }

    #[test]
    fn a_body_ends_where_its_head_says() {
        assert_eq!(post("Content-Length: 3\r\n", "a=1&more").unwrap(), "a=1");
        assert_eq!(post("content-length: 0\r\n", "").unwrap(), "");
        let chunked = "Transfer-Encoding: chunked\r\n";
        assert_eq!(
            post(chunked, "3\r\na=1\r\n4;x=y\r\n&b=2\r\n0\r\n\r\n").unwrap(),
            "a=1&b=2"
        );
        assert_eq!(post(chunked, "0\r\n\r\n").unwrap(), "");
    }

    #[test]
    fn a_body_without_a_clear_end_is_refused() {
        for (headers, body, expected) in [
            ("", "a=1", "411"),
            ("Content-Length: 3\r\nContent-Length: 4\r\n", "a=1&", "400"),
            ("Content-Length: +3\r\n", "a=1", "400"),
            ("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "a=1", "400"),
            ("Transfer-Encoding: gzip\r\n", "a=1", "400"),
            ("Content-Length: 65537\r\n", "", "413"),
            ("Content-Length: 99999999999999999999\r\n", "", "413"),
            ("Transfer-Encoding: chunked\r\n", "3\r\na=1&\r\n", "400"),
            ("Transfer-Encoding: chunked\r\n", "zz\r\n", "400"),
            ("Transfer-Encoding: chunked\r\n", "10001\r\n", "413"),
            (
                "Transfer-Encoding: chunked\r\n",
                "2\r\naa\r\nfffffffffffffffe\r\n",
                "413",
            ),
        ] {
            let failure = post(headers, body).unwrap_err();
            let is_expected = matches!(failure, Failure::Status(status) if status.starts_with(expected));
            assert!(is_expected, "{headers}{body}: {failure:?}");
        }
        let size = format!("3;{}", "x".repeat(LONGEST_SIZE));
        let tiny = "1\r\na\r\n".repeat(LARGEST_CHUNKED_BODY / 6 + 1);
        for (body, expected) in [(size, BAD), (tiny, TOO_LARGE)] {
            assert_eq!(post("Transfer-Encoding: chunked\r\n", &body), Err(expected));
        }
        assert_eq!(post("Content-Length: 9\r\n", "a=1"), Err(Failure::Silence));
    }

    #[test]
    fn a_head_has_limits() {
        let long = "x".repeat(LARGEST_HEAD + PIECE);
        for (request, expected) in [
            (format!("GET /{long} HTTP/1.1\r\n\r\n"), "414"),
            (format!("GET / HTTP/1.1\r\nX: {long}\r\n\r\n"), "431"),
            (format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(101)), "431"),
            ("\u{16}\u{3}\u{1}".to_owned(), "400"),
            ("GET / HTTP/9\r\n\r\n".to_owned(), "400"),
        ] {
            let failure = body_of(&request).unwrap_err();
            assert!(
                matches!(failure, Failure::Status(status) if status.starts_with(expected)),
                "{expected}: {failure:?}"
            );
        }
        assert_eq!(body_of("GET / HT"), Err(Failure::Silence));
        assert_eq!(body_of(""), Err(Failure::Silence));
    }
}

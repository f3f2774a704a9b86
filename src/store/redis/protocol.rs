//! Commands and replies as bytes (RESP2, "Redis serialization protocol specification").

use std::io::{self, BufRead, Read as _};

use zeroize::Zeroizing;

use crate::store::shared::records::LARGEST_RECORD;

/// A reply of the server.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// A short text, such as `OK`.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Nothing.
    Nothing,
    /// An error, which begins with its kind.
    Refusal(String),
}

/// The longest line that is read, in bytes.
const LONGEST_LINE: u64 = 4096;

impl Reply {
    /// The error for a reply that the command does not have. It says what the reply is, and not what it says: servers
    /// repeat what they were sent.
    pub(super) fn unexpected(&self) -> io::Error {
        let kind = match self {
            Self::Text(_) => "a text",
            Self::Number(_) => "a number",
            Self::Bytes(_) => "bytes",
            Self::Nothing => "nothing",
            Self::Refusal(_) => "an error",
        };
        io::Error::new(io::ErrorKind::InvalidData, format!("unexpected reply: {kind}"))
    }
}

/// A command with its arguments. It is overwritten when it is dropped, because it may contain a password.
pub(super) fn command(parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let heads: Vec<String> = parts.iter().map(|part| format!("${}\r\n", part.len())).collect();
    let count = format!("*{}\r\n", parts.len());
    let length = count.len()
        + heads
            .iter()
            .zip(parts)
            .map(|(head, part)| head.len() + part.len() + 2)
            .sum::<usize>();
    let mut bytes = Zeroizing::new(Vec::with_capacity(length));
    bytes.extend_from_slice(count.as_bytes());
    for (head, part) in heads.iter().zip(parts) {
        bytes.extend_from_slice(head.as_bytes());
        bytes.extend_from_slice(part);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes
}

/// Reads the next reply. Types of replies that our commands do not have, such as lists, are errors.
pub(super) fn read_reply(input: &mut impl BufRead) -> io::Result<Reply> {
    let line = read_line(input)?;
    let mut characters = line.chars();
    let kind = characters.next();
    let text = characters.as_str();
    let number = || text.parse().map_err(|_| malformed());
    match kind {
        Some('+') => Ok(Reply::Text(text.to_owned())),
        Some('-') => Ok(Reply::Refusal(text.to_owned())),
        Some(':') => number().map(Reply::Number),
        Some('$') => match number()? {
            -1 => Ok(Reply::Nothing),
            length => read_bytes(input, length).map(Reply::Bytes),
        },
        _ => Err(malformed()),
    }
}

fn read_line(input: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let line = line.strip_suffix(b"\r\n").ok_or_else(malformed)?;
    String::from_utf8(line.to_vec()).map_err(|_| malformed())
}

fn read_bytes(input: &mut impl BufRead, length: i64) -> io::Result<Vec<u8>> {
    let length = usize::try_from(length).ok().filter(|length| *length <= LARGEST_RECORD);
    let mut bytes = vec![0; length.ok_or_else(malformed)? + 2];
    input.read_exact(&mut bytes)?;
    if bytes.ends_with(b"\r\n") {
        bytes.truncate(bytes.len() - 2);
        Ok(bytes)
    } else {
        Err(malformed())
    }
}

fn malformed() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "the reply does not follow the Redis protocol",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(mut bytes: &[u8]) -> io::Result<Reply> {
        let reply = read_reply(&mut bytes)?;
        assert!(bytes.is_empty(), "the whole reply was read");
        Ok(reply)
    }

    #[test]
    fn a_command_is_a_list_of_byte_strings() {
        let bytes = command(&[b"SET", b"a\r\nb", b""]);
        assert_eq!(bytes.as_slice(), b"*3\r\n$3\r\nSET\r\n$4\r\na\r\nb\r\n$0\r\n\r\n");
        assert_eq!(bytes.len(), bytes.capacity(), "the buffer never grew");
    }

    #[test]
    fn replies_are_read() {
        for (bytes, expected) in [
            (&b"+OK\r\n"[..], Reply::Text("OK".to_owned())),
            (b"-ERR no\r\n", Reply::Refusal("ERR no".to_owned())),
            (b":-7\r\n", Reply::Number(-7)),
            (b"$-1\r\n", Reply::Nothing),
            (b"$0\r\n\r\n", Reply::Bytes(Vec::new())),
            (b"$4\r\na\r\nb\r\n", Reply::Bytes(b"a\r\nb".to_vec())),
        ] {
            assert_eq!(reply(bytes).unwrap(), expected);
        }
    }

    #[test]
    fn a_malformed_reply_is_an_error() {
        let long = [b"+".as_slice(), &[b'x'; 5000], b"\r\n"].concat();
        for bytes in [
            &b""[..],
            b"+OK",
            b"+OK\n",
            b"HTTP/1.1 400 Bad Request\r\n",
            b"*1\r\n",
            b":x\r\n",
            b"$-2\r\n",
            b"$99999999999\r\n",
            b"$3\r\nab\r\n",
            b"$1\r\nabc",
            b"+\xff\r\n",
            &long,
        ] {
            assert!(reply(bytes).is_err(), "{}", bytes.escape_ascii());
        }
    }
}

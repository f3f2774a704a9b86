//! A client that takes the emulator for its HTTP proxy, so that it comes by the name of another host (RFC 9110 section
//! 9.3.6).

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The stream on which TLS begins: at once, or after the client was led to one of `names` by CONNECT. `None` if it asked
/// for another host.
pub(super) async fn entered(mut stream: TcpStream, names: &[String]) -> Option<TcpStream> {
    let mut first = [0];
    if names.is_empty() || stream.peek(&mut first).await.ok()? == 0 || first[0] != b'C' {
        return Some(stream);
    }
    let head = head_of(&mut stream).await?;
    let target = head.strip_prefix("CONNECT ")?.split(' ').next()?;
    let is_known = target
        .strip_suffix(":443")
        .is_some_and(|host| names.iter().any(|name| name.eq_ignore_ascii_case(host)));
    let answer = if is_known {
        "HTTP/1.1 200 Connection established\r\n\r\n"
    } else {
        "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"
    };
    stream.write_all(answer.as_bytes()).await.ok()?;
    is_known.then_some(stream)
}

/// The head of the request, and no byte of what follows it: that belongs to TLS.
async fn head_of(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() == LARGEST_HEAD {
            return None;
        }
        head.push(stream.read_u8().await.ok()?);
    }
    String::from_utf8(head).ok()
}

/// In bytes.
const LARGEST_HEAD: usize = 8 * 1024;

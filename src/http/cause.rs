//! Why an exchange failed, as a phrase.

use std::error::Error as _;
use std::io::{self, ErrorKind};

use ureq::Error as HttpError;

/// The innermost cause, as a phrase for a message.
pub fn cause(failure: &HttpError) -> String {
    match failure {
        HttpError::Io(error) => match error.kind() {
            ErrorKind::ConnectionRefused => "the connection was refused".to_owned(),
            ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
                "the connection was reset".to_owned()
            }
            ErrorKind::UnexpectedEof => "the other side closed the connection".to_owned(),
            _ => innermost(error),
        },
        HttpError::HostNotFound => "the name does not exist".to_owned(),
        HttpError::Protocol(error) => format!("the answer is not HTTP ({error})"),
        other => other.to_string(),
    }
}

fn innermost(error: &io::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = inner.to_string();
        source = inner.source();
    }
    text
}

/// Whether a host name could not be resolved.
///
/// The standard library has no error kind for name resolution, only this text. On Windows the error has the number of
/// the system: `WSAHOST_NOT_FOUND` to `WSANO_DATA` ("Windows Sockets Error Codes").
pub fn is_unresolved(failure: &HttpError) -> bool {
    match failure {
        HttpError::HostNotFound => true,
        HttpError::Io(error) => {
            error.to_string().starts_with("failed to lookup address")
                || (cfg!(windows) && matches!(error.raw_os_error(), Some(11001..=11004)))
        }
        _ => false,
    }
}

//! Explains why a request got no answer.

use std::error::Error as _;
use std::io::{self, ErrorKind};

use ureq::{Error as HttpError, Proxy, Timeout, http::Uri};

use crate::base::error::{Error, Status};
use crate::base::parameter::{AUTHORITY, CA_FILE, NO_PROXY, PROXY, TIMEOUT};

/// The error for a request to `url` that got no answer.
pub fn explain(failure: &HttpError, url: &str, proxy: Option<&Proxy>) -> Error {
    let uri: Option<Uri> = url.parse().ok();
    let host = uri
        .as_ref()
        .and_then(|uri| uri.authority())
        .map_or_else(|| url.to_owned(), ToString::to_string);
    let proxy = proxy.filter(|proxy| uri.as_ref().is_some_and(|uri| !proxy.is_no_proxy(uri)));
    let cause = cause(failure);
    if let Some(tls) = tls_error(failure) {
        return untrusted(&host, tls);
    }
    match (failure, proxy) {
        (HttpError::Timeout(phase), _) => timeout(&host, *phase),
        (HttpError::ConnectProxyFailed(_) | HttpError::InvalidProxyUrl, Some(proxy)) => proxy_failed(proxy, &cause),
        (failure, Some(proxy)) if is_connect_failure(failure) || is_unresolved(failure) => proxy_failed(proxy, &cause),
        (failure, None) if is_unresolved(failure) => Error::new(
            Status::ConnectionFailed,
            format!("Cannot resolve the host name {host}: {cause}."),
            format!("Check {AUTHORITY}, and the DNS and network settings of this machine."),
        ),
        _ => Error::new(
            Status::ConnectionFailed,
            format!("The connection to {host} failed: {cause}."),
            format!(
                "Check the network and the firewall. If a proxy is needed, set {PROXY} or the environment variable \
                 HTTPS_PROXY."
            ),
        ),
    }
}

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
        HttpError::ConnectProxyFailed(reason) => reason.clone(),
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

fn tls_error(failure: &HttpError) -> Option<&rustls::Error> {
    match failure {
        HttpError::Io(error) => error.get_ref()?.downcast_ref(),
        _ => None,
    }
}

fn untrusted(host: &str, error: &rustls::Error) -> Error {
    use rustls::CertificateError as Certificate;
    let trust = || {
        format!(
            "Add the certificate authority of the server or TLS inspection proxy to the trusted certificates of the \
             system, or set {CA_FILE} or the environment variable SSL_CERT_FILE to a PEM file with it."
        )
    };
    let (reason, hint) = match error {
        rustls::Error::InvalidCertificate(Certificate::UnknownIssuer) => (
            "its certificate was issued by an authority that this machine does not trust".to_owned(),
            trust(),
        ),
        rustls::Error::InvalidCertificate(Certificate::Expired | Certificate::ExpiredContext { .. }) => (
            "its certificate has expired".to_owned(),
            "Check the clock of this machine, and the validity of the server's certificate.".to_owned(),
        ),
        rustls::Error::InvalidCertificate(
            Certificate::NotValidForName | Certificate::NotValidForNameContext { .. },
        ) => (
            "its certificate was issued for another name".to_owned(),
            format!("Check {AUTHORITY}, and whether a proxy or a sign-in page of the network answers instead."),
        ),
        // Any other reason of the operating system's certificate check.
        rustls::Error::InvalidCertificate(Certificate::Other(reason)) => (
            format!("the operating system rejected its certificate ({reason})"),
            format!(
                "{} Check that the certificate revocation lists can be reached.",
                trust()
            ),
        ),
        other => (
            other.to_string(),
            "Check whether a proxy or firewall interferes with TLS connections.".to_owned(),
        ),
    };
    Error::new(
        Status::TlsFailed,
        format!("The TLS connection to {host} failed: {reason}."),
        hint,
    )
}

fn timeout(host: &str, phase: Timeout) -> Error {
    let message = match phase {
        Timeout::Resolve | Timeout::Connect => format!("Timed out connecting to {host}."),
        _ => format!("Timed out waiting for an answer from {host}."),
    };
    Error::new(
        Status::RequestTimeout,
        message,
        format!(
            "Try again. If the error persists, check the firewall and the proxy, or use {TIMEOUT} to allow more time."
        ),
    )
}

fn is_connect_failure(failure: &HttpError) -> bool {
    match failure {
        HttpError::ConnectionFailed => true,
        HttpError::Io(error) => matches!(
            error.kind(),
            ErrorKind::ConnectionRefused | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable
        ),
        _ => false,
    }
}

/// The standard library has no error kind for name resolution, only this text. On Windows the error has the number of
/// the system: `WSAHOST_NOT_FOUND` to `WSANO_DATA` ("Windows Sockets Error Codes").
fn is_unresolved(failure: &HttpError) -> bool {
    match failure {
        HttpError::HostNotFound => true,
        HttpError::Io(error) => {
            error.to_string().starts_with("failed to lookup address")
                || (cfg!(windows) && matches!(error.raw_os_error(), Some(11001..=11004)))
        }
        _ => false,
    }
}

fn proxy_failed(proxy: &Proxy, cause: &str) -> Error {
    Error::new(
        Status::ProxyFailed,
        format!("Cannot use the proxy {}:{}: {cause}.", proxy.host(), proxy.port()),
        format!(
            "Check the address and credentials in {PROXY} or the environment variable HTTPS_PROXY, or exempt the host \
             with {NO_PROXY} or the environment variable NO_PROXY."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://login.example/contoso.example/oauth2/v2.0/token";

    fn io(kind: ErrorKind) -> HttpError {
        HttpError::Io(kind.into())
    }

    fn unresolved() -> HttpError {
        HttpError::Io(io::Error::other(
            "failed to lookup address information: Name or service not known",
        ))
    }

    #[test]
    fn each_failure_has_its_status_and_names_the_host_or_proxy() {
        let proxy = Proxy::new("http://user:hunter22@proxy.example:8080").unwrap();
        let tls = |error| HttpError::Io(io::Error::new(ErrorKind::InvalidData, error));
        let expired = rustls::Error::InvalidCertificate(rustls::CertificateError::Expired);
        for (failure, proxy, status, says) in [
            (
                io(ErrorKind::ConnectionRefused),
                None,
                Status::ConnectionFailed,
                "login.example failed: the connection was refused",
            ),
            (io(ErrorKind::ConnectionReset), None, Status::ConnectionFailed, "reset"),
            (
                io(ErrorKind::UnexpectedEof),
                None,
                Status::ConnectionFailed,
                "closed the connection",
            ),
            (
                unresolved(),
                None,
                Status::ConnectionFailed,
                "Cannot resolve the host name login.example",
            ),
            (
                HttpError::HostNotFound,
                None,
                Status::ConnectionFailed,
                "Cannot resolve the host name login.example",
            ),
            (
                io(ErrorKind::ConnectionRefused),
                Some(&proxy),
                Status::ProxyFailed,
                "proxy.example:8080",
            ),
            (unresolved(), Some(&proxy), Status::ProxyFailed, "proxy.example:8080"),
            (
                HttpError::ConnectProxyFailed("407".to_owned()),
                Some(&proxy),
                Status::ProxyFailed,
                "407",
            ),
            (
                io(ErrorKind::ConnectionReset),
                Some(&proxy),
                Status::ConnectionFailed,
                "login.example",
            ),
            (
                HttpError::Timeout(Timeout::Connect),
                None,
                Status::RequestTimeout,
                "Timed out connecting to login.example",
            ),
            (
                HttpError::Timeout(Timeout::Global),
                None,
                Status::RequestTimeout,
                "Timed out waiting for an answer from login.example",
            ),
            (tls(expired), None, Status::TlsFailed, "has expired"),
        ] {
            let error = explain(&failure, URL, proxy);
            assert_eq!(error.status(), status, "{failure:?}");
            assert!(error.message().contains(says), "{failure:?} gave {}", error.message());
            assert!(!error.hint().is_empty());
            assert!(!format!("{error:?}").contains("hunter22"));
        }
    }
}

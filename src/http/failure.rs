//! Why no answer came, in words and statuses that lead somewhere.

use std::error::Error as _;
use std::io::{self, ErrorKind};

use ureq::{Error as HttpError, Proxy, Timeout, http::Uri};

use crate::base::error::{Error, Status};

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
            format!("The name {host} is not known: {cause}."),
            "Check the authority's spelling, and this machine's DNS and network connection.",
        ),
        _ => Error::new(
            Status::ConnectionFailed,
            format!("No connection to {host}: {cause}."),
            "Check the network, the firewall, and whether a proxy is needed (HTTPS_PROXY).",
        ),
    }
}

/// The innermost cause, in one phrase.
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
        HttpError::HostNotFound => "the name does not resolve".to_owned(),
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
    let (what, hint) = match error {
        rustls::Error::InvalidCertificate(Certificate::UnknownIssuer) => (
            "its certificate was issued by an authority that this machine does not trust".to_owned(),
            "An inspection proxy often causes this: add its authority to the system's store, or name its PEM file \
             (SSL_CERT_FILE).",
        ),
        rustls::Error::InvalidCertificate(Certificate::Expired | Certificate::ExpiredContext { .. }) => (
            "its certificate has expired".to_owned(),
            "Compare this machine's clock with the certificate.",
        ),
        rustls::Error::InvalidCertificate(
            Certificate::NotValidForName | Certificate::NotValidForNameContext { .. },
        ) => (
            "its certificate is for another name".to_owned(),
            "Check the authority's host name, and whether a proxy or sign-in page of the network answers instead.",
        ),
        // What the certificate check of the operating system has no other name for.
        rustls::Error::InvalidCertificate(Certificate::Other(reason)) => (
            format!("the system refused its certificate ({reason})"),
            "If an inspection proxy is in use, add its authority to the system's store, or name its PEM file \
             (SSL_CERT_FILE); the lists of revoked certificates must be within reach.",
        ),
        other => (
            other.to_string(),
            "Check whether a proxy or firewall interferes with TLS connections.",
        ),
    };
    Error::new(
        Status::TlsFailed,
        format!("No trusted connection to {host}: {what}."),
        hint,
    )
}

fn timeout(host: &str, phase: Timeout) -> Error {
    let message = match phase {
        Timeout::Resolve | Timeout::Connect => format!("{host} could not be connected to in time."),
        _ => format!("{host} did not answer in time."),
    };
    Error::new(
        Status::RequestTimeout,
        message,
        "Try again; if it goes on, check firewall and proxy, or allow more time (the timeout option).",
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

/// The standard library gives name resolution no kind of its own, only this text; on Windows the system's number:
/// `WSAHOST_NOT_FOUND` to `WSANO_DATA` ("Windows Sockets Error Codes").
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
        format!(
            "The proxy {}:{} could not be used: {cause}.",
            proxy.host(),
            proxy.port()
        ),
        "Check the proxy's address and credentials (HTTPS_PROXY), or exempt the host with NO_PROXY.",
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
    fn each_failure_has_its_status_and_names_who_failed() {
        let proxy = Proxy::new("http://user:hunter22@proxy.example:8080").unwrap();
        let tls = |error| HttpError::Io(io::Error::new(ErrorKind::InvalidData, error));
        let expired = rustls::Error::InvalidCertificate(rustls::CertificateError::Expired);
        for (failure, proxy, status, says) in [
            (
                io(ErrorKind::ConnectionRefused),
                None,
                Status::ConnectionFailed,
                "login.example: the connection was refused",
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
                "The name login.example is not known",
            ),
            (
                HttpError::HostNotFound,
                None,
                Status::ConnectionFailed,
                "The name login.example is not known",
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
                "connected to in time",
            ),
            (
                HttpError::Timeout(Timeout::Global),
                None,
                Status::RequestTimeout,
                "did not answer in time",
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

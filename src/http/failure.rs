//! Explains why a request got no answer.

use ureq::{Error as HttpError, Timeout, http::Uri};

use crate::base::error::{Error, Status};
use crate::base::parameter::{AUTHORITY, PROXY, TIMEOUT};
use crate::http::cause::{cause, is_unresolved};
use crate::http::proxy::ProxyAddress;
use crate::http::proxy_failure;
use crate::http::route::{self, Route};
use crate::http::tls_failure::{tls_error, untrusted};
use crate::http::tunnel::TunnelError;

/// The error for a request to `url` that got no answer.
pub fn explain(failure: &HttpError, url: &str, route: &Route) -> Error {
    let uri: Option<Uri> = url.parse().ok();
    let host = uri
        .as_ref()
        .and_then(|uri| uri.authority())
        .map_or_else(|| url.to_owned(), ToString::to_string);
    let proxy = uri.as_ref().and_then(|uri| route.proxy_for(uri));
    if let (HttpError::Other(other), Some(proxy)) = (failure, proxy) {
        if let Some(failure) = other.downcast_ref::<TunnelError>() {
            return proxy_failure::explain(failure, &host, proxy);
        }
    }
    if let Some(tls) = tls_error(failure) {
        return untrusted(&place(&host, proxy), tls);
    }
    let cause = cause(failure);
    match failure {
        HttpError::Timeout(phase) => timeout(&host, proxy, *phase),
        failure if proxy.is_none() && is_unresolved(failure) => Error::new(
            Status::ConnectionFailed,
            format!("Cannot resolve the host name {host}: {cause}."),
            format!(
                "Check {AUTHORITY}, and the DNS and network settings of this machine.{}",
                needed_proxy()
            ),
        ),
        _ => Error::new(
            Status::ConnectionFailed,
            format!("The connection to {} failed: {cause}.", place(&host, proxy)),
            match proxy {
                None => format!("Check the network and the firewall.{}", needed_proxy()),
                Some(proxy) => format!(
                    "Check whether the proxy in {} allows connections to this host, and the network behind it.",
                    proxy.origin()
                ),
            },
        ),
    }
}

/// The host, and the proxy on the way to it.
fn place(host: &str, proxy: Option<&ProxyAddress>) -> String {
    proxy.map_or_else(
        || host.to_owned(),
        |proxy| format!("{host} through {}", proxy.described()),
    )
}

/// The advice for a connection without a proxy, as the end of a hint.
fn needed_proxy() -> String {
    match route::unread_variable() {
        None => format!(" If a proxy is needed, set {PROXY} or the environment variable HTTPS_PROXY."),
        Some((name, proxy)) => {
            let address = proxy.map(|proxy| format!(" {proxy}")).unwrap_or_default();
            format!(
                " The environment variable {name} has a proxy{address}, but is not read: if that proxy is needed, set \
                 {PROXY} or the environment variable HTTPS_PROXY."
            )
        }
    }
}

fn timeout(host: &str, proxy: Option<&ProxyAddress>, phase: Timeout) -> Error {
    let place = place(host, proxy);
    let is_connecting = matches!(phase, Timeout::Resolve | Timeout::Connect);
    let message = if is_connecting {
        format!("Timed out connecting to {place}.")
    } else {
        format!("Timed out waiting for an answer from {place}.")
    };
    let needed = if is_connecting && proxy.is_none() {
        needed_proxy()
    } else {
        String::new()
    };
    Error::new(
        Status::RequestTimeout,
        message,
        format!(
            "Try again. If the error persists, check the firewall and the proxy, or use {TIMEOUT} to allow more \
             time.{needed}"
        ),
    )
}

#[cfg(test)]
mod tests {
    use std::io::{self, ErrorKind};

    use super::*;
    use crate::http::proxy::ProxyOrigin;

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
    fn each_failure_has_its_status_and_names_the_host_and_the_proxy() {
        let proxy = ProxyAddress::parse("http://user:hunter22@proxy.example:8080", ProxyOrigin::Option).unwrap();
        let (direct, through) = (Route::default(), Route::through(proxy));
        let tls = |error| HttpError::Io(io::Error::new(ErrorKind::InvalidData, error));
        let expired = || tls(rustls::Error::InvalidCertificate(rustls::CertificateError::Expired));
        let connection_failed = Status::ConnectionFailed;
        for (failure, route, status, says) in [
            (
                io(ErrorKind::ConnectionRefused),
                &direct,
                connection_failed,
                "login.example failed: the connection was refused",
            ),
            (io(ErrorKind::ConnectionReset), &direct, connection_failed, "reset"),
            (
                io(ErrorKind::UnexpectedEof),
                &direct,
                connection_failed,
                "closed the connection",
            ),
            (
                unresolved(),
                &direct,
                connection_failed,
                "Cannot resolve the host name login.example",
            ),
            (
                HttpError::HostNotFound,
                &direct,
                connection_failed,
                "Cannot resolve the host name login.example",
            ),
            (
                io(ErrorKind::ConnectionReset),
                &through,
                connection_failed,
                "login.example through the proxy http://proxy.example:8080 in option http.proxy failed",
            ),
            (
                HttpError::Timeout(Timeout::Connect),
                &direct,
                Status::RequestTimeout,
                "Timed out connecting to login.example.",
            ),
            (
                HttpError::Timeout(Timeout::Global),
                &direct,
                Status::RequestTimeout,
                "Timed out waiting for an answer from login.example.",
            ),
            (
                HttpError::Timeout(Timeout::Global),
                &through,
                Status::RequestTimeout,
                "an answer from login.example through the proxy http://proxy.example:8080 in option http.proxy.",
            ),
            (expired(), &direct, Status::TlsFailed, "has expired"),
            (
                expired(),
                &through,
                Status::TlsFailed,
                "to login.example through the proxy http://proxy.example:8080 in option http.proxy failed",
            ),
            (
                HttpError::Other(Box::new(TunnelError::Unreachable(io(ErrorKind::ConnectionRefused)))),
                &through,
                Status::ProxyFailed,
                "proxy.example:8080",
            ),
        ] {
            let error = explain(&failure, URL, route);
            assert_eq!(error.status(), status, "{failure:?}");
            assert!(error.message().contains(says), "{failure:?} gave {}", error.message());
            assert!(!error.hint().is_empty());
            assert!(!format!("{error:?}").contains("hunter22"));
        }
    }
}

//! Explains why a proxy gave no connection to the service.

use std::io::ErrorKind;

use ureq::Error as HttpError;

use crate::base::error::{Error, Status};
use crate::base::parameter::{NO_PROXY, TIMEOUT};
use crate::http::cause::{cause, is_unresolved};
use crate::http::proxy::ProxyAddress;
use crate::http::tls_failure::{tls_error, untrusted};
use crate::http::tunnel::TunnelError;

/// The error for a request to `host` for which `proxy` gave no tunnel. It names the proxy, and what names that.
pub(super) fn explain(failure: &TunnelError, host: &str, proxy: &ProxyAddress) -> Error {
    match failure {
        TunnelError::Unreachable(HttpError::Timeout(_)) => {
            timeout(&format!("Timed out connecting to {}.", proxy.described()))
        }
        TunnelError::Unreachable(failure) => unreachable(failure, proxy),
        TunnelError::Tls(failure) => no_tls(failure, proxy),
        TunnelError::NoAnswer(HttpError::Timeout(_)) => timeout(&format!(
            "Timed out waiting for {} to connect to {host}.",
            proxy.described()
        )),
        TunnelError::NoAnswer(failure) => failed(
            proxy,
            &cause(failure),
            &format!("Check whether it is an HTTP proxy, and whether it allows connections to {host}."),
        ),
        TunnelError::NotHttp { is_tls: true } => failed(
            proxy,
            "it answered with TLS instead of HTTP",
            "Try https:// in place of http://.",
        ),
        TunnelError::NotHttp { is_tls: false } => failed(
            proxy,
            "its answer is not HTTP",
            "Check host and port: they are not those of an HTTP proxy.",
        ),
        TunnelError::Refused { status: 407, schemes } => unauthenticated(schemes, proxy),
        TunnelError::Refused { status, .. } => refused(*status, host, proxy),
    }
}

fn failed(proxy: &ProxyAddress, cause: &str, hint: &str) -> Error {
    Error::new(
        Status::ProxyFailed,
        format!("Cannot use {}: {cause}.", proxy.described()),
        hint,
    )
}

/// Of the connection to the proxy: nothing is known about the one to the service.
fn timeout(message: &str) -> Error {
    Error::new(
        Status::RequestTimeout,
        message,
        format!(
            "Check that the proxy is running and that the firewall allows the connection, or use {TIMEOUT} to allow more \
             time."
        ),
    )
}

fn unreachable(failure: &HttpError, proxy: &ProxyAddress) -> Error {
    let cause = cause(failure);
    let cause = if is_unresolved(failure) {
        format!("its host name cannot be resolved ({cause})")
    } else {
        cause
    };
    let exempt = format!(
        "Check the address in {}, or exempt the host with {NO_PROXY} or the environment variable NO_PROXY.",
        proxy.origin()
    );
    failed(proxy, &cause, &exempt)
}

fn no_tls(failure: &HttpError, proxy: &ProxyAddress) -> Error {
    let speaks_no_tls = match (tls_error(failure), failure) {
        (Some(error), _) => !matches!(
            error,
            rustls::Error::InvalidCertificate(_) | rustls::Error::AlertReceived(_)
        ),
        (None, HttpError::Timeout(_)) => true,
        (None, HttpError::Io(error)) => matches!(
            error.kind(),
            ErrorKind::UnexpectedEof
                | ErrorKind::ConnectionReset
                | ErrorKind::ConnectionAborted
                | ErrorKind::BrokenPipe
                | ErrorKind::InvalidData
        ),
        (None, _) => false,
    };
    match tls_error(failure) {
        Some(error) if !speaks_no_tls => untrusted(&proxy.described(), error),
        _ => failed(
            proxy,
            "it does not complete a TLS handshake, which the https:// in its address asks for",
            "Try http:// in place of https://: most proxies take plain connections, and what goes through them is \
             encrypted all the same.",
        ),
    }
}

fn unauthenticated(schemes: &[String], proxy: &ProxyAddress) -> Error {
    let origin = proxy.origin();
    let offers_basic = schemes.iter().any(|scheme| scheme.eq_ignore_ascii_case("basic"));
    let offered = if schemes.is_empty() {
        "it names no way to authenticate".to_owned()
    } else {
        format!("it offers {}", schemes.join(", "))
    };
    let (cause, hint) = match (proxy.login(), offers_basic || schemes.is_empty()) {
        (Some(_), true) => (
            "it refused the user name and password",
            format!("Check the user name and password in {origin}; special characters must be percent-encoded."),
        ),
        (None, true) => (
            "it requires authentication",
            format!("Add them to the address in {origin}: http://user:password@host:port, percent-encoded."),
        ),
        (_, false) => (
            "it requires authentication",
            format!(
                "Only Basic authentication is supported. Use a proxy that takes it, or a local one that authenticates at \
                 this proxy (such as Cntlm or Px), or exempt the host with {NO_PROXY} or the environment variable NO_PROXY."
            ),
        ),
    };
    failed(proxy, &format!("{cause} (HTTP 407; {offered})"), &hint)
}

fn refused(status: u16, host: &str, proxy: &ProxyAddress) -> Error {
    let hint = match status {
        502..=504 => format!("Ask the proxy's administrator why it cannot reach {host}, or try again later."),
        _ => format!("Ask the proxy's administrator to allow the method CONNECT to {host}."),
    };
    failed(
        proxy,
        &format!("it refused to connect to {host} (HTTP {status})"),
        &hint,
    )
}

#[cfg(test)]
mod tests {
    use ureq::Timeout;

    use super::*;
    use crate::http::proxy::ProxyOrigin;

    const HOST: &str = "login.example";

    fn told(failure: &TunnelError, address: &str) -> (Status, String) {
        let proxy = ProxyAddress::parse(address, ProxyOrigin::Variable("https_proxy")).unwrap();
        let error = explain(failure, HOST, &proxy);
        let told = format!("{} {}", error.message(), error.hint());
        assert!(told.contains(&proxy.to_string()), "{told}");
        assert!(told.contains("environment variable https_proxy"), "{told}");
        assert!(!format!("{error:?}").contains("hunter22"), "{told}");
        (error.status(), told)
    }

    fn io(kind: ErrorKind) -> HttpError {
        HttpError::Io(kind.into())
    }

    #[test]
    fn a_proxy_that_speaks_no_tls_is_tried_with_http() {
        let not_tls = rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType);
        for failure in [
            HttpError::Io(std::io::Error::new(ErrorKind::InvalidData, not_tls)),
            HttpError::Timeout(Timeout::Connect),
            HttpError::Timeout(Timeout::Global),
            io(ErrorKind::UnexpectedEof),
            io(ErrorKind::ConnectionReset),
        ] {
            let (status, told) = told(&TunnelError::Tls(failure), "https://u:hunter22@proxy.example:8080");
            assert_eq!(status, Status::ProxyFailed, "{told}");
            assert!(told.contains("Try http://"), "{told}");
        }
        let (status, told) = told(&TunnelError::NotHttp { is_tls: true }, "http://proxy.example:8080");
        assert_eq!(status, Status::ProxyFailed);
        assert!(told.contains("Try https://"), "{told}");
    }

    #[test]
    fn a_certificate_that_is_not_trusted_is_that_of_the_proxy() {
        let unknown = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        let failure = TunnelError::Tls(HttpError::Io(std::io::Error::new(ErrorKind::InvalidData, unknown)));
        let (status, told) = told(&failure, "https://proxy.example");
        assert_eq!(status, Status::TlsFailed);
        assert!(!told.contains("http://") && !told.contains(HOST), "{told}");
    }

    #[test]
    fn a_refusal_has_its_status_and_the_schemes_that_are_offered() {
        for (schemes, address, says, asks) in [
            (
                &["Basic"][..],
                "http://proxy.example",
                "offers Basic",
                "Add them to the address",
            ),
            (
                &["NTLM", "Basic"],
                "http://u:hunter22@proxy.example",
                "offers NTLM, Basic",
                "Check the user name",
            ),
            (
                &[],
                "http://proxy.example",
                "no way to authenticate",
                "Add them to the address",
            ),
            (
                &["Negotiate", "NTLM"],
                "http://proxy.example",
                "offers Negotiate, NTLM",
                "Only Basic",
            ),
            (
                &["Negotiate"],
                "http://u:hunter22@proxy.example",
                "offers Negotiate",
                "Only Basic",
            ),
        ] {
            let schemes = schemes.iter().map(ToString::to_string).collect();
            let (status, told) = told(&TunnelError::Refused { status: 407, schemes }, address);
            assert_eq!(status, Status::ProxyFailed);
            assert!(
                told.contains("HTTP 407") && told.contains(says) && told.contains(asks),
                "{told}"
            );
        }
        for code in [403, 405, 502, 504] {
            let schemes = Vec::new();
            let (status, told) = told(&TunnelError::Refused { status: code, schemes }, "http://proxy.example");
            assert_eq!(status, Status::ProxyFailed);
            assert!(told.contains(&format!("HTTP {code}")) && told.contains(HOST), "{told}");
        }
    }

    #[test]
    fn a_connection_that_fails_is_that_to_the_proxy() {
        for (failure, status, says) in [
            (
                TunnelError::Unreachable(io(ErrorKind::ConnectionRefused)),
                Status::ProxyFailed,
                "refused",
            ),
            (
                TunnelError::Unreachable(HttpError::HostNotFound),
                Status::ProxyFailed,
                "cannot be resolved",
            ),
            (
                TunnelError::NoAnswer(io(ErrorKind::UnexpectedEof)),
                Status::ProxyFailed,
                "closed the connection",
            ),
            (
                TunnelError::Unreachable(HttpError::Timeout(Timeout::Connect)),
                Status::RequestTimeout,
                "Timed out connecting to the proxy",
            ),
            (
                TunnelError::NoAnswer(HttpError::Timeout(Timeout::Connect)),
                Status::RequestTimeout,
                "to connect to login.example",
            ),
            (TunnelError::NotHttp { is_tls: false }, Status::ProxyFailed, "not HTTP"),
        ] {
            let (actual, told) = told(&failure, "http://u:hunter22@proxy.example:8080");
            assert_eq!(actual, status, "{told}");
            assert!(told.contains(says), "{told}");
        }
    }
}

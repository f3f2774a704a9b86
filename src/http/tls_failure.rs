//! Explains why a TLS handshake failed.

use ureq::Error as HttpError;

use crate::base::error::{Error, Status};
use crate::base::parameter::{AUTHORITY, CA_FILE};

/// The error of a TLS handshake.
pub fn tls_error(failure: &HttpError) -> Option<&rustls::Error> {
    match failure {
        HttpError::Io(error) => error.get_ref()?.downcast_ref(),
        _ => None,
    }
}

/// The error for a failed TLS handshake with `host`.
pub fn untrusted(host: &str, error: &rustls::Error) -> Error {
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

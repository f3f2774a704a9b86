//! HTTPS with a certificate authority of its own.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use sha1::{Digest as _, Sha1};
use time::{Duration, OffsetDateTime};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::start_error::StartError;

/// Makes a CA and a server certificate for 127.0.0.1, `::1`, localhost and `names`, and writes the CA's certificate to
/// `ca_out` as PEM, and the thumbprint of the server's certificate to `thumbprint_out`. Both keys stay in this process, so trusting the CA lets nobody else in.
pub(crate) fn acceptor(
    names: &[String],
    ca_out: &Path,
    thumbprint_out: Option<&Path>,
) -> Result<TlsAcceptor, StartError> {
    let problem = |error: &dyn std::fmt::Display| StartError::System(format!("cannot make a TLS certificate: {error}"));
    let ca = authority().map_err(|error| problem(&error))?;
    let (key, params) = KeyPair::generate()
        .and_then(|key| Ok((key, server(names)?)))
        .map_err(|error| problem(&error))?;
    let certificate = params.signed_by(&key, &ca).map_err(|error| problem(&error))?;
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
            builder
                .with_no_client_auth()
                .with_single_cert(vec![certificate.der().clone()], key)
        })
        .map_err(|error| problem(&error))?;
    write(ca_out, &ca.pem())?;
    if let Some(file) = thumbprint_out {
        let digest = Sha1::digest(certificate.der());
        write(file, &format!("{:X}", Bytes::copy_from_slice(&digest)))?;
    }
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn write(file: &Path, text: &str) -> Result<(), StartError> {
    std::fs::write(file, text).map_err(|error| StartError::System(format!("cannot write {}: {error}", file.display())))
}

fn authority() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = dated(CertificateParams::default());
    params.distinguished_name.push(DnType::CommonName, "entra-emulator CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

fn server(names: &[String]) -> Result<CertificateParams, rcgen::Error> {
    let own = ["127.0.0.1", "::1", "localhost"].map(str::to_owned);
    let names: Vec<String> = own.into_iter().chain(names.iter().cloned()).collect();
    let mut params = dated(CertificateParams::new(names)?);
    params.distinguished_name.push(DnType::CommonName, "entra-emulator");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

/// A day back for clocks that are slow, a month ahead; Apple's verifier refuses more than 825 days.
fn dated(mut params: CertificateParams) -> CertificateParams {
    let now = OffsetDateTime::now_utc();
    params.not_before = now - Duration::DAY;
    params.not_after = now + Duration::days(30);
    params
}

//! TLS connections: the trusted authorities, and the certificate of the peer.

use std::fmt;
use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, Error as TlsError, RootCertStore, SignatureScheme,
    StreamOwned,
};
use ureq::Error as HttpError;
use ureq::unversioned::transport::time::{Duration, Instant};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport, TransportAdapter,
};

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::CA_FILE;
use crate::base::regular_file::{self, Links};
use crate::base::shown_path::shown;

/// Makes TLS connections that share one configuration, which lets them resume sessions.
#[derive(Clone)]
pub(crate) struct Tls {
    config: Arc<ClientConfig>,
    verifier: Arc<RecordingVerifier>,
}

/// The peer of the last handshake.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    /// The requested host name: that of the service, or of a proxy with https.
    pub(crate) host: String,
    /// Its certificate in DER, trusted or not.
    pub(crate) certificate: Vec<u8>,
}

impl Tls {
    /// Connections that trust the authorities in the PEM file `ca_file`, or those of the operating system.
    ///
    /// # Errors
    /// [`Status::TlsFailed`] if there are none.
    pub(crate) fn new(ca_file: Option<&Path>) -> Result<Self> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = Arc::new(RecordingVerifier {
            inner: match ca_file {
                Some(file) => verifier_of_file(file, Arc::clone(&provider))?,
                None => verifier_of_system(Arc::clone(&provider))?,
            },
            seen: Mutex::default(),
        });
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(&error))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&verifier) as Arc<dyn ServerCertVerifier>)
            .with_no_client_auth();
        Ok(Self {
            config: Arc::new(config),
            verifier,
        })
    }

    /// The same for all callers, because reading the authorities of the operating system takes longer than a request.
    pub(crate) fn shared(ca_file: Option<&Path>) -> Result<Self> {
        static KNOWN: Mutex<Vec<(Option<PathBuf>, Tls)>> = Mutex::new(Vec::new());
        const KEPT: usize = 16;
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, tls)) = known.iter().find(|(other, _)| other.as_deref() == ca_file) {
            return Ok(tls.clone());
        }
        let tls = Self::new(ca_file)?;
        if known.len() == KEPT {
            known.remove(0);
        }
        known.push((ca_file.map(Path::to_owned), tls.clone()));
        Ok(tls)
    }

    /// Adds TLS to ureq's connections.
    pub(crate) fn connector(&self) -> TlsConnector {
        TlsConnector::new(self.config())
    }

    /// The configuration, for connections that are not to the host of the request.
    pub(crate) fn config(&self) -> Arc<ClientConfig> {
        Arc::clone(&self.config)
    }

    /// Makes a TLS connection over `socket` with `host`, a name or an address, and completes the handshake.
    #[cfg(feature = "redis")]
    pub(crate) fn over<S: io::Read + io::Write>(
        &self,
        mut socket: S,
        host: &str,
    ) -> io::Result<StreamOwned<ClientConnection, S>> {
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        let mut connection = ClientConnection::new(Arc::clone(&self.config), name).map_err(io::Error::other)?;
        connection.complete_io(&mut socket)?;
        Ok(StreamOwned::new(connection, socket))
    }

    /// The peer of the last handshake; `None` before the first handshake with a certificate.
    pub(crate) fn peer(&self) -> Option<Peer> {
        self.verifier
            .seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Leaves the decision to `inner`, and keeps the certificate.
#[derive(Debug)]
struct RecordingVerifier {
    inner: Arc<dyn ServerCertVerifier>,
    seen: Mutex<Option<Peer>>,
}

impl ServerCertVerifier for RecordingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, TlsError> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(Peer {
            host: server_name.to_str().into_owned(),
            certificate: end_entity.to_vec(),
        });
        self.inner
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, TlsError> {
        self.inner.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, TlsError> {
        self.inner.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// In bytes. The lists of operating systems have a few hundred thousand.
const LARGEST_CA_FILE: usize = 16 * 1024 * 1024;

fn verifier_of_system(provider: Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>> {
    refuse_special_file_of_environment()?;
    let verifier = rustls_platform_verifier::Verifier::new(provider).map_err(|error| unusable(&error))?;
    Ok(Arc::new(verifier))
}

/// Where the library that finds the system's certificates reads the file of this variable itself, whatever it is.
fn refuse_special_file_of_environment() -> Result<()> {
    let is_read = cfg!(not(any(windows, target_vendor = "apple")));
    let file = std::env::var_os("SSL_CERT_FILE").filter(|file| is_read && !file.is_empty());
    let Some(file) = file else { return Ok(()) };
    let opened = regular_file::open(OpenOptions::new().read(true), Path::new(&file), Links::Followed);
    match opened {
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Err(unreadable(Path::new(&file), &error)),
        // The library decides about the others, and about those that are missing.
        _ => Ok(()),
    }
}

fn verifier_of_file(file: &Path, provider: Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>> {
    let path = shown(file);
    let pem = regular_file::read(file, Links::Followed, LARGEST_CA_FILE).map_err(|error| unreadable(file, &error))?;
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&pem).filter_map(std::result::Result::ok));
    if roots.is_empty() {
        return Err(unusable_file(format!("No certificate was found in {path}.")));
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
    Ok(verifier
        .build()
        .map_err(|error| unusable_file(format!("Cannot use the certificates in {path}: {error}.")))?)
}

fn unreadable(file: &Path, error: &io::Error) -> Error {
    let path = shown(file);
    unusable_file(match error.kind() {
        io::ErrorKind::NotFound => format!("File not found: {path}."),
        _ => format!("Cannot read {path}: {error}."),
    })
}

fn unusable_file(message: String) -> Error {
    Error::new(
        Status::TlsFailed,
        message,
        format!(
            "Set {CA_FILE} or the environment variable SSL_CERT_FILE to a PEM file with the certificate authorities to \
             trust, or omit it."
        ),
    )
}

fn unusable(error: &dyn fmt::Display) -> Error {
    Error::new(
        Status::TlsFailed,
        format!("Cannot use the trusted certificates of the operating system: {error}."),
        format!(
            "Install them (on Debian the package ca-certificates), or set {CA_FILE} or the environment variable \
             SSL_CERT_FILE to a PEM file with the certificate authorities to trust."
        ),
    )
}

/// Adds TLS to connections.
pub(crate) struct TlsConnector {
    config: Arc<ClientConfig>,
}

impl TlsConnector {
    /// Connections with this configuration.
    pub(crate) fn new(config: Arc<ClientConfig>) -> Self {
        Self { config }
    }
}

impl<In: Transport> Connector<In> for TlsConnector {
    type Out = TlsTransport;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> std::result::Result<Option<Self::Out>, HttpError> {
        let Some(transport) = chained else { return Ok(None) };
        let host = details.uri.host().unwrap_or_default();
        secure(&self.config, host, transport.boxed(), details).map(Some)
    }
}

/// Makes a TLS connection over `transport` with `host`, a name or an address, within what is left of the connect
/// timeout.
pub(crate) fn secure(
    config: &Arc<ClientConfig>,
    host: &str,
    transport: Box<dyn Transport>,
    details: &ConnectionDetails,
) -> std::result::Result<TlsTransport, HttpError> {
    let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).map_err(io::Error::other)?;
    let mut connection = ClientConnection::new(Arc::clone(config), name).map_err(io::Error::other)?;
    let mut socket = TransportAdapter::new(transport, Arc::clone(&details.current_time));
    socket.set_timeout(remaining(details));
    connection.complete_io(&mut socket)?;
    Ok(TlsTransport {
        buffers: LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size()),
        stream: StreamOwned::new(connection, socket),
    })
}

/// The connect timeout, less the time that the TCP connection took.
pub(crate) fn remaining(details: &ConnectionDetails) -> NextTimeout {
    let after = match (details.timeout.after, details.now, (details.current_time)()) {
        (Duration::Exact(limit), Instant::Exact(started), Instant::Exact(now)) => {
            Duration::Exact(limit.saturating_sub(now.saturating_duration_since(started)))
        }
        (unlimited, ..) => unlimited,
    };
    NextTimeout {
        after,
        ..details.timeout
    }
}

impl fmt::Debug for TlsConnector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TlsConnector")
    }
}

/// A connection with TLS.
pub(crate) struct TlsTransport {
    buffers: LazyBuffers,
    stream: StreamOwned<ClientConnection, TransportAdapter>,
}

impl Transport for TlsTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> std::result::Result<(), HttpError> {
        self.stream.sock.set_timeout(timeout);
        io::Write::write_all(&mut self.stream, &self.buffers.output()[..amount])?;
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> std::result::Result<bool, HttpError> {
        self.stream.sock.set_timeout(timeout);
        let amount = io::Read::read(&mut self.stream, self.buffers.input_append_buf())?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.sock.get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}

impl fmt::Debug for TlsTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "TlsTransport({:?})", self.stream.sock.inner())
    }
}

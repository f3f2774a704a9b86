//! HTTPS with the emulator's own CA.

use std::io::Write;
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use test_support::client::{Client, tcp};
use test_support::emulator::{Emulator, TENANT};
use test_support::folder::Folder;
use test_support::key_pair::STRANGER;

use crate::answer::TokenAnswer as _;
use crate::signed_assertion::{SignedAssertion, with_assertion};
use crate::token_request::{FORM, encoded};

fn start() -> (Emulator, String) {
    let folder = Folder::new();
    let path = folder.path("ca.pem");
    let emulator = Emulator::with_tls(&path);
    let ca = std::fs::read_to_string(path).expect("the CA is written before the address");
    (emulator, ca)
}

fn connect(
    emulator: &Emulator,
    name: &str,
    trusted: CertificateDer<'static>,
) -> StreamOwned<ClientConnection, std::net::TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    StreamOwned::new(
        ClientConnection::new(Arc::new(config), name).unwrap(),
        tcp(emulator.host()).expect("the emulator listens"),
    )
}

#[test]
fn tokens_come_over_https_from_whoever_trusts_the_ca() {
    let (emulator, ca) = start();
    assert!(
        emulator.address().starts_with("https://127.0.0.1:"),
        "{}",
        emulator.address()
    );
    for name in ["127.0.0.1", "localhost", "::1"] {
        let trusted = CertificateDer::from_pem_slice(ca.as_bytes()).unwrap();
        let mut client = Client::over(emulator.host(), Box::new(connect(&emulator, name, trusted)));
        let body = encoded(&with_assertion(&SignedAssertion::new(&emulator).text()));
        let answer = client
            .send(
                "POST",
                &format!("/{TENANT}/oauth2/v2.0/token"),
                &[FORM],
                body.as_bytes(),
            )
            .unwrap();
        assert_eq!(answer.access_claims()["appidacr"], "2", "{name}");
    }
}

#[test]
fn another_ca_or_another_name_is_not_trusted() {
    let (emulator, ca) = start();
    let trusted = CertificateDer::from_pem_slice(ca.as_bytes()).unwrap();
    for (name, trusted) in [
        ("127.0.0.1", STRANGER.der().into()),
        ("login.microsoftonline.com", trusted),
    ] {
        let error = connect(&emulator, name, trusted)
            .write_all(b"GET / HTTP/1.1\r\n\r\n")
            .unwrap_err();
        assert!(error.to_string().contains("invalid peer certificate"), "{error}");
    }
}

#[test]
fn only_the_certificate_of_the_ca_is_written() {
    let (_emulator, ca) = start();
    assert_eq!(ca.matches("-----BEGIN ").count(), 1);
    assert!(ca.starts_with("-----BEGIN CERTIFICATE-----"));
}

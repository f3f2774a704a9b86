//! HTTPS with the emulator's own CA.

use std::io::{Read, Write};
use std::net::TcpStream;
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
) -> StreamOwned<ClientConnection, TcpStream> {
    over(tcp(emulator.host()).expect("the emulator listens"), name, trusted)
}

fn over(stream: TcpStream, name: &str, trusted: CertificateDer<'static>) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), stream)
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

#[test]
fn a_client_that_takes_it_for_its_proxy_is_led_to_it_by_other_names() {
    let folder = Folder::new();
    let file = folder.path("ca.pem");
    let (region, external) = ("westeurope.login.microsoft.com", "contoso.ciamlogin.com");
    let ca_out = file.display().to_string();
    let emulator = Emulator::start_with(&[
        "--tls",
        "--ca-out",
        &ca_out,
        "--tls-name",
        region,
        "--tls-name",
        external,
    ]);
    let ca = std::fs::read(&file).unwrap();
    let description = described_by(&emulator, &ca, region);
    assert_eq!(
        description["token_endpoint"],
        format!("https://{region}/{TENANT}/oauth2/v2.0/token")
    );
    let description = described_by(&emulator, &ca, external);
    let issuer = description["issuer"].as_str().unwrap();
    let id = issuer
        .strip_prefix("https://")
        .and_then(|rest| rest.split('.').next())
        .unwrap();
    assert_eq!(issuer, format!("https://{id}.ciamlogin.com/{id}/v2.0"));
    assert!(
        tunnel(&emulator, "login.example.org").is_err(),
        "led to a host of another name"
    );
}

/// What a tenant at the host `name` says of itself, through a tunnel.
fn described_by(emulator: &Emulator, ca: &[u8], name: &str) -> serde_json::Value {
    let trusted = CertificateDer::from_pem_slice(ca).unwrap();
    let mut tls = over(tunnel(emulator, name).unwrap(), name, trusted);
    write!(
        tls,
        "GET /{TENANT}/v2.0/.well-known/openid-configuration HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut text = String::new();
    // The end of the connection is no end of TLS.
    let _ = tls.read_to_string(&mut text);
    serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap()
}

/// The connection that a proxy gives to a host, or the head of its refusal.
fn tunnel(emulator: &Emulator, name: &str) -> Result<TcpStream, String> {
    let mut stream = tcp(emulator.host()).unwrap();
    write!(stream, "CONNECT {name}:443 HTTP/1.1\r\nHost: {name}:443\r\n\r\n").unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    if head.starts_with("HTTP/1.1 200 ") {
        Ok(stream)
    } else {
        Err(head)
    }
}

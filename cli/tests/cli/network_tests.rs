//! TLS, trust and proxies.

use crate::call::Call;
use crate::emulator::{Emulator, PASSWORD};
use crate::folder::Folder;

/// An address at which nobody listens. A port that was free a moment ago could have been given to another test since.
const CLOSED_ADDRESS: &str = "http://127.0.0.1:1";

#[test]
fn tokens_come_over_tls_from_an_authority_that_is_trusted() {
    let folder = Folder::new();
    let (ca, password) = (folder.argument("ca.pem"), folder.write("password", PASSWORD));
    let emulator = Emulator::with_tls(&folder.path("ca.pem"));
    for call in [
        Call::with_certificate(&emulator),
        Call::with_password(&emulator, &password),
    ] {
        let token = call.variable("SSL_CERT_FILE", &ca).succeed();
        assert_eq!(token.split('.').count(), 3);
    }
}

#[test]
fn an_authority_that_is_not_trusted_is_exit_code_5() {
    let folder = Folder::new();
    let emulator = Emulator::with_tls(&folder.path("ca.pem"));
    let error = Call::with_certificate(&emulator).fail(5);
    assert!(
        error.contains("kind: TlsFailed") && error.contains("SSL_CERT_FILE"),
        "{error}"
    );
}

#[test]
fn a_proxy_that_is_not_there_is_exit_code_6_unless_the_host_is_exempt() {
    let folder = Folder::new();
    let ca = folder.argument("ca.pem");
    let emulator = Emulator::with_tls(&folder.path("ca.pem"));
    let call = || Call::with_certificate(&emulator).variable("SSL_CERT_FILE", &ca);
    let error = call().variable("HTTPS_PROXY", CLOSED_ADDRESS).fail(6);
    assert!(error.contains("kind: ProxyFailed"), "{error}");
    call()
        .variable("HTTPS_PROXY", CLOSED_ADDRESS)
        .variable("NO_PROXY", "127.0.0.1")
        .succeed();
    call().and(&["--proxy", CLOSED_ADDRESS]).fail(6);
}

#[test]
fn a_proxy_s_password_is_not_repeated() {
    let emulator = Emulator::start();
    for proxy in ["socks5://user:hunter22@127.0.0.1:1", "http://user:hunter22@127.0.0.1:1"] {
        let error = Call::with_certificate(&emulator)
            .and(&["--proxy", proxy, "--verbose"])
            .fail(6);
        assert!(!error.contains("hunter22"), "{error}");
    }
}

#[test]
fn a_name_that_does_not_resolve_is_exit_code_4() {
    let authority = "https://login.invalid/contoso.onmicrosoft.com";
    let folder = Folder::new();
    let call = Call::new(&["get", "--authority", authority, "--client-id", "app"]);
    let error = call.and_secret("--client-secret-file", &folder, "secret").fail(4);
    assert!(
        error.starts_with("error: Cannot resolve the host name login.invalid"),
        "{error}"
    );
    assert!(error.contains("kind: ConnectionFailed"), "{error}");
}

#[test]
fn nobody_listening_is_exit_code_4() {
    let authority = format!("{CLOSED_ADDRESS}/contoso.onmicrosoft.com");
    let folder = Folder::new();
    let call = Call::new(&["get", "--authority", &authority, "--client-id", "app"]);
    let error = call.and_secret("--client-secret-file", &folder, "secret").fail(4);
    assert!(error.contains("kind: ConnectionFailed"), "{error}");
}

//! `graph-token doctor`: each fault is named by the check that finds it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use test_support::emulator::{CONFIDENTIAL, Emulator, PUBLIC, SECRET};
use test_support::folder::Folder;
use test_support::key_pair::{KeyPair, REGISTERED, STRANGER};

use crate::call::Call;

/// At which nobody listens.
const CLOSED_ADDRESS: &str = "http://127.0.0.1:1";

/// The findings of one run.
struct Findings(Vec<Value>);

impl Findings {
    fn finding(&self, check: &str) -> &Value {
        let found = self.0.iter().find(|finding| finding["check"] == check);
        found.unwrap_or_else(|| panic!("{check} is missing in {:?}", self.0))
    }

    fn status(&self, check: &str) -> &str {
        self.finding(check)["status"].as_str().expect("the status is text")
    }

    /// These checks failed and no others; each says what to do.
    fn failed(&self, checks: &[&str]) {
        let failed: Vec<&Value> = self.0.iter().filter(|finding| finding["status"] == "Failed").collect();
        let names: Vec<&str> = failed.iter().filter_map(|finding| finding["check"].as_str()).collect();
        assert_eq!(names, checks, "{failed:?}");
        assert!(failed.iter().all(|finding| finding["hint"] != ""), "{failed:?}");
    }

    fn says(&self, check: &str, text: &str) {
        let detail = self.finding(check)["detail"].as_str().expect("the detail is text");
        assert!(detail.contains(text), "{check}: {detail}");
    }
}

fn doctor(authority: &str, client_id: &str) -> Call {
    Call::new(&["doctor", "--authority", authority, "--client-id", client_id])
}

fn with_certificate(emulator: &Emulator, certificate: &str) -> Call {
    doctor(&emulator.authority(), CONFIDENTIAL).and(&["--certificate", certificate])
}

/// Runs it with `--json` and expects this exit code.
fn findings(call: Call, code: i32) -> Findings {
    let outcome = call.and(&["--json"]).run();
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(code), ""), "{outcome:?}");
    Findings(serde_json::from_str(&outcome.stdout).expect("the output is a JSON array"))
}

#[test]
fn a_clean_setup_passes_every_check() {
    let folder = Folder::new();
    let emulator = Emulator::with_tls(&folder.path("ca.pem"));
    let call = with_certificate(&emulator, &REGISTERED.both()).variable("SSL_CERT_FILE", &folder.argument("ca.pem"));
    let found = findings(call, 0);
    // Whether the machine of the test has other sources does not matter.
    let (application, sources) = found.0.split_at(14);
    for finding in application {
        assert_eq!(
            (&finding["status"], &finding["hint"]),
            (&Value::from("Passed"), &Value::from("")),
            "{finding}"
        );
    }
    assert!(
        sources.iter().all(|finding| finding["status"] != "Failed"),
        "{sources:?}"
    );
    let checks: Vec<&str> = found.0.iter().filter_map(|finding| finding["check"].as_str()).collect();
    let expected = "Certificate CertificateValidity Thumbprints PrivateKey Signature Authority Proxy Connection Tls Clock \
                    Tenant Application CertificateRegistered ClientCredential Environment Workload ManagedIdentity \
                    DeveloperTools Chain";
    assert_eq!(checks.join(" "), expected);
    found.says("Tls", "issued by CN=");
    found.says("PrivateKey", "2048 bits, provider: file");
}

#[test]
fn the_network_options_are_those_of_get() {
    let folder = Folder::new();
    let emulator = Emulator::with_tls(&folder.path("ca.pem"));
    let doctor = |arguments: &[&str]| {
        with_certificate(&emulator, &REGISTERED.both())
            .variable("HTTPS_PROXY", CLOSED_ADDRESS)
            .and(&["--ca-file", &folder.argument("ca.pem"), "--connect-timeout", "5"])
            .and(arguments)
    };
    findings(doctor(&["--proxy", ""]), 0).says("Proxy", "No proxy is used.");
    findings(doctor(&["--no-proxy", "127.0.0.1"]), 0).says("Proxy", "No proxy is used.");
    let found = findings(doctor(&["--no-proxy", "login.example"]), 6);
    found.failed(&["Proxy"]);

    // The description of the tenant is not asked for again, the token is.
    for (retries, code) in [("0", 10), ("1", 0)] {
        let emulator = Emulator::with_faults(&["delay-ms=0", "status=503"]);
        let call = with_certificate(&emulator, &REGISTERED.both()).and(&["--retries", retries]);
        assert_eq!(findings(call, code).status("Tenant"), "Passed", "{retries}");
    }
}

#[test]
fn people_get_a_table_with_the_hint_below_what_failed() {
    let folder = Folder::new();
    let emulator = Emulator::start();
    let outcome = with_certificate(&emulator, &REGISTERED.expired(&folder)).run();
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(8), ""), "{outcome:?}");
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    let failed = lines
        .iter()
        .position(|line| line.starts_with("Failed   CertificateValidity"));
    let next = failed.and_then(|line| lines.get(line + 1)).expect("a line follows");
    assert!(
        next.starts_with("    ") && next.contains("new certificate"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn an_expired_certificate() {
    let folder = Folder::new();
    let emulator = Emulator::start();
    let found = findings(with_certificate(&emulator, &REGISTERED.expired(&folder)), 8);
    assert_eq!(found.status("CertificateValidity"), "Failed");
    found.says("CertificateValidity", "expired on 2");
}

#[test]
fn a_certificate_with_few_days_left_is_a_warning() {
    let emulator = Emulator::start();
    let old = KeyPair::generate(&["rsa:2048", "-days", "29"]);
    let found = findings(with_certificate(&emulator, &old.both()), 8);
    assert_eq!(found.status("CertificateValidity"), "Warning");
    found.says("CertificateValidity", "28 days left");
}

/// Its end is in month 13.
#[test]
fn a_certificate_whose_dates_cannot_be_read_is_a_warning() {
    let folder = Folder::new();
    let emulator = Emulator::start();
    let mut certificate = REGISTERED.der();
    let times: Vec<usize> = (0..certificate.len())
        .filter(|start| certificate[*start..].starts_with(b"\x17\x0d"))
        .collect();
    let month = times[1] + 4;
    certificate[month..month + 2].copy_from_slice(b"13");
    let label = "CERTIFICATE-----\n";
    let certificate = format!("-----BEGIN {label}{}\n-----END {label}", STANDARD.encode(certificate));
    let both = folder.write("both.pem", REGISTERED.read("key.pem") + &certificate);
    let found = findings(with_certificate(&emulator, &both), 8);
    assert_eq!(found.status("CertificateValidity"), "Warning");
    found.says("CertificateValidity", "has a validity period that cannot be read");
}

#[test]
fn no_certificate_where_it_should_be() {
    let emulator = Emulator::start();
    let found = findings(with_certificate(&emulator, "/nowhere/app.pem"), 3);
    found.failed(&["Certificate"]);
    found.says("Certificate", "app.pem");
    // What does not need the certificate is still looked at.
    assert_eq!(found.status("Tenant"), "Passed");
}

#[test]
fn a_wrong_thumbprint() {
    let (emulator, home) = (Emulator::start(), Folder::new());
    let wrong = "00112233445566778899AABBCCDDEEFF00112233";
    let call = doctor(&emulator.authority(), CONFIDENTIAL).and(&["--certificate-thumbprint", wrong]);
    let found = findings(call.variable("HOME", &home.argument("")), 3);
    found.failed(&["Certificate"]);
    found.says("Certificate", wrong);
}

#[test]
fn a_wrong_password() {
    let folder = Folder::new();
    let emulator = Emulator::start();
    let call = with_certificate(&emulator, &REGISTERED.pfx(&folder, "right"));
    let found = findings(
        call.and_secret("--certificate-password-file", &folder, "wrong horse"),
        3,
    );
    found.failed(&["Certificate"]);
    assert!(!format!("{:?}", found.0).contains("wrong horse"));
}

#[test]
fn a_key_of_another_certificate() {
    let emulator = Emulator::start();
    let call = with_certificate(&emulator, &REGISTERED.certificate()).and(&["--private-key", &STRANGER.key()]);
    let found = findings(call, 3);
    found.failed(&["PrivateKey"]);
    found.says("PrivateKey", "does not belong");
}

#[test]
fn a_clock_that_is_twenty_minutes_off() {
    let (application, pair) = ("33333333-3333-3333-3333-333333333333", KeyPair::generate(&["rsa:2048"]));
    let registration = format!("{application}:cert={}", pair.certificate());
    let found = |skew: &str| {
        let fault = format!("date-skew={skew},times=all");
        let emulator = Emulator::start_with(&["--app", &registration, "--fault", &fault]);
        let call = doctor(&emulator.authority(), application);
        findings(call.and(&["--certificate", &pair.both()]), 8)
    };
    let behind = found("1200");
    behind.failed(&["Clock"]);
    behind.says("Clock", "20 minutes behind");
    let ahead = found("-1200");
    // The certificate is so new that it is not valid yet at the service.
    ahead.failed(&["Clock", "CertificateRegistered"]);
    ahead.says("Clock", "20 minutes ahead of");
}

#[test]
fn an_unknown_tenant() {
    let emulator = Emulator::start();
    let authority = emulator.authority().replace("contoso", "fabrikam");
    let call = doctor(&authority, CONFIDENTIAL).and(&["--certificate", &REGISTERED.both()]);
    let found = findings(call, 8);
    found.failed(&["Tenant"]);
    found.says("Tenant", "AADSTS90002");
    assert_eq!(found.status("Application"), "Skipped");
}

#[test]
fn an_unknown_application() {
    let emulator = Emulator::start();
    let stranger = "99999999-9999-9999-9999-999999999999";
    let call = doctor(&emulator.authority(), stranger).and(&["--certificate", &REGISTERED.both()]);
    let found = findings(call, 8);
    found.failed(&["Application"]);
    found.says("Application", "AADSTS700016");
}

#[test]
fn a_certificate_that_is_not_registered() {
    let emulator = Emulator::start();
    let found = findings(with_certificate(&emulator, &STRANGER.both()), 8);
    found.failed(&["CertificateRegistered"]);
    found.says("CertificateRegistered", "AADSTS700027");
    assert_eq!(found.status("Application"), "Passed");
}

#[test]
fn tls_that_is_not_trusted() {
    let folder = Folder::new();
    let emulator = Emulator::with_tls(&folder.path("ca.pem"));
    let found = findings(with_certificate(&emulator, &REGISTERED.both()), 5);
    found.failed(&["Tls"]);
    found.says("Tls", "issued by CN=");
    let hint = found.finding("Tls")["hint"].as_str().expect("the hint is text");
    assert!(hint.contains("SSL_CERT_FILE"), "{hint}");
}

#[test]
fn trusted_certificates_that_are_not_there() {
    let emulator = Emulator::with_tls(&Folder::new().path("ca.pem"));
    let call = with_certificate(&emulator, &REGISTERED.both()).variable("SSL_CERT_FILE", "/nowhere/ca.pem");
    let found = findings(call, 5);
    found.failed(&["Tls"]);
    found.says("Tls", "/nowhere/ca.pem");
}

#[test]
fn a_web_page_in_place_of_the_service() {
    let emulator = Emulator::with_faults(&["body=html,times=all"]);
    let found = findings(with_certificate(&emulator, &REGISTERED.both()), 11);
    found.failed(&["Connection"]);
    found.says("Connection", "a web page");
    assert_eq!(found.status("Clock"), "Skipped");
}

#[test]
fn a_proxy_that_answers_with_a_web_page() {
    let folder = Folder::new();
    let emulator = Emulator::with_tls(&folder.path("ca.pem"));
    // It knows no CONNECT, and answers with a page.
    let proxy = Emulator::start();
    let address = proxy.authority();
    let address = address
        .strip_suffix("/contoso.onmicrosoft.com")
        .expect("the tenant is last");
    let address = address.replace("http://", "http://user:hunter22@");
    let call = with_certificate(&emulator, &REGISTERED.both())
        .variable("SSL_CERT_FILE", &folder.argument("ca.pem"))
        .variable("HTTPS_PROXY", &address);
    let found = findings(call, 6);
    found.failed(&["Proxy"]);
    assert!(!format!("{:?}", found.0).contains("hunter22"));
}

#[test]
fn no_network() {
    let call = doctor(&format!("{CLOSED_ADDRESS}/contoso.com"), CONFIDENTIAL);
    let found = findings(call.and(&["--certificate", &REGISTERED.both()]), 4);
    found.failed(&["Connection"]);
    assert_eq!(found.status("Signature"), "Passed");
}

#[test]
fn an_authority_that_is_none() {
    let found = findings(doctor("http://login.example/contoso.com", CONFIDENTIAL), 3);
    found.failed(&["Authority"]);
}

#[test]
fn a_secret_is_tried_too() {
    let folder = Folder::new();
    let emulator = Emulator::start();
    let call = |secret| doctor(&emulator.authority(), CONFIDENTIAL).and_secret("--client-secret-file", &folder, secret);
    findings(call(SECRET), 0).failed(&[]);
    let found = findings(call("not the secret"), 8);
    found.failed(&["ClientCredential"]);
    found.says("ClientCredential", "AADSTS7000215");
    assert_eq!(found.status("Certificate"), "Skipped");
}

#[test]
fn an_empty_secret_fails_where_it_would_be_shown() {
    let folder = Folder::new();
    let emulator = Emulator::start();
    let call = doctor(&emulator.authority(), CONFIDENTIAL).and_secret("--client-secret-file", &folder, "");
    findings(call, 3).failed(&["ClientCredential"]);
}

#[test]
fn a_public_client_is_looked_at_as_far_as_possible() {
    let emulator = Emulator::start();
    let found = findings(doctor(&emulator.authority(), PUBLIC), 0);
    assert_eq!(found.status("Tenant"), "Passed");
    assert_eq!(found.status("Application"), "Skipped");
}

//! Certificates in the store of the system: here the folder in which .NET keeps `CurrentUser\My`.
#![cfg(all(unix, not(target_vendor = "apple")))]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use test_support::emulator::{CONFIDENTIAL, Emulator};
use test_support::folder::Folder;
use test_support::key_pair::{KeyPair, REGISTERED, STRANGER};
use test_support::openssl::openssl;

use crate::call::Call;

/// A home directory with stores.
struct Home(Folder);

impl Home {
    fn new() -> Self {
        let home = Self(Folder::new());
        for store in ["my", "ca"] {
            fs::create_dir_all(home.store(store)).expect("the directory can be written");
        }
        home
    }

    fn store(&self, name: &str) -> PathBuf {
        self.0.path(".dotnet/corefx/cryptography/x509stores").join(name)
    }

    /// Puts `file` into the store as .NET does: without password.
    fn add(&self, store: &str, name: &str, file: &str, options: &[&str]) {
        let target = self.store(store).join(format!("{name}.pfx")).display().to_string();
        let export = ["pkcs12", "-export", "-passout", "pass:", "-in", file, "-out", &target];
        openssl(&[&export[..], options].concat());
    }

    fn call(&self, emulator: &Emulator, arguments: &[&str]) -> Call {
        let call = Call::get(emulator, CONFIDENTIAL).and(arguments);
        call.variable("HOME", &self.0.argument(""))
    }
}

#[test]
fn a_certificate_is_found_by_thumbprint_and_by_subject() {
    let (emulator, home) = (Emulator::start(), Home::new());
    home.add("my", "registered", &REGISTERED.both(), &[]);
    let pasted = format!("\u{200e}{}", REGISTERED.fingerprint("-sha1").to_lowercase());
    for named in [
        ["--certificate-thumbprint", &pasted],
        ["--certificate-thumbprint", &REGISTERED.fingerprint("-sha256")],
        ["--certificate-subject-name", "CN = Graph-Token Test"],
        ["--certificate-subject-name", "graph-token test"],
    ] {
        home.call(&emulator, &named).succeed();
    }
}

#[test]
fn a_path_of_the_drive_cert_is_that_of_a_certificate_in_a_store() {
    let (emulator, home) = (Emulator::start(), Home::new());
    home.add("my", "registered", &REGISTERED.both(), &[]);
    let thumbprint = REGISTERED.fingerprint("-sha1").replace(':', "");
    for path in [
        format!("Cert:\\CurrentUser\\My\\{thumbprint}"),
        format!("cert:/currentuser/my/{}", thumbprint.to_lowercase()),
    ] {
        for option in ["--certificate", "--certificate-thumbprint"] {
            home.call(&emulator, &[option, &path]).succeed();
        }
    }
    for (path, kind) in [
        (format!("Cert:\\LocalMachine\\My\\{thumbprint}"), "CertificateNotFound"),
        (
            format!("Cert:\\CurrentUser\\My\\{}", "0".repeat(40)),
            "CertificateNotFound",
        ),
        (format!("Cert:\\CurrentUser\\Root\\{thumbprint}"), "InvalidArgument"),
        ("Cert:\\CurrentUser\\My".to_owned(), "InvalidArgument"),
    ] {
        for option in ["--certificate", "--certificate-thumbprint"] {
            let error = home.call(&emulator, &[option, &path]).fail(3);
            assert!(error.contains(&format!("\nkind: {kind}\n")), "{path}: {error}");
        }
    }
}

#[test]
fn what_is_not_found_is_listed() {
    let (emulator, home) = (Emulator::start(), Home::new());
    home.add("my", "stranger", &STRANGER.both(), &[]);
    home.add("my", "public", &REGISTERED.certificate(), &["-nokeys"]);
    fs::write(home.store("my").join("damaged.pfx"), "no PFX").expect("the directory can be written");
    // Nobody writes into it: what waited for that would never end.
    let pipe = home.store("my").join("pipe.pfx");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());

    let named = ["--certificate-thumbprint", &"0".repeat(40)];
    let error = home.call(&emulator, &named).fail(3);
    assert!(error.contains("\nkind: CertificateNotFound\n"), "{error}");
    let place = home.store("my").display().to_string();
    for shown in [
        &format!("{place}: 2 certificates"),
        "damaged.pfx: ",
        "CN=graph-token test (thumbprint ",
        "without private key",
    ] {
        assert!(error.contains(shown), "{shown}: {error}");
    }
    let named = ["--certificate-thumbprint", &REGISTERED.fingerprint("-sha1")];
    let error = home.call(&emulator, &named).fail(3);
    assert!(error.contains("\nkind: PrivateKeyMissing\n"), "{error}");

    let error = home
        .call(&emulator, &["--certificate-subject-name", "nobody"])
        .variable("HOME", "/nowhere")
        .fail(3);
    assert!(error.contains("x509stores/my: no such folder"), "{error}");
}

#[test]
fn an_expired_certificate_is_taken_by_thumbprint_alone() {
    let (emulator, home) = (Emulator::start(), Home::new());
    let folder = Folder::new();
    let expired = REGISTERED.expired(&folder);
    home.add("my", "expired", &expired, &[]);
    let error = home
        .call(&emulator, &["--certificate-subject-name", "graph-token test"])
        .fail(3);
    assert!(error.contains("\nkind: CertificateNotFound\n"), "{error}");
    assert!(
        error.contains("No valid certificate has") && error.contains("expired on "),
        "{error}"
    );

    let (_, listed) = error.split_once("(thumbprint ").expect("candidates are listed");
    // Its successor with the same key does not take its place.
    home.add("my", "valid", &REGISTERED.both(), &[]);
    let error = home
        .call(&emulator, &["--certificate-thumbprint", &listed[..40]])
        .fail(8);
    assert!(error.contains("warning: ") && error.contains("expired on "), "{error}");
}

#[test]
fn the_chain_comes_from_the_store_of_authorities() {
    let (home, folder) = (Home::new(), Folder::new());
    let (authority, leaf) = (KeyPair::generate(&["rsa:2048"]), folder.argument("leaf.pem"));
    let (request, intermediate) = (folder.argument("request.pem"), folder.argument("intermediate.pem"));
    // An authority that somebody else issued: only its name matters for the chain.
    let (ca, ca_key) = (authority.certificate(), authority.key());
    openssl(&[
        "req",
        "-new",
        "-subj",
        "/CN=intermediate",
        "-key",
        &STRANGER.key(),
        "-out",
        &request,
    ]);
    openssl(&[
        "x509",
        "-req",
        "-in",
        &request,
        "-CA",
        &ca,
        "-CAkey",
        &ca_key,
        "-out",
        &intermediate,
    ]);
    openssl(&[
        "req",
        "-new",
        "-subj",
        "/CN=leaf",
        "-key",
        &REGISTERED.key(),
        "-out",
        &request,
    ]);
    openssl(&[
        "x509",
        "-req",
        "-in",
        &request,
        "-CA",
        &intermediate,
        "-CAkey",
        &STRANGER.key(),
        "-out",
        &leaf,
    ]);
    home.add("my", "leaf", &leaf, &["-inkey", &REGISTERED.key()]);
    home.add("ca", "intermediate", &intermediate, &["-nokeys"]);
    home.add("ca", "root", &ca, &["-nokeys"]);

    let client = [
        "assertion",
        "--tenant",
        "contoso.com",
        "--client-id",
        "app",
        "--send-certificate-chain",
    ];
    let call = Call::new(&client).and(&["--certificate-subject-name", "leaf"]);
    let assertion = call.variable("HOME", &home.0.argument("")).succeed();
    let decoded = Call::new(&["decode", "--json"]).input(assertion).succeed();
    let decoded: serde_json::Value = serde_json::from_str(&decoded).expect("the output is JSON");
    let chain = decoded["header"]["x5c"].as_array().expect("the chain was asked for");
    assert_eq!(chain.len(), 2, "{chain:?}");
}

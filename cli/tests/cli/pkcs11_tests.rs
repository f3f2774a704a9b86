//! Keys on tokens. Those that need `SoftHSM2` are ignored here; `cargo xtask test` runs them where it is.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use test_support::emulator::{CONFIDENTIAL, Emulator};
use test_support::folder::Folder;
use test_support::key_pair::{KeyPair, REGISTERED, STRANGER};
use test_support::openssl::openssl;
use test_support::soft_token::{PIN, SoftTokens, module};

use crate::call::Call;
use crate::prompt_tests::answer_with;

/// A token with the registered certificate and its key.
fn registered() -> SoftTokens {
    let tokens = SoftTokens::new("app");
    tokens.add_pair("app", &REGISTERED.both(), "registered", "01");
    tokens
}

fn at(tokens: &SoftTokens, call: Call) -> Call {
    call.variable("SOFTHSM2_CONF", &tokens.configuration())
        .and(&["--pkcs11-module", module()])
}

/// `get`, without a PIN.
fn get(emulator: &Emulator, tokens: &SoftTokens) -> Call {
    at(tokens, Call::get(emulator, CONFIDENTIAL))
}

/// `assertion`, with the PIN.
fn assertion(tokens: &SoftTokens) -> Call {
    let call = Call::new(&["assertion", "--tenant", "contoso.onmicrosoft.com", "--client-id", "app"]);
    with_pin(at(tokens, call))
}

fn with_pin(call: Call) -> Call {
    call.and(&["--pkcs11-pin-file", "-"]).input(format!("{PIN}\n"))
}

fn header(assertion: &str) -> Value {
    let header = assertion.split('.').next().unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap()
}

/// Runs it, expects this kind of error, and gives what was said.
fn refused(call: Call, kind: &str) -> String {
    let error = call.fail(3);
    assert!(error.contains(&format!("\nkind: {kind}\n")), "{error}");
    error
}

#[test]
#[ignore = "needs SoftHSM2"]
fn a_key_on_a_token_gets_a_token() {
    let (emulator, tokens, folder) = (Emulator::start(), registered(), Folder::new());
    with_pin(get(&emulator, &tokens)).succeed();
    let uri = "pkcs11:token=app;object=registered;id=%01";
    with_pin(get(&emulator, &tokens))
        .and(&["--pkcs11-uri", uri, "--algorithm", "RS256"])
        .succeed();
    get(&emulator, &tokens)
        .and_secret("--pkcs11-pin-file", &folder, PIN)
        .succeed();
    assert_eq!(header(&assertion(&tokens).succeed())["alg"], "PS256");
    let asked = assertion(&tokens).and(&["--algorithm", "RS256"]).succeed();
    assert_eq!(header(&asked)["alg"], "RS256");
}

#[test]
#[ignore = "needs SoftHSM2"]
fn a_pin_is_needed_and_has_to_be_right() {
    let (emulator, tokens) = (Emulator::start(), registered());
    let error = refused(get(&emulator, &tokens), "CertificatePasswordIncorrect");
    assert!(
        error.contains("none was given") && error.contains("--pkcs11-pin-file"),
        "{error}"
    );
    for wrong in ["98765432", ""] {
        let call = with_pin(get(&emulator, &tokens)).and(&["--verbose"]).input(wrong);
        let error = refused(call, "CertificatePasswordIncorrect");
        assert!(
            error.contains("the token token=app;serial=") && error.contains("after a few wrong PINs"),
            "{error}"
        );
        assert!(wrong.is_empty() || !error.contains(wrong), "{error}");
    }
}

#[test]
#[ignore = "needs SoftHSM2"]
fn a_token_that_is_locked_or_about_to_be_says_so() {
    let tokens = registered();
    flag(&tokens, 0x0002_0000); // CKF_USER_PIN_FINAL_TRY
    let error = refused(assertion(&tokens).input("9876"), "CertificatePasswordIncorrect");
    assert!(
        error.contains("one attempt is left before the token locks itself"),
        "{error}"
    );
    flag(&tokens, 0x0004_0000); // CKF_USER_PIN_LOCKED
    let error = refused(assertion(&tokens), "PrivateKeyInaccessible");
    assert!(error.contains("is locked") && error.contains("PUK"), "{error}");
}

/// Sets a flag of the tokens (PKCS#11, `CK_TOKEN_INFO`) in their files: `SoftHSM2` says what is there, but never locks
/// a token by itself.
fn flag(tokens: &SoftTokens, flag: u64) {
    /// `SoftHSM2`'s attribute of a token's flags, then the kind of its value: a number.
    const FLAGS: [u8; 16] = *b"\0\0\0\0\x80\0\x53\x4b\0\0\0\0\0\0\0\x02";
    let folder = Path::new(&tokens.configuration()).with_file_name("tokens");
    for token in fs::read_dir(folder).unwrap() {
        let file = token.unwrap().path().join("token.object");
        let mut content = fs::read(&file).unwrap();
        let place = content.windows(16).position(|window| window == FLAGS).unwrap() + 16;
        let flags = u64::from_be_bytes(content[place..place + 8].try_into().unwrap()) | flag;
        content[place..place + 8].copy_from_slice(&flags.to_be_bytes());
        fs::write(file, content).unwrap();
    }
}

#[test]
#[ignore = "needs SoftHSM2"]
fn a_pin_is_asked_for_when_it_is_needed() {
    let (emulator, tokens) = (Emulator::start(), registered());
    let arguments = format!("--client-id {CONFIDENTIAL} --pkcs11-module '{}'", module());
    let configuration = tokens.configuration();
    let shown = answer_with(&emulator, &arguments, PIN, &[("SOFTHSM2_CONF", &configuration)]);
    assert!(shown.contains("PIN of the token: ") && shown.contains("eyJ"), "{shown}");
}

#[test]
#[ignore = "needs SoftHSM2"]
fn of_two_certificates_the_valid_one_is_taken_unless_the_other_is_named() {
    let (emulator, folder, tokens) = (Emulator::start(), Folder::new(), SoftTokens::new("app"));
    tokens.add_pair("app", &STRANGER.expired(&folder), "expired", "02");
    tokens.add_pair("app", &REGISTERED.both(), "registered", "01");
    with_pin(get(&emulator, &tokens)).succeed();
    for uri in ["pkcs11:object=expired", "pkcs11:id=%02;type=cert"] {
        let error = with_pin(get(&emulator, &tokens)).and(&["--pkcs11-uri", uri]).fail(8);
        assert!(
            error.contains("warning: ") && error.contains("AADSTS700027"),
            "{uri}: {error}"
        );
    }
    let unknown = ["--pkcs11-uri", "pkcs11:object=other"];
    let error = refused(with_pin(get(&emulator, &tokens)).and(&unknown), "CertificateNotFound");
    assert!(
        error.contains("object=expired;id=%02") && error.contains("object=registered;id=%01"),
        "{error}"
    );
}

#[test]
#[ignore = "needs SoftHSM2"]
fn a_key_may_have_another_name_than_its_certificate() {
    let (emulator, tokens) = (Emulator::start(), SoftTokens::new("app"));
    tokens.add_key("app", &REGISTERED.key(), "the key", "0a", &["--usage-sign"]);
    tokens.add_certificate("app", &REGISTERED.certificate(), "the certificate", "0b");
    for uri in [
        "",
        "pkcs11:object=the%20key",
        "pkcs11:type=private;id=%0a",
        "pkcs11:type=cert;id=%0B",
    ] {
        with_pin(get(&emulator, &tokens)).and(&["--pkcs11-uri", uri]).succeed();
    }
    let other = ["--pkcs11-uri", "pkcs11:type=private;object=the%20certificate"];
    with_pin(get(&emulator, &tokens)).and(&other).fail(3);
}

#[test]
#[ignore = "needs SoftHSM2"]
fn a_token_without_the_certificate_takes_it_from_a_file() {
    let (emulator, tokens) = (Emulator::start(), SoftTokens::new("app"));
    tokens.add_key("app", &REGISTERED.key(), "key", "01", &["--usage-sign"]);
    for call in [get(&emulator, &tokens), with_pin(get(&emulator, &tokens))] {
        let error = refused(call, "CertificateNotFound");
        assert!(error.contains("--certificate"), "{error}");
    }
    let with = |file: &str| with_pin(get(&emulator, &tokens)).and(&["--certificate", file]);
    with(&REGISTERED.certificate()).succeed();
    let error = refused(with(&STRANGER.certificate()), "PrivateKeyMissing");
    assert!(error.contains("object=key;id=%01"), "{error}");
    refused(with("/nowhere/app.pem"), "CertificateNotFound");
}

#[test]
#[ignore = "needs SoftHSM2"]
fn a_pin_goes_to_no_token_that_is_not_meant() {
    let (emulator, tokens) = (Emulator::start(), registered());
    tokens.add_token("empty");
    with_pin(get(&emulator, &tokens)).succeed();
    tokens.add_pair("empty", &STRANGER.both(), "stranger", "01");
    let error = refused(with_pin(get(&emulator, &tokens)), "CertificateNotFound");
    assert!(
        error.contains("token=app;") && error.contains("token=empty;"),
        "{error}"
    );
    let uri = |uri: &str| with_pin(get(&emulator, &tokens)).and(&["--pkcs11-uri", uri]);
    uri("pkcs11:token=app").succeed();
    uri("pkcs11:object=registered").succeed();
    let error = refused(uri("pkcs11:token=other"), "CertificateNotFound");
    assert!(
        error.contains("token=app;") && error.contains("token=empty;"),
        "{error}"
    );
}

#[test]
#[ignore = "needs SoftHSM2"]
fn keys_that_cannot_sign_say_why() {
    let (tokens, folder) = (SoftTokens::new("app"), Folder::new());
    let elliptic = KeyPair::generate(&["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]).both_in(&folder);
    tokens.add_pair("app", &elliptic, "app", "01");
    refused(assertion(&tokens), "PrivateKeyUnsupported");

    let tokens = SoftTokens::new("app");
    tokens.add_certificate("app", &REGISTERED.certificate(), "app", "01");
    refused(assertion(&tokens), "PrivateKeyMissing");
    tokens.add_key("app", &STRANGER.key(), "app", "01", &["--usage-sign"]);
    refused(assertion(&tokens), "PrivateKeyMismatch");
}

#[test]
#[ignore = "needs SoftHSM2"]
fn a_key_that_wants_the_pin_for_each_signature_gets_it() {
    let tokens = SoftTokens::new("app");
    let options = ["--usage-sign", "--always-auth"];
    tokens.add_key("app", &REGISTERED.key(), "app", "01", &options);
    tokens.add_certificate("app", &REGISTERED.certificate(), "app", "01");
    for algorithm in ["PS256", "RS256"] {
        assertion(&tokens).and(&["--algorithm", algorithm]).succeed();
    }
}

#[test]
#[ignore = "needs SoftHSM2"]
fn a_key_that_may_not_do_everything_does_what_it_may() {
    let tokens = SoftTokens::new("app");
    tokens.add_certificate("app", &REGISTERED.certificate(), "app", "01");
    // Each signature is verified before it is printed.
    for (id, allowed, algorithm) in [
        ("02", "RSA-PKCS-PSS", Some("PS256")),
        ("03", "SHA256-RSA-PKCS", Some("RS256")),
        ("04", "RSA-PKCS", Some("RS256")),
        ("05", "SHA1-RSA-PKCS", None),
    ] {
        let options = ["--usage-sign", "--allowed-mechanisms", allowed];
        tokens.add_key("app", &REGISTERED.key(), "app", id, &options);
        let uri = format!("pkcs11:type=private;id=%{id}");
        let by_id = || assertion(&tokens).and(&["--pkcs11-uri", &uri]);
        match algorithm {
            Some(algorithm) => assert_eq!(header(&by_id().succeed())["alg"], algorithm, "{allowed}"),
            None => _ = refused(by_id(), "SigningFailed"),
        }
        if algorithm != Some("PS256") {
            refused(by_id().and(&["--algorithm", "PS256"]), "SigningFailed");
        }
    }
}

#[test]
#[ignore = "needs SoftHSM2"]
fn the_chain_comes_from_the_token() {
    let (folder, tokens) = (Folder::new(), SoftTokens::new("app"));
    let path = |name: &str| folder.argument(name);
    let root = KeyPair::generate(&["rsa:2048"]);
    let issued = |name: &str, issuer: &str, issuer_key: &str| {
        let subject = format!("/CN={name}");
        let request = [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", &subject,
        ];
        let (key, certificate) = (path(&format!("{name}.key")), path(name));
        let files = [
            "-CA",
            issuer,
            "-CAkey",
            issuer_key,
            "-keyout",
            &key,
            "-out",
            &certificate,
        ];
        openssl(&[&request[..], &files].concat());
    };
    issued("issuer", &root.certificate(), &root.key());
    issued("leaf", &path("issuer"), &path("issuer.key"));
    tokens.add_certificate("app", &root.certificate(), "root", "03");
    tokens.add_certificate("app", &path("issuer"), "issuer", "02");
    tokens.add_certificate("app", &path("leaf"), "leaf", "01");
    tokens.add_key("app", &path("leaf.key"), "leaf", "01", &["--usage-sign"]);
    let assertion = assertion(&tokens).and(&["--send-certificate-chain"]).succeed();
    let expected: Vec<String> = ["leaf", "issuer"].iter().map(|name| base64_of(&path(name))).collect();
    assert_eq!(header(&assertion)["x5c"], Value::from(expected));
}

/// What is between the first and the last line of a PEM file.
fn base64_of(pem: &str) -> String {
    let text = fs::read_to_string(pem).unwrap();
    text.lines().filter(|line| !line.starts_with("-----")).collect()
}

#[test]
fn a_path_that_is_no_module_says_so() {
    let folder = Folder::new();
    let (text, nothing) = (folder.write("module.so", "text"), folder.argument("nothing.so"));
    for (path, kind) in [
        (text.as_str(), "CertificateNotFound"),
        (&nothing, "CertificateNotFound"),
        ("/", "CertificateNotFound"),
        ("libm.so.6", "CertificateUnreadable"),
    ] {
        let call = Call::new(&["assertion", "--tenant", "contoso.com", "--client-id", "app"]);
        let error = refused(call.and(&["--pkcs11-module", path]), kind);
        assert!(error.contains(path), "{error}");
    }
}

#[test]
fn a_uri_that_is_not_understood_says_so() {
    let call = Call::new(&["assertion", "--tenant", "contoso.com", "--client-id", "app"]);
    let arguments = [
        "--pkcs11-module",
        "m.so",
        "--pkcs11-uri",
        "pkcs11:token=a?pin-value=4321",
    ];
    let error = refused(call.and(&arguments), "InvalidArgument");
    assert!(
        error.contains("--pkcs11-pin-file") && !error.contains("4321"),
        "{error}"
    );
}

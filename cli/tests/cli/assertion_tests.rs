//! `graph-token assertion`, with signatures checked by `openssl`.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use test_support::folder::Folder;
use test_support::key_pair::REGISTERED;
use test_support::openssl::openssl;

use crate::call::Call;

const CLIENT: [&str; 5] = ["assertion", "--tenant", "contoso.onmicrosoft.com", "--client-id", "app"];

fn assertion(options: &[&str]) -> String {
    Call::new(&CLIENT)
        .and(&["--certificate", &REGISTERED.both()])
        .and(options)
        .succeed()
}

/// The header and the claims.
fn parts(assertion: &str) -> (Value, Value) {
    let part = |text: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap();
    let mut parts = assertion.split('.');
    (part(parts.next().unwrap()), part(parts.next().unwrap()))
}

/// Verifies the signature with the certificate's public key.
fn verify(assertion: &str, padding: &[&str]) {
    let folder = Folder::new();
    let (input, signature) = assertion.rsplit_once('.').unwrap();
    let input = folder.write("input", input);
    let signature = folder.write("signature", URL_SAFE_NO_PAD.decode(signature).unwrap());
    let key = folder.argument("public key");
    openssl(&[
        "x509",
        "-in",
        &REGISTERED.certificate(),
        "-pubkey",
        "-noout",
        "-out",
        &key,
    ]);
    openssl(
        &[
            &["dgst", "-sha256", "-verify", &key, "-signature", &signature],
            padding,
            &[&input],
        ]
        .concat(),
    );
}

const PSS: [&str; 4] = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"];

#[test]
fn ps256_is_the_default() {
    let assertion = assertion(&[]);
    let (header, claims) = parts(&assertion);
    assert_eq!(header["alg"], "PS256");
    assert!(header["x5t#S256"].is_string());
    assert_eq!(header.get("x5t"), None);
    assert_eq!((&claims["iss"], &claims["sub"]), (&json!("app"), &json!("app")));
    assert_eq!(
        claims["aud"],
        "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token"
    );
    let time = |name: &str| claims[name].as_i64().expect("an integer");
    assert_eq!(time("exp") - time("nbf"), 600);
    verify(&assertion, &PSS);
}

#[test]
fn rs256_comes_when_asked_for_in_any_letter_case() {
    for name in ["RS256", "rs256"] {
        let assertion = assertion(&["--algorithm", name]);
        let (header, _) = parts(&assertion);
        assert_eq!(header["alg"], "RS256");
        assert!(header["x5t"].is_string());
        verify(&assertion, &[]);
    }
}

#[test]
fn audience_lifetime_and_chain_are_as_asked_for() {
    let options = [
        "--audience",
        "https://audience.example/",
        "--assertion-lifetime",
        "120",
        "--send-certificate-chain",
    ];
    let (header, claims) = parts(&assertion(&options));
    assert_eq!(claims["aud"], "https://audience.example/");
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["nbf"].as_i64().unwrap(), 180);
    let folder = Folder::new();
    let der = folder.argument("der");
    openssl(&[
        "x509",
        "-in",
        &REGISTERED.certificate(),
        "-outform",
        "DER",
        "-out",
        &der,
    ]);
    assert_eq!(header["x5c"], json!([STANDARD.encode(std::fs::read(der).unwrap())]));
}

#[test]
fn each_assertion_is_a_new_one() {
    assert_ne!(parts(&assertion(&[])).1["jti"], parts(&assertion(&[])).1["jti"]);
}

#[test]
fn the_certificate_is_a_must() {
    let error = Call::new(&CLIENT).fail(2);
    assert!(error.contains("--certificate <FILE>"), "{error}");
}

//! The client assertion: its header, claims and signature, and the fallback for keys that do not support PS256.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use graphtoken::authority::Authority;
use graphtoken::base::algorithm::SignatureAlgorithm;
use graphtoken::base::error::Status;
use graphtoken::base::secret::Secret;
use graphtoken::certificate::key::{Signer, SignerError};
use graphtoken::certificate::signing::SigningCertificate;
use graphtoken::client::Client;
use graphtoken::credential::Credential;
use graphtoken::request::Request;
use graphtoken::request::grant::ClientCredentials;
use graphtoken::request::scope::Scopes;
use graphtoken::request::settings::RequestSettings;
use graphtoken::token::jwt::{BASE64URL, DecodedJwt};
use serde_json::{Value, json};
use test_support::key_pair::REGISTERED;

use crate::service::{CLIENT, ENDPOINT, NOW, Service, client_settings, plain};

/// A certificate with its key in PEM.
fn pem() -> Vec<u8> {
    REGISTERED.read("both.pem").into_bytes()
}

fn certificate() -> SigningCertificate {
    SigningCertificate::from_bytes(&pem(), None, None).unwrap()
}

/// A credential with the certificate that these tests share.
pub fn credential() -> Credential {
    credential_of(certificate())
}

fn credential_of(certificate: SigningCertificate) -> Credential {
    Credential::from_certificate(Arc::new(certificate))
}

pub fn decoded(assertion: &Secret) -> (Value, Value) {
    let jwt = DecodedJwt::decode(assertion.expose_text().unwrap()).unwrap();
    (
        serde_json::from_str(jwt.header()).unwrap(),
        serde_json::from_str(jwt.claims()).unwrap(),
    )
}

fn signed_by(assertion: &Secret, algorithm: SignatureAlgorithm) -> bool {
    let text = assertion.expose_text().unwrap();
    let (input, signature) = text.rsplit_once('.').unwrap();
    let signature = BASE64URL.decode(signature).unwrap();
    certificate()
        .certificate()
        .verify(algorithm, input.as_bytes(), &signature)
}

#[test]
fn the_default_is_ps256_with_the_sha256_thumbprint() {
    let certificate = certificate();
    let thumbprint = BASE64URL.encode(certificate.certificate().thumbprint_sha256());
    let client = Service::issuing().client(credential_of(certificate), &[]);
    let assertion = client.assertion(None).unwrap();
    let (header, mut claims) = decoded(&assertion);
    assert_eq!(header, json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": thumbprint }));
    let jti = claims.as_object_mut().unwrap().remove("jti").unwrap();
    assert_eq!(
        uuid::Uuid::try_parse(jti.as_str().unwrap()).unwrap().get_version_num(),
        4
    );
    let expected = json!({ "aud": ENDPOINT, "iss": CLIENT, "sub": CLIENT, "nbf": NOW - 60, "exp": NOW + 540 });
    assert_eq!(claims, expected);
    assert!(signed_by(&assertion, SignatureAlgorithm::Ps256));
}

#[test]
fn algorithm_audience_lifetime_and_chain_can_be_set() {
    let certificate = certificate();
    let thumbprint = BASE64URL.encode(certificate.certificate().thumbprint_sha1());
    let der = STANDARD.encode(certificate.certificate().der());
    let options = [
        ("assertion.algorithm", "RS256"),
        (
            "assertion.audience",
            "https://login.microsoftonline.com/contoso/oauth2/token",
        ),
        ("assertion.lifetime_seconds", "120"),
        ("assertion.send_chain", "true"),
    ];
    let assertion = Service::issuing()
        .client(credential_of(certificate), &options)
        .assertion(None)
        .unwrap();
    let (header, claims) = decoded(&assertion);
    assert_eq!(
        header,
        json!({ "alg": "RS256", "typ": "JWT", "x5t": thumbprint, "x5c": [der] })
    );
    assert_eq!(claims["aud"], "https://login.microsoftonline.com/contoso/oauth2/token");
    assert_eq!(claims["exp"], NOW + 120);
    assert!(signed_by(&assertion, SignatureAlgorithm::Rs256));
}

#[test]
fn a_lifetime_counts_from_now_and_the_validity_begins_at_most_a_minute_earlier() {
    for (lifetime, earlier) in [
        (1, 60),
        (539, 60),
        (540, 60),
        (541, 59),
        (570, 30),
        (599, 1),
        (600, 0),
        (601, 0),
        (3600, 0),
        (86_400, 0),
    ] {
        let seconds = lifetime.to_string();
        let client = Service::issuing().client(credential(), &[("assertion.lifetime_seconds", &seconds)]);
        let (_, claims) = decoded(&client.assertion(None).unwrap());
        assert_eq!(
            (&claims["nbf"], &claims["exp"]),
            (&json!(NOW - earlier), &json!(NOW + lifetime)),
            "{lifetime}"
        );
    }
}

#[test]
fn ad_fs_gets_rs256() {
    let settings = client_settings(&[]);
    let authority = Authority::new("https://fs.contoso.com/adfs", None, None).unwrap();
    let service = Service::issuing();
    let client = Client::with_parts(
        authority,
        CLIENT,
        Some(credential()),
        settings,
        service.clone(),
        service,
    )
    .unwrap();
    let (header, claims) = decoded(&client.assertion(None).unwrap());
    assert_eq!(header["alg"], "RS256");
    assert_eq!(claims["aud"], "https://fs.contoso.com/adfs/oauth2/token");
}

#[test]
fn every_request_has_a_new_assertion() {
    let service = Service::issuing();
    let client = service.client(credential(), &[("cache", "none")]);
    let grant = plain(ClientCredentials);
    client.acquire(&grant, None).unwrap();
    client.acquire(&grant, None).unwrap();
    let assertions: Vec<String> = service
        .sent()
        .iter()
        .map(|sent| {
            sent.body
                .split("client_assertion=")
                .nth(1)
                .unwrap()
                .split('&')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_ne!(assertions[0], assertions[1]);
}

/// A signer that supports only PKCS #1, or returns garbage.
struct OddSigner {
    key: SigningCertificate,
    behaviour: Behaviour,
    asked_for_pss: AtomicUsize,
}

#[derive(Clone, Copy, PartialEq)]
enum Behaviour {
    OnlyPkcs1,
    Garbage,
    Short,
}

impl Signer for OddSigner {
    fn sign(&self, algorithm: SignatureAlgorithm, signing_input: &[u8]) -> Result<Vec<u8>, SignerError> {
        if algorithm == SignatureAlgorithm::Ps256 {
            self.asked_for_pss.fetch_add(1, Ordering::SeqCst);
        }
        match self.behaviour {
            Behaviour::OnlyPkcs1 if algorithm == SignatureAlgorithm::Ps256 => Err(SignerError::AlgorithmUnsupported),
            Behaviour::OnlyPkcs1 => self.key.sign(algorithm, signing_input),
            Behaviour::Garbage => Ok(vec![7; 256]),
            Behaviour::Short => Ok(vec![7; 3]),
        }
    }
}

fn odd(behaviour: Behaviour) -> (Arc<OddSigner>, SigningCertificate) {
    let signer = Arc::new(OddSigner {
        key: certificate(),
        behaviour,
        asked_for_pss: AtomicUsize::new(0),
    });
    let certificate = SigningCertificate::with_signer(certificate().certificate().der(), signer.clone()).unwrap();
    (signer, certificate)
}

#[test]
fn a_key_without_pss_falls_back_once_and_pss_is_not_tried_again() {
    let (signer, certificate) = odd(Behaviour::OnlyPkcs1);
    let client = Service::issuing().client(credential_of(certificate), &[]);
    for _ in 0..2 {
        let assertion = client.assertion(None).unwrap();
        assert_eq!(decoded(&assertion).0["alg"], "RS256");
        assert!(decoded(&assertion).0["x5t"].is_string());
        assert!(signed_by(&assertion, SignatureAlgorithm::Rs256));
    }
    assert_eq!(signer.asked_for_pss.load(Ordering::SeqCst), 1);
}

#[test]
fn there_is_no_fallback_if_ps256_is_set() {
    let (_, certificate) = odd(Behaviour::OnlyPkcs1);
    let client = Service::issuing().client(credential_of(certificate), &[("assertion.algorithm", "PS256")]);
    let error = client.assertion(None).unwrap_err();
    assert_eq!(error.status(), Status::SigningFailed);
    assert!(error.message().contains("PS256"));
}

#[test]
fn an_invalid_signature_is_never_sent() {
    for behaviour in [Behaviour::Garbage, Behaviour::Short] {
        let service = Service::issuing();
        let (_, certificate) = odd(behaviour);
        let client = service.client(credential_of(certificate), &[]);
        let error = client.acquire(&plain(ClientCredentials), None).unwrap_err();
        assert_eq!(error.status(), Status::SigningFailed);
        assert!(service.sent().is_empty());
    }
}

/// A signer that returns nothing before its channel is closed.
struct HungSigner {
    key: SigningCertificate,
    hangs: Mutex<Receiver<()>>,
    calls: AtomicUsize,
}

impl Signer for HungSigner {
    fn sign(&self, algorithm: SignatureAlgorithm, signing_input: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let _ = self.hangs.lock().unwrap().recv();
        self.key.sign(algorithm, signing_input)
    }
}

#[test]
fn a_signer_that_hangs_ends_the_call_in_time_and_is_not_called_again_before_it_returns() {
    let (release, hangs) = mpsc::channel();
    let signer = Arc::new(HungSigner {
        key: certificate(),
        hangs: Mutex::new(hangs),
        calls: AtomicUsize::new(0),
    });
    let certificate = SigningCertificate::with_signer(certificate().certificate().der(), signer.clone()).unwrap();
    let service = Service::issuing();
    let client = service.client(credential_of(certificate), &[("http.retries", "0")]);
    let settings = RequestSettings {
        timeout: Some(Duration::from_millis(10)),
        ..RequestSettings::default()
    };
    let request = Request::new(Arc::new(ClientCredentials), Scopes::default(), settings);

    let error = client.acquire(&request, None).unwrap_err();
    assert_eq!(error.status(), Status::RequestTimeout);
    assert!(error.message().contains("the signer of the private key"), "{error}");
    // These have time enough, and fail all the same.
    for outcome in [
        client.acquire(&plain(ClientCredentials), None).err(),
        client.assertion(None).err(),
    ] {
        let error = outcome.expect("the signer has not returned");
        assert_eq!(error.status(), Status::RequestTimeout);
        assert!(error.message().contains("an earlier call"), "{error}");
    }
    assert_eq!(signer.calls.load(Ordering::SeqCst), 1);
    assert!(service.sent().is_empty());

    drop(release);
    while client.assertion(None).is_err() {
        thread::yield_now();
    }
    client.acquire(&plain(ClientCredentials), None).unwrap();
}

#[test]
fn a_client_without_certificate_cannot_sign_an_assertion() {
    let error = Service::issuing().client(None, &[]).assertion(None).unwrap_err();
    assert_eq!(error.status(), Status::CredentialMissing);
}

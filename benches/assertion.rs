//! A client assertion compared with a bare RSA-2048 signature by the same library in the same program. The difference
//! is the engine's own cost; DESIGN.md sets its limit ("Why aws-lc-rs?").

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PSS_SHA256;
use criterion::{Criterion, criterion_group, criterion_main};
use graphtoken::base::algorithm::SignatureAlgorithm;
use graphtoken::certificate::signing::SigningCertificate;
use graphtoken::credential::assertion::{AssertionSettings, client_assertion};
use graphtoken::credential::{CertificateCredential, Credential};

/// The number of bytes of an assertion that are signed.
const SIGNED: [u8; 460] = [b'a'; 460];

fn assertion(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("assertion");
    let key = KeyPair::from_pkcs8(&fs::read(file("pkcs8.der")).unwrap()).unwrap();
    let mut signature = vec![0; key.public_modulus_len()];
    group.bench_function("bare signature", |bencher| {
        bencher.iter(|| key.sign(&RSA_PSS_SHA256, &SystemRandom::new(), &SIGNED, &mut signature));
    });
    let read = |name| fs::read(file(name)).unwrap();
    let from_memory = SigningCertificate::from_bytes(&read("leaf.pem"), Some(&read("pkcs8.pem")), None);
    let from_files = SigningCertificate::from_files(&file("leaf.pem"), Some(&file("pkcs8.pem")), None);
    for (name, certificate) in [("from memory", from_memory), ("from files", from_files)] {
        let credential = credential(certificate.unwrap());
        group.bench_function(name, |bencher| bencher.iter(|| sign(&credential)));
    }
    group.finish();
}

fn sign(credential: &CertificateCredential) {
    let assertion = client_assertion(
        credential,
        "11111111-2222-3333-4444-555555555555",
        "https://login.microsoftonline.com/66666666-7777-8888-9999-000000000000/oauth2/v2.0/token",
        &AssertionSettings::default(),
        SignatureAlgorithm::Ps256,
        SystemTime::now(),
        || Duration::from_secs(60),
    );
    assert!(assertion.is_ok());
}

fn credential(certificate: SigningCertificate) -> Arc<CertificateCredential> {
    match Credential::from_certificate(Arc::new(certificate)) {
        Credential::Certificate(credential) => credential,
        other => unreachable!("{other:?} was made from a certificate"),
    }
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus/files")
        .join(name)
}

criterion_group!(benches, assertion);
criterion_main!(benches);

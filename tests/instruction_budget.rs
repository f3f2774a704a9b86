//! The cost of the engine's own work in instructions, which does not depend on the load of the machine.
//!
//! Each row of [`BUDGET`] runs as a separate program under valgrind's callgrind, which counts one function of this
//! file. Work of other libraries is left out: RSA takes hundreds of times the instructions of the code around it.
//!
//! The budget is for optimized code: `cargo test --profile instructions --test instruction_budget -- --ignored budget`.
#![cfg(unix)]

#[expect(dead_code, reason = "the benchmarks use more of it")]
#[path = "../benches/engine/abi.rs"]
mod abi;
#[path = "../benches/canned.rs"]
mod canned;

use std::env;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use abi::{AbiClient, AbiRequest, Proof};
use canned::{AUTHORITY, CLIENT_ID, CLIENT_SECRET, CannedTransport, request, scope};
use graphtoken::base::algorithm::SignatureAlgorithm;
use graphtoken::certificate::signing::SigningCertificate;
use graphtoken::client::Client;
use graphtoken::client::settings::CachePlace;
use graphtoken::credential::assertion::{AssertionSettings, client_assertion};
use graphtoken::credential::{CertificateCredential, Credential};
use graphtoken::request::Request;

struct Row {
    /// The function of this file whose instructions are counted.
    counted: &'static str,
    /// The test of this file that calls it [`RUNS`] times.
    caller: &'static str,
    /// A function that is left out of the count, as callgrind names it.
    left_out: Option<&'static str>,
    /// The maximum number of instructions of one run.
    most: u64,
}

/// The budget, with a margin of one fifth for other versions of compilers and libraries. A change that exceeds it is
/// improved, or its commit message says why the cost is justified.
const BUDGET: &[Row] = &[
    Row {
        counted: "counted_assertion",
        caller: "an_assertion_is_signed",
        left_out: Some("*_EVP_DigestSign"),
        most: 36_000,
    },
    Row {
        counted: "counted_hit",
        caller: "a_cached_token_is_returned",
        left_out: None,
        most: 1_250,
    },
    Row {
        counted: "counted_call",
        caller: "a_token_of_the_cache_is_given_to_c",
        left_out: None,
        most: 1_600,
    },
];

const RUNS: u64 = 10;

#[test]
#[ignore = "needs valgrind and optimized code"]
fn no_function_exceeds_its_budget() {
    for row in BUDGET {
        let each = instructions(row) / RUNS;
        println!("{}: {each} instructions of {}", row.counted, row.most);
        assert!(each > 0, "{} was not found", row.counted);
        assert!(
            each <= row.most,
            "{} takes {each} instructions, more than {}",
            row.counted,
            row.most
        );
    }
}

fn instructions(row: &Row) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let mut valgrind = Command::new("valgrind");
    valgrind
        .arg("--tool=callgrind")
        .arg(format!(
            "--callgrind-out-file={}",
            folder.path().join("counts").display()
        ))
        .arg(format!("--toggle-collect=*{}*", row.counted))
        .args(row.left_out.map(|name| format!("--toggle-collect={name}")))
        .arg(env::current_exe().unwrap())
        .args(["--ignored", "--exact", row.caller]);
    let output = valgrind.output().unwrap();
    let report = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{report}");
    let collected = report.split("Collected : ").nth(1);
    let number = collected.and_then(|rest| rest.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).expect(&report)
}

#[test]
#[ignore = "runs under valgrind, started by the budget test"]
fn an_assertion_is_signed() {
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/files");
    let read = |name| fs::read(files.join(name)).unwrap();
    let certificate = SigningCertificate::from_bytes(&read("leaf.pem"), Some(&read("pkcs8.pem")), None).unwrap();
    let Credential::Certificate(credential) = Credential::from_certificate(Arc::new(certificate)) else {
        unreachable!("it was made from a certificate");
    };
    for _ in 0..RUNS {
        counted_assertion(&credential);
    }
}

#[inline(never)]
fn counted_assertion(credential: &CertificateCredential) {
    let assertion = client_assertion(
        credential,
        "11111111-2222-3333-4444-555555555555",
        "https://login.microsoftonline.com/66666666-7777-8888-9999-000000000000/oauth2/v2.0/token",
        &AssertionSettings::default(),
        SignatureAlgorithm::Ps256,
        SystemTime::now(),
        || Duration::from_secs(60),
    );
    black_box(assertion.unwrap());
}

#[test]
#[ignore = "runs under valgrind, started by the budget test"]
fn a_cached_token_is_returned() {
    let service = CannedTransport::new();
    let client = service.client_of_today(CachePlace::Client);
    let request = request(0);
    client.acquire(&request, None).unwrap();
    for _ in 0..RUNS {
        counted_hit(&client, &request);
    }
    assert_eq!(service.posts(), 1);
}

#[inline(never)]
fn counted_hit(client: &Client, request: &Request) {
    black_box(client.acquire(request, None).unwrap());
}

#[test]
#[ignore = "is counted by the test of the budget"]
fn a_token_of_the_cache_is_given_to_c() {
    let engine = CannedTransport::new().client_of_today(CachePlace::Process);
    engine.acquire(&request(0), None).unwrap();
    // Both clients say the same about themselves, and so this one finds that token.
    let client = AbiClient::new(
        AUTHORITY,
        CLIENT_ID,
        Proof::Secret(CLIENT_SECRET),
        &[("cache", "process")],
    );
    let request = AbiRequest::new(&scope(0));
    for _ in 0..RUNS {
        counted_call(&client, &request);
    }
}

#[inline(never)]
fn counted_call(client: &AbiClient, request: &AbiRequest) {
    assert!(client.acquire(request));
}

//! What the engine's own work costs, in instructions: a number that a busy machine does not change.
//!
//! Each row of [`BUDGET`] runs as a program of its own under valgrind's callgrind. It counts one function of this file
//! and leaves out what is another library's: RSA takes hundreds of times what surrounds it.
//!
//! The budget is that of optimised code: `cargo test --profile instructions --test instruction_budget -- --ignored budget`.
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
use std::time::SystemTime;

use abi::{AbiClient, AbiRequest, Proof};
use canned::{AUTHORITY, CLIENT_ID, CLIENT_SECRET, CannedTransport, request, scope};
use graphtoken::assertion::{AssertionSettings, client_assertion};
use graphtoken::client::Client;
use graphtoken::credential::{CertificateCredential, Credential};
use graphtoken::options::CachePlace;
use graphtoken::request::Request;
use graphtoken::signing_certificate::SigningCertificate;

struct Row {
    /// The function of this file that is counted.
    counted: &'static str,
    /// The test of this file that calls it [`RUNS`] times.
    caller: &'static str,
    /// What is not counted of it, as callgrind names functions.
    left_out: Option<&'static str>,
    /// The most instructions of one run.
    most: u64,
}

/// With a fifth of room, for other versions of compilers and libraries. Who needs more has found what to improve, or
/// says in the commit why it is worth it.
const BUDGET: &[Row] = &[
    Row {
        counted: "counted_assertion",
        caller: "an_assertion_is_signed",
        left_out: Some("*_EVP_DigestSign"),
        most: 36_000,
    },
    Row {
        counted: "counted_hit",
        caller: "a_token_of_the_cache_is_given",
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
#[ignore = "needs valgrind and optimised code"]
fn no_work_is_over_its_budget() {
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
#[ignore = "is counted by the test of the budget"]
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
        false,
        SystemTime::now(),
    );
    black_box(assertion.unwrap());
}

#[test]
#[ignore = "is counted by the test of the budget"]
fn a_token_of_the_cache_is_given() {
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

//! Forced requests: a token from the service, regardless of the cache.

use std::env;
use std::path::PathBuf;

use criterion::Criterion;

use crate::abi::{AbiClient, AbiRequest, Proof};
use crate::canned::{CLIENT_ID, CLIENT_SECRET, scope};
use crate::service::Service;

pub fn measure(criterion: &mut Criterion) {
    let Some(service) = Service::named("GRAPHTOKEN_BENCH_SERVICE") else {
        return;
    };
    let authority = service.authority();
    let forced = AbiRequest::with_options(&scope(0), &[("force_refresh", "true")]);
    let client = AbiClient::new(&authority, CLIENT_ID, Proof::Secret(CLIENT_SECRET), &[]);
    criterion.bench_function("abi-request-secret", |bencher| {
        bencher.iter(|| assert!(client.acquire(&forced)));
    });
    let Some(certificate) = env::var_os("GRAPHTOKEN_BENCH_CERTIFICATE").map(PathBuf::from) else {
        println!("GRAPHTOKEN_BENCH_CERTIFICATE is not set; skipping the benchmarks that need it");
        return;
    };
    let client = AbiClient::new(&authority, CLIENT_ID, Proof::Certificate(&certificate), &[]);
    criterion.bench_function("abi-request-certificate", |bencher| {
        bencher.iter(|| assert!(client.acquire(&forced)));
    });
    criterion.bench_function("abi-assertion", |bencher| bencher.iter(|| client.assertion()));
}

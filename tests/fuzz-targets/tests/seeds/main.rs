//! Each fuzz target over its seeds, and over seeds that are changed the same way in each run.

#![cfg(unix)]

mod mutator;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use test_support::checkout::{read, root};
use test_support::fuzz_inputs::{dictionary, seeds, targets};

use mutator::Mutator;

/// A test for each target, with the number of changed inputs for each seed, and the list of all.
macro_rules! targets {
    ($($target:ident: $changes:expr,)*) => {
        $(
            #[test]
            fn $target() {
                run(stringify!($target), fuzz_targets::$target, $changes);
            }
        )*

        const TESTED: &[&str] = &[$(stringify!($target)),*];
    };
}

// The numbers keep each test to about a second: a certificate file is decrypted and signs, the documents are files, and
// Redis is a conversation.
targets! {
    authority: 60,
    browser_request: 100,
    certificate_file: 4,
    challenge: 300,
    issuer_metadata: 300,
    jwt: 200,
    no_proxy: 100,
    pem: 40,
    pfx: 20,
    pkcs11_uri: 150,
    proxy_address: 100,
    proxy_answer: 20,
    quotation: 100,
    redis_address: 150,
    redis_reply: 40,
    stored_record: 400,
    token_cache_document: 20,
    token_response: 50,
}

#[test]
fn every_target_is_run_by_libfuzzer_and_by_this_test() {
    let tested: Vec<String> = TESTED.iter().map(|&name| name.to_owned()).collect();
    assert_eq!(targets(), tested);
    let manifest = read("fuzz/Cargo.toml");
    for target in targets() {
        let program = read(&format!("fuzz/fuzz_targets/{target}.rs"));
        assert!(
            program.contains(&format!("fuzz_targets::{target}(input)")),
            "{target}.rs runs another target"
        );
        let binary = format!("name = \"{target}\"\npath = \"fuzz_targets/{target}.rs\"\n");
        assert!(manifest.contains(&binary), "fuzz/Cargo.toml does not have {target}");
        assert!(!seeds(&target).is_empty(), "{target} has no seeds");
        assert!(!dictionary(&target).is_empty(), "{target} has no dictionary");
    }
}

#[test]
fn seeds_and_dictionaries_belong_to_targets() {
    let targets: BTreeSet<String> = targets().into_iter().collect();
    for folder in ["fuzz/seeds", "fuzz/dictionaries"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().and_then(|name| name.to_str()).unwrap();
            assert!(targets.contains(name), "{} is for no target", path.display());
        }
    }
}

/// Runs a target over its seeds, each as it is and with `changes` changes.
fn run(name: &str, target: fn(&[u8]), changes: usize) {
    let (seeds, dictionary) = (seeds(name), dictionary(name));
    for (number, seed) in seeds.iter().enumerate() {
        run_one(name, target, seed);
        let mut mutator = Mutator::new(number, &seeds, &dictionary);
        for _ in 0..changes {
            run_one(name, target, &mutator.change(seed));
        }
    }
}

/// Runs a target over one input, and keeps the input if the target panics.
fn run_one(name: &str, target: fn(&[u8]), input: &[u8]) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| target(input))) {
        let file = std::env::temp_dir().join(format!("graphtoken-fuzz-{name}"));
        fs::write(&file, input).expect("the folder of temporary files can be written");
        eprintln!("the target {name} panicked; its input is in {}", file.display());
        resume_unwind(panic);
    }
}

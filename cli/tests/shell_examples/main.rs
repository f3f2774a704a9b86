//! The examples of the documents for a shell, run by `bash` as they are written, each in a folder of its own.
#![cfg(target_os = "linux")]

mod sample;
mod stage;

use test_support::emulator::Emulator;
use test_support::fenced_block::{FencedBlock, to_run};
use test_support::key_pair::REGISTERED;
use test_support::redis_server::RedisServer;
use test_support::soft_token::{PIN, SoftTokens, module};

use stage::Stage;

const REDIS_PASSWORD: &str = "open sesame";

#[test]
fn examples_do_what_they_say() {
    let emulator = Emulator::start();
    for block in blocks_that_need(Need::Nothing) {
        Stage::new(&emulator).run(&block);
    }
}

#[test]
#[ignore = "needs redis-server"]
fn redis_examples_do_what_they_say() {
    let (emulator, redis) = (
        Emulator::start(),
        RedisServer::start_with(&["--requirepass", REDIS_PASSWORD]),
    );
    for block in blocks_that_need(Need::Redis) {
        let stage = Stage::new(&emulator).with_variable("REDIS", &redis.address());
        stage.with_file("redis.password", REDIS_PASSWORD).run(&block);
    }
}

#[test]
#[ignore = "needs SoftHSM2"]
fn pkcs11_examples_do_what_they_say() {
    let (emulator, tokens) = (Emulator::start(), SoftTokens::new("app"));
    tokens.add_pair("app", &REGISTERED.both(), "app", "01");
    for block in blocks_that_need(Need::Pkcs11) {
        let stage = Stage::new(&emulator)
            .with_variable("MODULE", module())
            .with_variable("SOFTHSM2_CONF", &tokens.configuration());
        stage.with_file("app.pin", PIN).run(&block);
    }
}

/// What a machine must have for a block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Nothing,
    Redis,
    Pkcs11,
}

/// At least one. Each block has one need, so that none is left out.
fn blocks_that_need(need: Need) -> Vec<FencedBlock> {
    let of = |block: &FencedBlock| match &block.text {
        text if text.contains("--redis ") => Need::Redis,
        text if text.contains("--pkcs11-module ") => Need::Pkcs11,
        _ => Need::Nothing,
    };
    let found: Vec<FencedBlock> = to_run("sh").into_iter().filter(|block| of(block) == need).collect();
    assert!(!found.is_empty(), "no document has such an example");
    found
}

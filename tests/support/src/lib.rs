//! What the tests of this repository share: a running `entra-emulator`, certificates, software tokens, a Redis, folders,
//! documents and their examples.
//!
//! It is a development dependency of what is shipped and never a part of it. It uses neither the engine nor the
//! emulator's crate: keys, certificates and signatures come from the `openssl` command, so that a test checks code with
//! other code.
//!
//! Most functions panic when they fail, which fails the test. Those that `cargo xtask` calls return the reason as text,
//! so that a lane that fails does not end the others: [`service`], [`control`], [`program::output_of`] and
//! [`key_pair::KeyPair::valid_for_decades`].

#![allow(clippy::missing_panics_doc, reason = "a test fails by a panic")]

pub mod answer;
pub mod authorities;
pub mod browser;
pub mod build;
pub mod checkout;
#[cfg(unix)]
pub mod chromium;
pub mod client;
pub mod command_page;
pub mod control;
pub mod developer_tools;
pub mod echoing_proxy;
pub mod emulator;
pub mod failing_call;
pub mod federation;
pub mod fenced_block;
pub mod folder;
pub mod fuzz_inputs;
pub mod key_pair;
pub mod machine;
pub mod malformed_key;
pub mod markdown;
pub mod openssl;
pub mod program;
pub mod redis_server;
pub mod secrecy;
pub mod service;
pub mod soft_token;

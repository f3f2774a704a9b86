//! The emulator as its users meet it: a process that is started with arguments and asked over HTTP. Keys, certificates
//! and signatures come from the `openssl` command, so that nothing here shares code with what it tests.

mod answer;
mod assertion_tests;
mod authority_tests;
mod authorize_tests;
mod certificate_tests;
mod command_line_tests;
mod control_tests;
mod device_code_tests;
mod discovery_tests;
mod fault_tests;
mod federation_tests;
mod grant_tests;
mod identity_tests;
mod journal_tests;
mod leniency_tests;
mod reference_tests;
mod request_tests;
mod resource_tests;
mod signed_assertion;
mod tls_tests;
mod token_request;

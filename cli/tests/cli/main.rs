//! The command `graph-token` as its users meet it: a process with arguments, files and standard streams, against
//! `entra-emulator`. Keys and certificates come from the `openssl` command, which also checks the signatures.

mod account_tests;
mod assertion_tests;
mod authority_tests;
mod browser_tests;
mod cache_tests;
mod call;
mod certificate_tests;
mod chain_tests;
mod challenge_tests;
#[cfg(target_os = "linux")]
mod chromium_tests;
mod completions_tests;
mod decode_tests;
mod device_code_tests;
mod doctor_tests;
mod failure_tests;
mod federation_tests;
mod format_tests;
mod grant_tests;
mod input_tests;
mod managed_identity_tests;
mod network_tests;
mod on_behalf_of_tests;
mod output_tests;
#[cfg(target_os = "linux")]
mod pkcs11_tests;
#[cfg(target_os = "linux")]
mod prompt_tests;
mod redis_reply_tests;
#[cfg(target_os = "linux")]
mod redis_tests;
mod secrecy_tests;
mod serve_tests;
mod store_tests;
mod usage_tests;

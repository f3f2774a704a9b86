//! The parsers of the engine as fuzz targets: functions of any bytes that panic when the engine breaks a promise.
//!
//! It promises for every input that it does not panic, and for every error that its texts are short, have no invisible
//! characters, and show no secret of the call, however it is encoded. Targets that read what the engine also writes
//! check that both agree.
//!
//! Most inputs are text in which `~` and the character after it stand for a secret of the call ([`MarkedSecret`]).
//!
//! `fuzz/` runs the targets with libFuzzer (`cargo xtask fuzz`). The tests of this crate run them over their seeds and
//! over changed seeds, the same ones each time.

#![allow(clippy::missing_panics_doc, reason = "a target reports what it finds by a panic")]

mod authority;
mod browser_request;
mod certificate_file;
mod challenge;
mod issuer_metadata;
mod jwt;
mod marked_secret;
mod no_proxy;
mod pem;
mod pfx;
mod pkcs11_uri;
mod prepared_server;
mod promise;
mod proxy_address;
mod proxy_answer;
mod quotation;
mod redis_address;
mod redis_reply;
mod stored_record;
mod token_cache_document;
mod token_response;

pub use authority::authority;
pub use browser_request::browser_request;
pub use certificate_file::certificate_file;
pub use challenge::challenge;
pub use issuer_metadata::issuer_metadata;
pub use jwt::jwt;
pub use marked_secret::MarkedSecret;
pub use no_proxy::no_proxy;
pub use pem::pem;
pub use pfx::pfx;
pub use pkcs11_uri::pkcs11_uri;
pub use proxy_address::proxy_address;
pub use proxy_answer::proxy_answer;
pub use quotation::quotation;
pub use redis_address::redis_address;
pub use redis_reply::redis_reply;
pub use stored_record::stored_record;
pub use token_cache_document::token_cache_document;
pub use token_response::token_response;

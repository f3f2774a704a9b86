//! GraphToken's engine: client assertions, token requests and a token cache for Microsoft Entra ID.
//!
//! Programs in C, .NET and PowerShell come in through [`ffi`]; Rust programs use [`client::Client`]:
//!
//! ```no_run
//! use std::path::Path;
//! use std::sync::Arc;
//!
//! use graphtoken::client::Client;
//! use graphtoken::credential::Credential;
//! use graphtoken::request::grant::{ClientCredentials, Grant};
//! use graphtoken::client::options::Options;
//! use graphtoken::request::Request;
//! use graphtoken::request::scope::Scopes;
//! use graphtoken::signing_certificate::SigningCertificate;
//!
//! # fn main() -> graphtoken::error::Result<()> {
//! let options = Options::default();
//! let certificate = SigningCertificate::from_files(Path::new("app.pem"), None, None)?;
//! let credential = Credential::from_certificate(Arc::new(certificate));
//! let client = Client::new("contoso.onmicrosoft.com", "client-id", Some(credential), options.client)?;
//! let request = Request::new(Grant::ClientCredentials(ClientCredentials), Scopes::default(), options.request);
//! let token = client.acquire(&request, None)?;
//! assert!(!token.access_token.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! The modules are floors of a house: each uses only those below it. From the ground up: `error` to `clock`, then what
//! stands alone (`authority`, `jwt`, `certificate`, ...), then the parts of a request and its answer, then options,
//! transport and cache, then the client, and on the roof the C ABI.

pub mod authority;
mod ber;
mod block_cipher;
mod bundle;
pub mod cache;
pub mod cancel;
pub mod certificate;
pub mod certificate_file;
pub mod certificate_search;
mod certificate_source;
pub mod certificate_store;
pub mod client;
pub mod clock;
pub mod cloud;
pub mod correlation;
pub mod credential;
pub mod diagnosis;
pub mod digest;
mod distinguished_name;
#[cfg(all(unix, not(target_vendor = "apple")))]
mod dotnet_store;
pub mod error;
pub mod ffi;
pub mod form;
mod format;
pub mod handover;
pub mod http;
pub mod https;
mod invisible;
pub mod jitter;
pub mod jwt;
pub mod key;
pub mod network_failure;
mod password;
mod password_encryption;
mod pem;
mod pem_encryption;
mod pfx;
mod pfx_mac;
mod pkcs11;
mod pkcs12_kdf;
mod pkcs7;
pub mod quotation;
pub mod request;
mod resolution;
pub mod secret;
pub mod service;
pub mod signing_certificate;
pub mod store;
mod sync;
mod thumbprint;
mod tls;
pub mod token;
pub mod transport;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
mod windows_store;

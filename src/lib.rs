//! The engine of GraphToken: client assertions, token requests and a token cache for Microsoft Entra ID.
//!
//! C, .NET and PowerShell use it through [`ffi`], Rust programs through [`client::Client`]:
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
//! use graphtoken::certificate::signing::SigningCertificate;
//!
//! # fn main() -> graphtoken::base::error::Result<()> {
//! let options = Options::default();
//! let certificate = SigningCertificate::from_files(Path::new("app.pem"), None, None)?;
//! let credential = Credential::from_certificate(Arc::new(certificate));
//! let client = Client::new("contoso.onmicrosoft.com", "client-id", Some(credential), options.client)?;
//! let request = Request::new(Arc::new(ClientCredentials), Scopes::default(), options.request);
//! let token = client.acquire(&request, None)?;
//! assert!(!token.access_token.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! The modules form layers, from [`base`] and [`os`] at the bottom to [`ffi`] at the top. Each imports only from layers
//! below its own; `tests/layers.rs` lists and checks them.

pub mod authority;
pub mod base;
pub mod cache;
pub mod certificate;
pub mod client;
pub mod credential;
pub mod diagnosis;
pub mod ffi;
pub mod http;
pub mod os;
pub mod request;
pub mod service;
pub mod store;
pub mod token;

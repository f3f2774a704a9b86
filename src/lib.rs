//! GraphToken's engine: client assertions, token requests and a token cache for Microsoft Entra ID.
//!
//! C, .NET and PowerShell programs use the C interface (`bindings/c/graphtoken.h`); Rust programs use [`Client`]:
//!
//! ```no_run
//! use std::path::Path;
//! use std::sync::Arc;
//!
//! use graphtoken::{Client, ClientCredentials, Credential, Options, Request, Scopes, SigningCertificate};
//!
//! # fn main() -> graphtoken::Result<()> {
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
//! The feature `wiping-allocator`, on by default, overwrites all memory of the program that is freed. A program with a
//! global allocator of its own turns it off.
//!
//! The folders are named after the steps of a token call and stand on floors: each imports only from the floors below
//! it (DESIGN.md, "The house"). They are private; the feature `internals` opens them for the tests and benchmarks of
//! this repository.

#[cfg(feature = "internals")]
pub mod authority;
#[cfg(not(feature = "internals"))]
mod authority;

#[cfg(feature = "internals")]
pub mod base;
#[cfg(not(feature = "internals"))]
mod base;

#[cfg(feature = "internals")]
pub mod cache;
#[cfg(not(feature = "internals"))]
mod cache;

#[cfg(feature = "internals")]
pub mod certificate;
#[cfg(not(feature = "internals"))]
mod certificate;

#[cfg(feature = "internals")]
pub mod client;
#[cfg(not(feature = "internals"))]
mod client;

#[cfg(feature = "internals")]
pub mod credential;
#[cfg(not(feature = "internals"))]
mod credential;

#[cfg(feature = "internals")]
pub mod diagnosis;
#[cfg(not(feature = "internals"))]
mod diagnosis;

#[cfg(feature = "internals")]
pub mod ffi;
#[cfg(not(feature = "internals"))]
mod ffi;

#[cfg(feature = "internals")]
pub mod http;
#[cfg(not(feature = "internals"))]
mod http;

#[cfg(all(feature = "flows", feature = "internals"))]
pub mod managed_identity;
#[cfg(all(feature = "flows", not(feature = "internals")))]
mod managed_identity;

#[cfg(feature = "internals")]
pub mod os;
#[cfg(all(not(feature = "internals"), any(unix, windows)))]
mod os;

#[cfg(feature = "internals")]
pub mod request;
#[cfg(not(feature = "internals"))]
mod request;

#[cfg(feature = "internals")]
pub mod service;
#[cfg(not(feature = "internals"))]
mod service;

#[cfg(all(feature = "flows", feature = "internals"))]
pub mod sign_in;
#[cfg(all(feature = "flows", not(feature = "internals")))]
mod sign_in;

#[cfg(feature = "internals")]
pub mod store;
#[cfg(not(feature = "internals"))]
mod store;

#[cfg(feature = "internals")]
pub mod token;
#[cfg(not(feature = "internals"))]
mod token;

#[cfg(feature = "wiping-allocator")]
#[global_allocator]
static ALLOCATOR: os::allocator::WipingAllocator = os::allocator::WipingAllocator;

pub use authority::Authority;
pub use authority::cloud::Cloud;
pub use authority::kind::AuthorityKind;
pub use base::algorithm::SignatureAlgorithm;
pub use base::cancel::Cancel;
pub use base::clock::{unix_seconds, whole_seconds};
pub use base::error::{Error, Result, ServiceReport, Status};
pub use base::parameter::{self, Parameter};
pub use base::pasted;
pub use base::regular_file::{Links, read as read_regular_file};
pub use base::secret::Secret;
pub use base::shown_path::shown as shown_path;
pub use base::surface::Surface;
pub use base::text::Text;
pub use certificate::Certificate;
pub use certificate::file::CertificateFile;
pub use certificate::key::{Signer, SignerError};
pub use certificate::opening::open as load_certificate;
pub use certificate::signing::SigningCertificate;
pub use certificate::store::open as open_certificate;
pub use certificate::store::search::CertificateSearch;
pub use client::Client;
pub use client::options::Options;
pub use client::settings::{CachePlace, ClientSettings};
#[cfg(feature = "flows")]
pub use client::tool::Tool;
pub use credential::Credential;
#[cfg(feature = "flows")]
pub use credential::assertion_callback::AssertionCallback;
pub use credential::assertion_source::AssertionSource;
#[cfg(feature = "flows")]
pub use diagnosis::diagnose_source;
pub use diagnosis::finding::{Check, Finding, FindingStatus};
#[cfg(feature = "flows")]
pub use diagnosis::sources::AskedSource;
pub use diagnosis::{Setup, diagnose};
#[cfg(feature = "flows")]
pub use managed_identity::IdentitySettings;
pub use request::Request;
#[cfg(feature = "flows")]
pub use request::grant::Account;
pub use request::grant::{ClientCredentials, Grant, OnBehalfOf, Password, RefreshToken};
pub use request::scope::Scopes;
pub use request::settings::RequestSettings;
#[cfg(feature = "flows")]
pub use request::sign_in::{Prompt, RedirectHost, SignInSettings};
#[cfg(feature = "flows")]
pub use service::federation::{FederationSettings, WorkloadService};
#[cfg(feature = "flows")]
pub use sign_in::browser::SignIn;
#[cfg(feature = "flows")]
pub use sign_in::device_code::DeviceCode;
#[cfg(feature = "flows")]
pub use sign_in::silent::{acquire_silently, refuse_other_user};
#[cfg(feature = "flows")]
pub use store::accounts::CachedAccount;
pub use store::file::{FileStore, ListedToken, TokenSelection};
pub use token::jwt::DecodedJwt;
pub use token::{AcquiredToken, TOKEN_TYPE, Token, TokenSource};

//! The Windows API: certificate stores, private keys that sign in their provider, data protection, error texts, the
//! browser, and listeners that nobody can take over.
//!
//! Every handle has an owner that releases it. Callers see no type of the Windows API.

pub mod certificate_store;
pub mod data_protection;
pub mod error_text;
#[cfg(feature = "flows")]
pub mod exclusive_listener;
pub mod key;
#[cfg(feature = "flows")]
pub mod shell;

//! The Windows API: certificate stores, private keys that sign in their provider, data protection, and error texts.
//!
//! Every handle has an owner that releases it. Callers see no type of the Windows API.

pub mod certificate_store;
pub mod data_protection;
pub mod error_text;
pub mod key;

//! Certificate stores, keys that sign where they are, the protection of a user's data, and what Windows says of a
//! failure.
//!
//! Every handle has an owner here that releases it, and nothing of Windows' interface goes out.

pub mod certificate_store;
pub mod data_protection;
pub mod error_text;
pub mod key;

//! What `graph-token` can do: one file for each command.

pub mod assertion;
pub mod cache;
pub mod decode;
pub mod doctor;
pub mod get;

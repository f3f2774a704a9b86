//! What `graph-token` can do: one file for each command.

pub mod assertion;
pub mod cache;
pub mod completions;
pub mod decode;
pub mod doctor;
pub mod get;
pub mod man_pages;
pub mod serve;

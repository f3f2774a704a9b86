//! The client's requests and its reading of responses, with a network and a clock that the tests control.

#[cfg(feature = "flows")]
mod accounts;
#[cfg(feature = "flows")]
mod accounts_model;
mod advice;
mod answers;
mod assertions;
mod authorities;
mod browser;
mod caching;
mod chain;
mod claims;
mod device_code;
#[cfg(feature = "flows")]
mod federation;
mod file_caching;
mod fleet;
mod forms;
#[cfg(unix)]
mod hostile_folder;
mod managed_identity;
mod on_behalf_of;
mod refreshing;
mod repetition;
mod rotation;
mod service;
mod sharing;
mod storing;
#[cfg(feature = "flows")]
mod users;

//! The conversation with the token service: sends requests, retries them, and reads the responses.

pub mod aadsts;
pub mod advice;
pub mod application;
mod assertions;
#[cfg(feature = "flows")]
pub mod challenge;
pub mod client_id;
pub mod clock;
#[cfg(feature = "flows")]
pub mod discovery;
#[cfg(feature = "flows")]
pub mod federation;
#[cfg(feature = "flows")]
mod id_token;
pub mod issuer;
#[cfg(feature = "flows")]
pub mod region;
mod requirement;
pub mod response;
pub mod retry;
pub mod throttle;
mod user_assertion;
mod username;

//! The conversation with the token service: a request is sent, sent again where that helps, and its answer is read.

pub mod aadsts;
pub mod application;
pub mod clock;
pub mod issuer;
pub mod response;
pub mod retry;
pub mod throttle;

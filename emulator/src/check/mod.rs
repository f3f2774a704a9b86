//! What is refused and why: the application, its assertion, and the grant.

mod assertion;
pub(crate) mod client_authentication;
pub(crate) mod grant;
pub(crate) mod replay;
mod signature;
mod user_assertion;

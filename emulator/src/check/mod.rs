//! What is refused and why: the application, its assertion, and the grant.

mod assertion;
pub(crate) mod client_authentication;
mod federated_assertion;
pub(crate) mod grant;
pub(crate) mod replay;
pub(crate) mod rules;
pub(crate) mod scope;
pub(crate) mod shared_tenant;
mod signature;
mod user_assertion;

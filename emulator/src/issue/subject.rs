//! The subject of a token.

use crate::directory::User;
use crate::request::scope::Scope;

/// Whom a token is for and what it allows.
#[derive(Clone)]
pub(crate) struct Subject {
    /// `None`: the application itself.
    pub(crate) user: Option<User>,
    pub(crate) scope: Scope,
}

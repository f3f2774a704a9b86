//! What is asked for: a call of a token endpoint, taken apart and not yet believed.

pub(crate) mod assertion;
pub(crate) mod authority;
pub(crate) mod authorization;
pub(crate) mod basic;
pub(crate) mod call;
pub(crate) mod claims;
pub(crate) mod form;
pub(crate) mod scope;

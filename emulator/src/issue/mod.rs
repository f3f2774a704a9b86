//! What is issued, and to whom.

pub(crate) mod authorization_code;
pub(crate) mod browser_session;
pub(crate) mod device_code;
pub(crate) mod proof;
pub(crate) mod refresh_token;
pub(crate) mod subject;
pub(crate) mod token;
pub(crate) mod workload_token;

//! Ways in which a user signs in during a call. Each turns what the user does into a grant, which a client redeems.

pub mod browser;
pub mod device_code;
pub mod loopback;
pub mod opener;
pub mod response;
pub mod silent;

mod http_request;
mod link;
mod page;
mod pkce;

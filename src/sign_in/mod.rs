//! Ways in which a user signs in during a call. Each turns what the user does into a grant, which a client redeems.

pub mod browser;
pub mod device_code;
pub mod opener;
pub mod silent;

mod http_request;
mod link;
mod loopback;
mod page;
mod pkce;
mod response;

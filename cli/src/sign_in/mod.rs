//! Ways in which the user signs in during the call.

pub mod browser;
pub mod device_code;
mod qr_code;

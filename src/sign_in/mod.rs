//! Ways in which a user signs in during a call. Each turns what the user does into a grant, which a client redeems.

pub mod device_code;
pub mod silent;

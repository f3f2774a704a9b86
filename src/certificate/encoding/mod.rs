//! Encodings: BER, PEM, and which format a file has.

pub mod ber;
pub mod format;
pub mod pem;

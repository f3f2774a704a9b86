//! The encodings BER and PEM, and the detection of a file's format.

pub mod ber;
pub mod format;
pub mod pem;

//! The encodings DER, BER, PEM and Base64, and the detection of a file's format.

pub mod base64_text;
pub mod ber;
pub mod der_value;
pub mod format;
pub mod label;
pub mod pem;

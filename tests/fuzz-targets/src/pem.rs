//! PEM text with private keys.

use graphtoken::SigningCertificate;

use crate::marked_secret::{KEY_LINE, PASSWORD, filled};
use crate::promise::{check_error, check_hidden};

/// A PEM text in which `~0` is a line of a private key.
pub fn pem(input: &[u8]) {
    let text = filled(input, &[KEY_LINE]);
    let secrets = [KEY_LINE, PASSWORD];
    for password in [None, Some(&PASSWORD.secret())] {
        match SigningCertificate::from_bytes(&text, None, password) {
            Ok(loaded) => check_hidden(&format!("{loaded:?}"), &secrets, input),
            Err(error) => check_error(&error, &secrets, input),
        }
    }
}

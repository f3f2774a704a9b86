//! PKCS#11 URIs.

use std::path::Path;

use graphtoken::{SigningCertificate, Status};

use crate::marked_secret::{PASSWORD, filled};
use crate::promise::check_error;

/// A URI, in which a secret is a PIN that does not belong there.
pub fn pkcs11_uri(input: &[u8]) {
    let text = filled(input, &[PASSWORD]);
    let text = String::from_utf8_lossy(&text);
    // The URI is read before the module, so that a module that does not exist leads no further than the parser.
    let module = Path::new("/nonexistent/pkcs11.so");
    let refused = SigningCertificate::from_pkcs11(module, &text, None, Some(&PASSWORD.secret()));
    let error = refused.expect_err("there is no such module");
    let is_expected = [Status::InvalidArgument, Status::CertificateNotFound].contains(&error.status());
    assert!(is_expected, "{error}");
    check_error(&error, &[PASSWORD], input);
}

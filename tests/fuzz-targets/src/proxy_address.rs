//! Addresses of proxies.

use graphtoken::{Options, Status};

use crate::marked_secret::{PASSWORD, filled};
use crate::promise::{check_error, check_hidden};

/// An address, in which a secret is the password, encoded or not.
pub fn proxy_address(input: &[u8]) {
    let text = filled(input, &[PASSWORD]);
    let text = String::from_utf8_lossy(&text);
    let mut options = Options::default();
    match options.set("http.proxy", &text) {
        Ok(()) => check_hidden(&format!("{options:?}"), &[PASSWORD], input),
        Err(error) => {
            let is_expected = [Status::InvalidArgument, Status::ProxyFailed].contains(&error.status());
            assert!(is_expected, "{error}");
            check_error(&error, &[PASSWORD], input);
        }
    }
}

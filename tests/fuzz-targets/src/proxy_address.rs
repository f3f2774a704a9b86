//! Addresses of proxies.

use graphtoken::http::proxy::{ProxyAddress, ProxyOrigin};
use graphtoken::{Options, Status};

use crate::marked_secret::{PASSWORD, filled};
use crate::promise::{behind_login, check_error, check_hidden};

/// An address, in which a secret is the password, encoded or not.
pub fn proxy_address(input: &[u8]) {
    let text = filled(input, &[PASSWORD]);
    let text = String::from_utf8_lossy(&text);
    match ProxyAddress::parse(&text, ProxyOrigin::Option) {
        Ok(proxy) => check(&proxy, behind_login(&text)),
        Err(error) => {
            let is_expected = [Status::InvalidArgument, Status::ProxyFailed].contains(&error.status());
            assert!(is_expected, "{error}");
            check_error(&error, &[PASSWORD], input);
        }
    }
    let mut options = Options::default();
    if options.set("http.proxy", &text).is_ok() {
        check_hidden(&format!("{options:?}"), &[PASSWORD], behind_login(&text));
    }
}

/// Checks that the host is a host, and that what is shown of the proxy is all but its login.
fn check(proxy: &ProxyAddress, behind_login: &[u8]) {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
    assert!(
        !proxy.host().is_empty() && proxy.host().chars().all(is_plain),
        "{proxy:?}"
    );
    assert_ne!(proxy.port(), 0, "{proxy:?}");
    for shown in [proxy.to_string(), proxy.described(), format!("{proxy:?}")] {
        check_hidden(&shown, &[PASSWORD], behind_login);
    }
    let again = ProxyAddress::parse(&proxy.to_string(), proxy.origin()).expect("what is shown is an address");
    assert_eq!((again.host(), again.port()), (proxy.host(), proxy.port()));
}

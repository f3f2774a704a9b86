//! Which addresses a user may be led to.

use ureq::http::Uri;

use crate::base::loopback::is_loopback;

/// Whether a user may be led to the address: plain http only reaches this machine.
pub(super) fn is_link(uri: &str) -> bool {
    let Ok(uri) = uri.parse::<Uri>() else {
        return false;
    };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return false;
    };
    let is_safe = scheme == "https" || scheme == "http" && is_loopback(&authority.host().to_ascii_lowercase());
    is_safe && !authority.as_str().contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_this_machine_are_links() {
        for link in [
            "https://microsoft.com/devicelogin",
            "https://login.example:8443/device?user_code=AB-CD",
            "http://127.0.0.1:8080/devicelogin",
            "http://localhost/device",
            "http://[::1]:81/device",
        ] {
            assert!(is_link(link), "{link}");
        }
        for other in [
            "",
            "microsoft.com/devicelogin",
            "http://microsoft.com/devicelogin",
            "http://127.0.0.1.evil.example/",
            "http://localhost:81@evil.example/",
            "https://user@evil.example/",
            "https://",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://evil.example/\u{1b}[31m",
        ] {
            assert!(!is_link(other), "{other}");
        }
    }
}

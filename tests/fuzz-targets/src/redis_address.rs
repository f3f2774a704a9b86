//! Addresses of Redis servers.

use graphtoken::store::redis::settings::{Place, RedisAddress};

use crate::marked_secret::{PASSWORD, filled};
use crate::promise::{behind_login, check_error, check_text};

/// An address, in which a secret is a password that does not belong there.
pub fn redis_address(input: &[u8]) {
    let text = filled(input, &[PASSWORD]);
    let text = String::from_utf8_lossy(&text);
    let address = match RedisAddress::parse(&text) {
        Ok(address) => address,
        Err(error) => return check_error(&error, &[PASSWORD], input),
    };
    let _ = address.is_readable_by_others();
    if let Place::Network { host, port, .. } = &address.place {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c);
        assert!(!host.is_empty() && host.chars().all(is_plain), "{address:?}");
        assert_ne!(*port, 0, "{address:?}");
        check_text(&address.server(), &[PASSWORD], behind_login(&text));
    }
}

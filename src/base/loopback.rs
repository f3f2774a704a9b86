//! Names and addresses of this machine.

use std::net::Ipv4Addr;

/// Whether `host`, in lower case and an IPv6 address in brackets, is this machine.
pub fn is_loopback(host: &str) -> bool {
    host == "localhost" || host == "[::1]" || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

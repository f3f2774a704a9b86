//! Who may use the journal, the faults and the revocation: programs on this machine, and no page of another site in its browsers.

use std::net::IpAddr;

use hyper::HeaderMap;
use hyper::header::{HOST, HeaderName, ORIGIN};

/// Why a request to one of these paths is refused; `None` if it is allowed.
///
/// `peer` is the other end of the connection. `target` is the host in the request's target, which takes precedence over
/// the header `Host` (RFC 9112 section 3.2.2).
pub(crate) fn refusal(scheme: &str, peer: IpAddr, target: Option<&str>, headers: &HeaderMap) -> Option<&'static str> {
    let hosts: Vec<&str> = values(headers, &HOST).chain(target).collect();
    let is_own_origin = |origin: &str| {
        hosts
            .iter()
            .any(|host| origin.eq_ignore_ascii_case(&format!("{scheme}://{host}")))
    };
    if !peer.to_canonical().is_loopback() {
        Some("the journal, the faults and the revocation are for programs on the emulator's own machine")
    } else if !hosts.iter().copied().all(is_of_this_machine) {
        // A name that a foreign site made point here (DNS rebinding).
        Some("the header Host must name localhost or a loopback address")
    } else if !values(headers, &ORIGIN).all(is_own_origin) {
        Some("the header Origin must be absent or the emulator's own")
    } else {
        None
    }
}

/// The values of a header; an empty one for a value that is not ASCII.
fn values<'it>(headers: &'it HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'it str> {
    headers
        .get_all(name)
        .iter()
        .map(|value| value.to_str().unwrap_or_default())
}

/// Whether `host`, which may have a port, is `localhost` or a loopback address.
fn is_of_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split(':').next().unwrap_or_default(),
    };
    let address = name.parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn is_allowed(peer: &str, target: Option<&str>, headers: &[(HeaderName, &str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name, HeaderValue::from_str(value).unwrap());
        }
        refusal("http", peer.parse().unwrap(), target, &map).is_none()
    }

    #[test]
    fn only_this_machine_has_access() {
        for (peer, allowed) in [
            ("127.0.0.1", true),
            ("127.1.2.3", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("10.0.0.1", false),
            ("::ffff:10.0.0.1", false),
            ("fe80::1", false),
        ] {
            assert_eq!(is_allowed(peer, None, &[(HOST, "127.0.0.1:80")]), allowed, "{peer}");
        }
    }

    #[test]
    fn a_name_that_points_here_has_no_access() {
        for (host, allowed) in [
            ("localhost", true),
            ("LOCALHOST:8080", true),
            ("127.0.0.1:8080", true),
            ("[::1]:8080", true),
            ("attacker.example", false),
            ("localhost.attacker.example:8080", false),
            ("127.0.0.1.attacker.example", false),
            ("0.0.0.0:8080", false),
            ("", false),
        ] {
            assert_eq!(is_allowed("127.0.0.1", None, &[(HOST, host)]), allowed, "{host}");
            assert_eq!(
                is_allowed("127.0.0.1", Some(host), &[(HOST, "localhost")]),
                allowed,
                "{host}"
            );
        }
        assert!(!is_allowed(
            "127.0.0.1",
            None,
            &[(HOST, "localhost"), (HOST, "attacker.example")]
        ));
    }

    #[test]
    fn a_page_of_another_site_has_no_access() {
        let host = (HOST, "localhost:8080");
        for (origin, allowed) in [
            ("http://localhost:8080", true),
            ("https://localhost:8080", false),
            ("http://localhost:8081", false),
            ("http://attacker.example", false),
            ("null", false),
            ("", false),
        ] {
            assert_eq!(
                is_allowed("::1", None, &[host.clone(), (ORIGIN, origin)]),
                allowed,
                "{origin}"
            );
        }
    }
}

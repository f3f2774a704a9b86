//! The hosts that are reached without the proxy.

use std::net::IpAddr;

use crate::base::pasted;

/// A list of hosts in the form of `NO_PROXY`.
///
/// It is read as curl does (the manual of `CURLOPT_NOPROXY`): entries are separated by commas or spaces. A name stands
/// for itself and its sub-domains, with or without a dot before or behind it. An IP address may be in brackets, or be a
/// network in CIDR notation. Letter case does not matter. Beyond that, as many programs read it, `*` stands for every
/// host wherever it is in the list, and `*.name` for the sub-domains of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoProxyList(String);

impl NoProxyList {
    /// The list in `text`. Entries that mean nothing are ignored.
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Whether `host` is reached without the proxy: a name, or an IP address, in brackets or not.
    pub fn contains(&self, host: &str) -> bool {
        let host = host.strip_suffix('.').unwrap_or(host);
        let address = address_of(host);
        let entries = self.0.split(|c: char| c == ',' || c.is_whitespace());
        let entries = entries.map(pasted::unwrapped);
        entries.filter(|entry| !entry.is_empty()).any(|entry| match address {
            _ if entry == "*" => true,
            Some(address) => has_address(entry, address),
            None => has_name(entry, host),
        })
    }
}

fn address_of(text: &str) -> Option<IpAddr> {
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inner.unwrap_or(text).parse().ok()
}

fn has_address(entry: &str, address: IpAddr) -> bool {
    let (network, bits) = match entry.split_once('/') {
        Some((network, bits)) => (network, Some(bits)),
        None => (entry, None),
    };
    let longest = if address.is_ipv4() { 32 } else { 128 };
    let bits = match bits.map(str::parse::<u32>) {
        None => longest,
        Some(Ok(bits)) if bits <= longest => bits,
        Some(_) => return false,
    };
    let (left, right) = match (address_of(network), address) {
        (Some(IpAddr::V4(network)), IpAddr::V4(address)) => {
            (u128::from(network.to_bits()), u128::from(address.to_bits()))
        }
        (Some(IpAddr::V6(network)), IpAddr::V6(address)) => (network.to_bits(), address.to_bits()),
        _ => return false,
    };
    (left ^ right).checked_shr(longest - bits).unwrap_or(0) == 0
}

fn has_name(entry: &str, host: &str) -> bool {
    let (name, only_below) = match entry.strip_prefix("*.") {
        Some(name) => (name, true),
        None => (entry.strip_prefix('.').unwrap_or(entry), false),
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    let (Some(start), false) = (host.len().checked_sub(name.len()), name.is_empty()) else {
        return false;
    };
    let ends_alike = host.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(name));
    ends_alike
        && match start {
            0 => !only_below,
            _ => host.as_bytes()[start - 1] == b'.',
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGIN: &str = "login.microsoftonline.com";

    #[test]
    fn a_list_is_read_as_curl_reads_it() {
        for (list, host, expected) in [
            // Names.
            ("login.microsoftonline.com", LOGIN, true),
            ("LOGIN.MicrosoftOnline.Com", LOGIN, true),
            ("login.microsoftonline.com", "LOGIN.MICROSOFTONLINE.COM", true),
            ("microsoftonline.com", LOGIN, true),
            ("com", LOGIN, true),
            ("online.com", LOGIN, false),
            ("microsoftonline.co", LOGIN, false),
            ("www.login.microsoftonline.com", LOGIN, false),
            ("localhost", "localhost", true),
            ("ost", "localhost", false),
            // As it was pasted.
            ("\"microsoftonline.com\"", LOGIN, true),
            ("'example.com', 'microsoftonline.com'", LOGIN, true),
            // Dots before and behind.
            (".microsoftonline.com", LOGIN, true),
            (".login.microsoftonline.com", LOGIN, true),
            ("microsoftonline.com.", LOGIN, true),
            (".com.", LOGIN, true),
            ("microsoftonline.com", "login.microsoftonline.com.", true),
            ("..com", LOGIN, false),
            (".", LOGIN, false),
            // Lists.
            ("", LOGIN, false),
            (" , ,", LOGIN, false),
            ("example.com,microsoftonline.com", LOGIN, true),
            ("example.com, microsoftonline.com", LOGIN, true),
            ("example.com microsoftonline.com", LOGIN, true),
            ("example.com\t,\tmicrosoftonline.com\r\n", LOGIN, true),
            ("example.com,example.org other.example", LOGIN, false),
            // Every host, and the sub-domains alone.
            ("*", LOGIN, true),
            ("*", "127.0.0.1", true),
            ("example.com, *", LOGIN, true),
            ("*.microsoftonline.com", LOGIN, true),
            ("*.login.microsoftonline.com", LOGIN, false),
            ("login.*", LOGIN, false),
            ("*login.microsoftonline.com", LOGIN, false),
            // IP addresses.
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.10", false),
            ("0.1", "127.0.0.1", false),
            ("1", "127.0.0.1", false),
            ("::1", "[::1]", true),
            ("[::1]", "[::1]", true),
            ("[::1]", "::1", true),
            ("0:0:0:0:0:0:0:1", "[::1]", true),
            ("::2", "[::1]", false),
            ("127.0.0.1", "[::1]", false),
            // Networks.
            ("127.0.0.0/8", "127.1.2.3", true),
            ("192.168.0.0/16,10.0.0.0/8", "10.200.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.1.2.3/32", "10.1.2.3", true),
            ("10.1.2.3/32", "10.1.2.4", false),
            ("10.1.2.128/25", "10.1.2.127", false),
            ("0.0.0.0/0", "10.1.2.3", true),
            ("0.0.0.0/0", "[::1]", false),
            ("10.0.0.0/33", "10.0.0.0", false),
            ("10.0.0.0/x", "10.0.0.0", false),
            ("10.0.0.0/", "10.0.0.0", false),
            ("fe80::/10", "[fe80::1]", true),
            ("fe80::/10", "[fec0::1]", false),
            ("[2001:db8::]/32", "[2001:db8:1::5]", true),
            ("::/0", "[2001:db8::1]", true),
            ("10.0.0.0/8", "ten.example", false),
        ] {
            let found = NoProxyList::new(list).contains(host);
            assert_eq!(found, expected, "{list:?} for {host}");
        }
    }
}

//! The address of an authority, as callers write it.

use std::net::Ipv6Addr;

use crate::authority::tenant::{HINT, is_domain, quoted, refused};
use crate::base::error::Result;
use crate::base::loopback::is_loopback;

/// The parts of an authority URL. What its path means depends on the kind of authority.
pub(super) struct Address {
    pub(super) base: String,
    pub(super) host: String,
    /// Without the slash before it and one after it.
    pub(super) path: String,
}

impl Address {
    pub(super) fn parse(text: &str) -> Result<Self> {
        refuse_characters(text)?;
        let (scheme, rest) = text.split_once("://").ok_or_else(|| {
            refused(
                format!("The authority {} has no scheme.", quoted(text)),
                "Write the authority as https://HOST/TENANT.",
            )
        })?;
        let (host_and_port, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, port) = split_port(host_and_port)?;
        let host = check_host(host)?;
        check_scheme(scheme, &host)?;
        let base = format!(
            "{}://{host}{}",
            scheme.to_ascii_lowercase(),
            port.map_or(String::new(), |p| format!(":{p}"))
        );
        Ok(Self {
            base,
            host,
            path: path.strip_suffix('/').unwrap_or(path).to_owned(),
        })
    }
}

fn refuse_characters(text: &str) -> Result<()> {
    let Some(bad) = text
        .chars()
        .find(|&c| !c.is_ascii_graphic() || "%\\@?#\"'<>`{}|^".contains(c))
    else {
        return Ok(());
    };
    let what = match bad {
        '@' => "user information before the host ('@')".to_owned(),
        '?' | '#' => format!("a query or fragment ({bad:?})"),
        ' ' => "a space".to_owned(),
        bad if bad.is_ascii_graphic() => format!("the character {bad:?}"),
        bad => format!("the character U+{:04X}", u32::from(bad)),
    };
    Err(refused(
        format!("The authority contains {what}."),
        "Type the authority by hand, as https://HOST/TENANT.",
    ))
}

fn split_port(host_and_port: &str) -> Result<(&str, Option<u16>)> {
    let (host, port) = match host_and_port.rfind(']') {
        Some(end) => host_and_port.split_at(end + 1),
        None => host_and_port.split_at(host_and_port.find(':').unwrap_or(host_and_port.len())),
    };
    match port.strip_prefix(':') {
        None if port.is_empty() => Ok((host, None)),
        Some(digits) if digits.bytes().all(|digit| digit.is_ascii_digit()) => {
            let number = digits.parse::<u16>().ok().filter(|&number| number != 0);
            let number = number.ok_or_else(|| {
                refused(
                    format!("Invalid port in the authority: {}.", quoted(digits)),
                    "Use a port from 1 to 65535.",
                )
            })?;
            Ok((host, Some(number)))
        }
        _ => Err(refused(
            format!("Invalid host and port in the authority: {}.", quoted(host_and_port)),
            "Write the authority as https://HOST:PORT/TENANT.",
        )),
    }
}

fn check_host(host: &str) -> Result<String> {
    let host = host.to_ascii_lowercase();
    if let Some(inner) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return inner.parse::<Ipv6Addr>().map(|_| host.clone()).map_err(|_| {
            refused(
                format!("Invalid IPv6 address in the authority: {}.", quoted(&host)),
                "Write an IPv6 address in brackets, such as [::1].",
            )
        });
    }
    if is_domain(&host) {
        Ok(host)
    } else {
        Err(refused(
            format!("Invalid host name in the authority: {}.", quoted(&host)),
            HINT,
        ))
    }
}

fn check_scheme(scheme: &str, host: &str) -> Result<()> {
    if scheme.eq_ignore_ascii_case("https") || (scheme.eq_ignore_ascii_case("http") && is_loopback(host)) {
        return Ok(());
    }
    let message = if scheme.eq_ignore_ascii_case("http") {
        format!("The authority uses http://, which would send the credential to {host} in clear text.")
    } else {
        format!("The authority's scheme {} is not https.", quoted(scheme))
    };
    Err(refused(
        message,
        "Use https://. Plain http is accepted for this machine only (localhost, 127.0.0.1, [::1]).",
    ))
}

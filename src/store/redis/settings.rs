//! The settings of the Redis server that keeps tokens.

use std::net::IpAddr;
use std::path::PathBuf;

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{REDIS, REDIS_PASSWORD};
use crate::base::secret::Secret;

/// A Redis server, as the options describe it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RedisSettings {
    /// The address; `None` if no tokens are kept in Redis.
    pub address: Option<RedisAddress>,
    /// The password.
    pub password: Option<Secret>,
    /// A file with the password, read anew for each connection. A byte order mark at its beginning and a line break at
    /// its end are not part of it.
    pub password_file: Option<PathBuf>,
}

/// The address of a Redis server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedisAddress {
    /// How it is reached.
    pub place: Place,
    /// The user to log in as; the server's default user if `None`.
    pub username: Option<String>,
    /// The number of the database.
    pub database: u32,
}

/// How a server is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Over the network.
    Network {
        /// A name or an address; an IPv6 address has no brackets.
        host: String,
        /// The port.
        port: u16,
        /// Whether the connection is TLS.
        tls: bool,
    },
    /// Through a socket in the file system.
    Socket(PathBuf),
}

/// The default port.
const PORT: u16 = 6379;

impl RedisAddress {
    /// Reads `redis://[user@]host[:port][/database]`, the same with `rediss` for TLS, or `unix:///path`.
    ///
    /// A password is refused: addresses are shown in logs and process lists.
    pub fn parse(text: &str) -> Result<Self> {
        let (scheme, rest) = text.split_once("://").ok_or_else(|| refused("it has no scheme"))?;
        match scheme {
            "redis" => Self::of_network(rest, false),
            "rediss" => Self::of_network(rest, true),
            "unix" if rest.contains('?') => Err(refused("it has parameters, which are not supported")),
            "unix" if rest.starts_with('/') => Ok(Self {
                place: Place::Socket(PathBuf::from(rest)),
                username: None,
                database: 0,
            }),
            "unix" => Err(refused("its path is not absolute")),
            _ => Err(refused("its scheme is not redis, rediss or unix")),
        }
    }

    fn of_network(rest: &str, tls: bool) -> Result<Self> {
        let (username, rest) = match rest.rsplit_once('@') {
            Some((user, _)) if user.contains(':') => return Err(holds_password()),
            Some(("", _)) => return Err(refused("its user name is empty")),
            Some((user, rest)) => (Some(user.to_owned()), rest),
            None => (None, rest),
        };
        let (server, database) = rest.split_once('/').unwrap_or((rest, ""));
        let database = match database {
            "" => 0,
            number => number.parse().map_err(|_| refused("its database is not a number"))?,
        };
        let (host, port) = split_port(server)?;
        Ok(Self {
            place: Place::Network { host, port, tls },
            username,
            database,
        })
    }

    /// Whether others can read what is sent: it leaves this machine without TLS.
    pub fn is_readable_by_others(&self) -> bool {
        match &self.place {
            Place::Network { host, tls, .. } => {
                let is_here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
                !tls && !is_here
            }
            Place::Socket(_) => false,
        }
    }

    /// The server without user and database, for messages.
    pub fn server(&self) -> String {
        match &self.place {
            Place::Network { host, port, .. } if host.contains(':') => format!("[{host}]:{port}"),
            Place::Network { host, port, .. } => format!("{host}:{port}"),
            Place::Socket(path) => path.display().to_string(),
        }
    }
}

fn split_port(server: &str) -> Result<(String, u16)> {
    let (host, port) = match server.strip_prefix('[').map(|rest| rest.split_once(']')) {
        Some(Some((host, port))) => (host, port),
        Some(None) => return Err(refused("a closing bracket is missing")),
        None => server.split_at(server.find(':').unwrap_or(server.len())),
    };
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => PORT,
        Some(number) => number.parse().map_err(|_| refused("its port is not valid"))?,
        None => return Err(refused("its port is not valid")),
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c);
    if host.is_empty() || port == 0 || !host.chars().all(is_plain) {
        return Err(refused("its host or port is not valid"));
    }
    Ok((host.to_owned(), port))
}

/// The message does not quote the address, which could contain a password in the wrong place.
fn refused(reason: &str) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("Invalid value for {REDIS}: {reason}."),
        "Use rediss://[user@]host[:port][/database] for TLS, redis:// without TLS, or unix:///path/of/the/socket.",
    )
}

fn holds_password() -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("Invalid value for {REDIS}: it contains a password, which logs and process lists would show."),
        format!("Remove the password from the address (redis://user@host), and set {REDIS_PASSWORD}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(host: &str, port: u16, tls: bool) -> Place {
        Place::Network {
            host: host.to_owned(),
            port,
            tls,
        }
    }

    #[test]
    fn addresses_are_read() {
        for (text, place, username, database) in [
            ("redis://localhost", network("localhost", 6379, false), None, 0),
            (
                "rediss://cache.contoso.com:6380/2",
                network("cache.contoso.com", 6380, true),
                None,
                2,
            ),
            (
                "redis://app@10.0.0.1:7000/",
                network("10.0.0.1", 7000, false),
                Some("app"),
                0,
            ),
            ("redis://[::1]:7000", network("::1", 7000, false), None, 0),
            ("rediss://[::1]", network("::1", 6379, true), None, 0),
            (
                "unix:///run/redis.sock",
                Place::Socket("/run/redis.sock".into()),
                None,
                0,
            ),
        ] {
            let address = RedisAddress::parse(text).unwrap();
            assert_eq!(address.place, place, "{text}");
            assert_eq!(address.username.as_deref(), username, "{text}");
            assert_eq!(address.database, database, "{text}");
        }
        assert_eq!(RedisAddress::parse("redis://u@[::1]/1").unwrap().server(), "[::1]:6379");
    }

    #[test]
    fn what_leaves_this_machine_without_tls_is_readable() {
        for (text, is_readable) in [
            ("redis://cache.contoso.com", true),
            ("redis://10.0.0.1", true),
            ("redis://127.0.0.1.evil.example", true),
            ("rediss://cache.contoso.com", false),
            ("redis://localhost", false),
            ("redis://127.0.0.2:1", false),
            ("redis://[::1]", false),
            ("unix:///x", false),
        ] {
            assert_eq!(
                RedisAddress::parse(text).unwrap().is_readable_by_others(),
                is_readable,
                "{text}"
            );
        }
    }

    #[test]
    fn an_invalid_address_is_refused_and_not_quoted() {
        for text in [
            "",
            "localhost",
            "http://hidden",
            "redis://",
            "redis://hidden:0",
            "redis://hidden:x",
            "redis://hidden:70000",
            "redis://hidden/x",
            "redis://hidden/1/2",
            "redis://@hidden",
            "redis://[hidden",
            "redis://[::1]hidden",
            "redis://hid den",
            "redis://hidden?x",
            "unix://hidden",
            "unix:///run/redis.sock?db=1&password=hidden",
        ] {
            let error = RedisAddress::parse(text).expect_err(text);
            assert_eq!(error.status(), Status::InvalidArgument, "{text}");
            assert!(!error.message().contains("hid"), "{error}");
        }
    }

    #[test]
    fn a_password_in_the_address_is_refused_with_an_alternative() {
        for text in [
            "redis://:hunter2@host",
            "rediss://user:hunter2@host:1/2",
            "redis://user:p@ss:w@host",
        ] {
            let error = RedisAddress::parse(text).unwrap_err();
            assert!(error.message().contains("password") && !error.message().contains("hunter2"));
            assert!(error.hint().contains("cache.redis_password"));
        }
    }
}

//! Options: settings as text keys and values. A new one needs no new function in the C interface.

mod authority;
mod claims;
#[cfg(feature = "flows")]
mod federation;
#[cfg(feature = "flows")]
mod identity;
mod list;
mod row;
#[cfg(feature = "flows")]
mod sign_in;
mod value;

pub use list::ROWS;
pub use row::OptionRow;
#[cfg(feature = "internals")]
pub use row::Scope;

use crate::base::error::{Error, Result, Status};
use crate::base::quote::quote;
use crate::client::settings::ClientSettings;
use crate::request::settings::RequestSettings;
#[cfg(feature = "flows")]
use crate::request::sign_in::SignInSettings;

/// The settings of clients and requests. Each reads its own part.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The settings of a client.
    pub client: ClientSettings,
    /// The settings of a request.
    pub request: RequestSettings,
    /// The settings of a sign-in in a browser.
    #[cfg(feature = "flows")]
    pub sign_in: SignInSettings,
}

impl Options {
    /// Sets the option `key`, which is the key of one of the [`ROWS`]. White space, quotation marks and invisible
    /// characters around a value are not part of it, unless it is a secret.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`] for an unknown key or an invalid value; [`Status::ProxyFailed`] for the address of a
    /// proxy that the engine does not support.
    ///
    /// # Panics
    /// With the feature `test-hooks`, on the key `test.panic`.
    pub fn set(&mut self, key: &str, value: &str) -> Result<()> {
        #[cfg(feature = "test-hooks")]
        assert_ne!(key, "test.panic", "forced by test.panic");
        match ROWS.iter().find(|row| row.key() == key) {
            Some(row) => row.set_in(self, value),
            None => Err(unknown_key(key)),
        }
    }
}

fn unknown_key(key: &str) -> Error {
    let keys: Vec<&str> = ROWS.iter().map(OptionRow::key).collect();
    Error::new(
        Status::InvalidArgument,
        format!("Unknown option {:?}.", quote(key, &[])),
        format!("Use one of these options: {}.", keys.join(", ")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_s_key_is_known_and_no_other() {
        for row in ROWS {
            let error = Options::default().set(row.key(), "\u{1}").err();
            assert!(
                error.is_none_or(|error| !error.message().contains("Unknown")),
                "{}",
                row.key()
            );
        }
        let error = Options::default().set("http.porxy", "x").unwrap_err();
        assert_eq!(error.status(), Status::InvalidArgument);
        assert!(error.hint().contains("http.proxy"));
    }

    #[test]
    fn invalid_values_are_refused_and_not_quoted() {
        for (key, value) in [
            ("cloud", "mars"),
            #[cfg(feature = "flows")]
            ("authority.type", "okta"),
            #[cfg(feature = "flows")]
            ("authority.region", "evil.example/"),
            ("assertion.algorithm", "HS256"),
            ("assertion.lifetime_seconds", "0"),
            ("assertion.lifetime_seconds", "86401"),
            ("assertion.send_chain", "yes"),
            ("http.timeout_seconds", "-1"),
            ("http.timeout_seconds", "1.5"),
            ("http.retries", "11"),
            ("http.product", "two words/1"),
            ("cache", "disk"),
            ("cache.name", "../secrets"),
            ("cache.protection", "password"),
            ("cache.key", "c2VjcmV0"),
            ("cache.redis", "redis://:hunter22@cache.example"),
            ("identity.client_id", "not-a-guid"),
            ("identity.object_id", "6f1a4b0e000040008000000000000000"),
            ("identity.resource_id", "subscriptions/x"),
            ("identity.source", "aws"),
            ("identity.variables", "IDENTITY_HEADER:hunter22"),
            ("claims", "[secret]"),
            #[cfg(feature = "flows")]
            ("challenge", "secret"),
            #[cfg(feature = "flows")]
            ("redirect.port", "65536"),
            #[cfg(feature = "flows")]
            ("redirect.port", "0"),
            #[cfg(feature = "flows")]
            ("redirect.host", "0.0.0.0"),
            #[cfg(feature = "flows")]
            ("prompt", "create"),
            ("capabilities", "cp1;secret"),
            ("correlation_id", "12"),
        ] {
            let error = Options::default().set(key, value).expect_err(value);
            assert_eq!(error.status(), Status::InvalidArgument, "{key}");
            assert!(!error.message().contains(value), "{key}: {}", error.message());
        }
    }

    #[test]
    fn what_surrounds_a_pasted_value_is_taken_off_except_for_secrets() {
        let mut options = Options::default();
        for (key, value) in [
            ("cloud", "\"USGov\""),
            ("authority", " https://login.example.org\r\n"),
            ("assertion.lifetime_seconds", " 300 "),
            ("assertion.audience", "'https://audience.example'"),
            ("http.retries", "\u{200e}5\u{feff}"),
            ("cache.name", "\u{201c}backup\u{201d}"),
            ("cache.folder", "\"/nowhere/else\""),
            ("cache.redis_password", " 'hunter22' "),
            ("correlation_id", "{6f1a4b0e-0000-4000-8000-00000000abcd}\n"),
        ] {
            options.set(key, value).unwrap();
        }
        let client = &options.client;
        assert_eq!(client.authority.as_deref(), Some("https://login.example.org"));
        assert_eq!(client.assertion.lifetime.as_secs(), 300);
        assert_eq!(client.assertion.audience.as_deref(), Some("https://audience.example"));
        assert_eq!(client.retries, 5);
        assert_eq!(
            client.file_store.folder.as_deref(),
            Some(std::path::Path::new("/nowhere/else"))
        );
        assert_eq!(client.redis.password.as_ref().unwrap().expose(), b" 'hunter22' ");
    }

    #[test]
    fn passwords_are_not_shown() {
        let mut options = Options::default();
        options
            .set("http.proxy", "http://user:hunter22@proxy.example:8080")
            .unwrap();
        options.set("cache.redis_password", "hunter22").unwrap();
        options.set("identity.variables", "IDENTITY_HEADER=hunter22\0").unwrap();
        assert!(!format!("{options:?}").contains("hunter22"));
        assert_eq!(
            Options::default().set("http.proxy", "socks5://x").unwrap_err().status(),
            Status::ProxyFailed
        );
        let error = Options::default()
            .set("http.proxy", "https_proxy=http://:1")
            .unwrap_err();
        assert!(error.message().contains("environment variable https_proxy"), "{error}");
    }
}

//! Settings as text keys and values: new ones need no new functions in the C ABI.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use crate::authority::cloud::Cloud;
use crate::base::algorithm::SignatureAlgorithm;
use crate::base::correlation_id::CorrelationId;
use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;
use crate::client::settings::{CachePlace, ClientSettings};
use crate::credential::assertion::AlgorithmChoice;
use crate::http::transport::{ProxyChoice, ProxyUrl, TrustChoice};
use crate::request::settings::RequestSettings;
use crate::store::file::{CacheName, ProtectionChoice};
use crate::store::key::StoreKey;
use crate::store::redis::settings::RedisAddress;

/// Settings of clients and requests. A client reads the first, a request the second.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What a client is built with.
    pub client: ClientSettings,
    /// What a request is built with.
    pub request: RequestSettings,
}

impl Options {
    /// Every key that [`Options::set`] knows.
    pub const KEYS: [&str; 26] = [
        "cloud",
        "authority",
        "assertion.algorithm",
        "assertion.audience",
        "assertion.lifetime_seconds",
        "assertion.send_chain",
        "http.proxy",
        "http.no_proxy",
        "http.ca_file",
        "http.connect_timeout_seconds",
        "http.timeout_seconds",
        "http.retries",
        "http.product",
        "cache",
        "cache.name",
        "cache.folder",
        "cache.protection",
        "cache.key",
        "cache.redis",
        "cache.redis_password",
        "cache.redis_password_file",
        "claims",
        "correlation_id",
        "force_refresh",
        "minimum_lifetime_seconds",
        "timeout_seconds",
    ];

    /// Sets one. An unknown key, or a value that the key cannot have, is `InvalidArgument`.
    ///
    /// # Panics
    /// With the feature `test-hooks`, on the key `test.panic`.
    pub fn set(&mut self, key: &str, value: &str) -> Result<()> {
        let (client, request) = (&mut self.client, &mut self.request);
        match key {
            "cloud" => client.cloud = Some(cloud(value)?),
            "authority" => client.authority = Some(value.to_owned()),
            "assertion.algorithm" => client.assertion.algorithm = algorithm(value)?,
            "assertion.audience" => client.assertion.audience = Some(value.to_owned()).filter(|text| !text.is_empty()),
            "assertion.lifetime_seconds" => client.assertion.lifetime = seconds(key, value, 1..=86_400)?,
            "assertion.send_chain" => client.assertion.send_chain = boolean(key, value)?,
            "http.proxy" if value.is_empty() => client.transport.proxy = ProxyChoice::Direct,
            "http.proxy" => client.transport.proxy = ProxyChoice::Url(ProxyUrl::parse(value)?),
            "http.no_proxy" => client.transport.no_proxy = Some(value.to_owned()),
            "http.ca_file" if value.is_empty() => client.transport.trust = TrustChoice::System,
            "http.ca_file" => client.transport.trust = TrustChoice::File(PathBuf::from(value)),
            "http.connect_timeout_seconds" => client.transport.connect_timeout = seconds(key, value, 1..=3600)?,
            "http.timeout_seconds" => client.transport.timeout = seconds(key, value, 1..=86_400)?,
            "http.retries" => client.retries = whole_number(key, value, 0..=10, "")?,
            "http.product" => client.transport.product = Some(product(value)?),
            "cache" => client.cache = cache_place(value)?,
            "cache.name" => client.file_store.name = Some(cache_name(value)?),
            "cache.folder" => client.file_store.folder = Some(PathBuf::from(value)).filter(|_| !value.is_empty()),
            "cache.protection" => client.file_store.protection = cache_protection(value)?,
            "cache.key" => client.store_key = Some(StoreKey::parse(value)?),
            "cache.redis" if value.is_empty() => client.redis.address = None,
            "cache.redis" => client.redis.address = Some(RedisAddress::parse(value)?),
            "cache.redis_password" => client.redis.password = Some(Secret::copy_of(value.as_bytes())),
            "cache.redis_password_file" => client.redis.password_file = Some(PathBuf::from(value)),
            "claims" => request.claims = claims(value)?,
            "correlation_id" => request.correlation_id = Some(CorrelationId::parse(value)?),
            "force_refresh" => request.force_refresh = boolean(key, value)?,
            "minimum_lifetime_seconds" => request.minimum_lifetime = seconds(key, value, 0..=86_400)?,
            "timeout_seconds" => request.timeout = Some(seconds(key, value, 1..=86_400)?),
            #[cfg(feature = "test-hooks")]
            "test.panic" => panic!("forced by test.panic"),
            unknown => return Err(unknown_key(unknown)),
        }
        Ok(())
    }
}

fn cloud(value: &str) -> Result<Cloud> {
    Cloud::from_name(value).ok_or_else(|| refused("cloud", "global, usgov, usgovdod or china"))
}

fn algorithm(value: &str) -> Result<AlgorithmChoice> {
    match value.to_ascii_uppercase().as_str() {
        "AUTO" => Ok(AlgorithmChoice::Auto),
        "PS256" => Ok(AlgorithmChoice::Only(SignatureAlgorithm::Ps256)),
        "RS256" => Ok(AlgorithmChoice::Only(SignatureAlgorithm::Rs256)),
        _ => Err(refused("assertion.algorithm", "auto, PS256 or RS256")),
    }
}

fn cache_place(value: &str) -> Result<CachePlace> {
    match value {
        "client" => Ok(CachePlace::Client),
        "process" => Ok(CachePlace::Process),
        "none" => Ok(CachePlace::None),
        _ => Err(refused("cache", "client, process or none")),
    }
}

fn cache_name(value: &str) -> Result<CacheName> {
    let accepted = "a name of up to 100 letters, digits, '.', '_' and '-' that begins and ends with none of '.'";
    CacheName::parse(value).ok_or_else(|| refused("cache.name", accepted))
}

fn cache_protection(value: &str) -> Result<ProtectionChoice> {
    ProtectionChoice::from_name(value).ok_or_else(|| refused("cache.protection", "user or none"))
}

fn seconds(key: &str, value: &str, range: RangeInclusive<u32>) -> Result<Duration> {
    whole_number(key, value, range, " of seconds").map(|number| Duration::from_secs(number.into()))
}

fn whole_number(key: &str, value: &str, range: RangeInclusive<u32>, unit: &str) -> Result<u32> {
    let number = value.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| {
        let (start, end) = (range.start(), range.end());
        refused(key, &format!("a whole number{unit} from {start} to {end}"))
    })
}

fn boolean(key: &str, value: &str) -> Result<bool> {
    value.parse().map_err(|_| refused(key, "true or false"))
}

fn product(value: &str) -> Result<String> {
    let token = |text: &str| {
        !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
    };
    match value.split_once('/') {
        Some((name, version)) if token(name) && token(version) => Ok(value.to_owned()),
        _ => Err(refused("http.product", "a name and version such as Contoso.Backup/1.0")),
    }
}

fn claims(value: &str) -> Result<Option<String>> {
    if value.is_empty() {
        return Ok(None);
    }
    match serde_json::from_str::<Value>(value) {
        Ok(Value::Object(_)) => Ok(Some(value.to_owned())),
        _ => Err(refused(
            "claims",
            "a JSON object, as a claims challenge has it after decoding",
        )),
    }
}

fn unknown_key(key: &str) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("The option {key:?} is not known."),
        format!("Known options: {}.", Options::KEYS.join(", ")),
    )
}

/// The value itself is not repeated: it could be a secret in the wrong place.
fn refused(key: &str, accepted: &str) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("The option {key} has a value that it cannot have."),
        format!("Give {accepted}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_key_is_known_and_every_other_is_not() {
        for key in Options::KEYS {
            let error = Options::default().set(key, "\u{1}").err();
            assert!(
                error.is_none_or(|error| !error.message().contains("is not known")),
                "{key}"
            );
        }
        let error = Options::default().set("http.porxy", "x").unwrap_err();
        assert_eq!(error.status(), Status::InvalidArgument);
        assert!(error.hint().contains("http.proxy"));
    }

    #[test]
    fn values_that_do_not_parse_are_refused_without_being_repeated() {
        for (key, value) in [
            ("cloud", "mars"),
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
            ("claims", "[secret]"),
            ("correlation_id", "12"),
        ] {
            let error = Options::default().set(key, value).expect_err(value);
            assert_eq!(error.status(), Status::InvalidArgument, "{key}");
            assert!(!error.message().contains(value), "{key}: {}", error.message());
        }
    }

    #[test]
    fn passwords_are_not_shown() {
        let mut options = Options::default();
        options
            .set("http.proxy", "http://user:hunter22@proxy.example:8080")
            .unwrap();
        options.set("cache.redis_password", "hunter22").unwrap();
        assert!(!format!("{options:?}").contains("hunter22"));
        assert_eq!(
            Options::default().set("http.proxy", "socks5://x").unwrap_err().status(),
            Status::ProxyFailed
        );
    }
}

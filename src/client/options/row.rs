//! The list of options: one row for each, from which its documentation is made on every surface.

use std::path::PathBuf;

use crate::base::correlation_id::CorrelationId;
use crate::base::error::Result;
use crate::base::parameter::{self, Parameter};
use crate::base::secret::Secret;
use crate::client::options::{Options, value};
use crate::store::key::StoreKey;

/// An option: its names, and what it sets.
#[derive(Debug)]
pub struct OptionRow {
    /// Its names.
    pub parameter: &'static Parameter,
    /// What its documentation says.
    #[cfg(feature = "internals")]
    pub documentation: Documentation,
    /// Sets it.
    pub(super) set: fn(&mut Options, &str) -> Result<()>,
}

/// What the documentation of an option says. Tests make `docs/options.md` and a part of the C header from it, and the
/// shipped library leaves it out.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    not(feature = "internals"),
    expect(dead_code, reason = "only the tests read it, which have the feature")
)]
pub struct Documentation {
    /// What reads the option.
    pub scope: Scope,
    /// What it means, in whole sentences.
    pub meaning: &'static str,
    /// What values it takes, with their unit.
    pub values: &'static str,
    /// What holds when it is not set.
    pub default: &'static str,
    /// The version since which it exists.
    pub since: &'static str,
}

/// What reads an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A client, when it is made.
    Client,
    /// A request, when it is made.
    Request,
}

impl OptionRow {
    const fn new(
        parameter: &'static Parameter,
        documentation: Documentation,
        set: fn(&mut Options, &str) -> Result<()>,
    ) -> Self {
        #[cfg(not(feature = "internals"))]
        let _ = documentation;
        Self {
            parameter,
            #[cfg(feature = "internals")]
            documentation,
            set,
        }
    }

    /// The key of the C interface.
    pub fn key(&self) -> &'static str {
        self.parameter.key().unwrap_or_default()
    }
}

/// Every option, in the order in which it is documented.
pub const ROWS: &[OptionRow] = &[
    OptionRow::new(
        &parameter::CLOUD,
        Documentation {
            scope: Scope::Client,
            meaning: "The national cloud whose sign-in host and Microsoft Graph are meant.",
            values: "`global`, `usgov`, `usgovdod` or `china`",
            default: "`global`",
            since: "0.1.0",
        },
        |options, text| {
            options.client.cloud = Some(value::cloud(text)?);
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::AUTHORITY,
        Documentation {
            scope: Scope::Client,
            meaning: "The authority: a base address to which the tenant is added, or a whole authority URL.",
            values: "an `https` address",
            default: "that of the cloud",
            since: "0.1.0",
        },
        |options, text| {
            options.client.authority = Some(text.to_owned());
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::ALGORITHM,
        Documentation {
            scope: Scope::Client,
            meaning: "The signature algorithm of client assertions. `auto` is `PS256`, or `RS256` where the authority or the key cannot do that.",
            values: "`auto`, `PS256` or `RS256`",
            default: "`auto`",
            since: "0.1.0",
        },
        |options, text| {
            options.client.assertion.algorithm = value::algorithm(text)?;
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::AUDIENCE,
        Documentation {
            scope: Scope::Client,
            meaning: "The audience (`aud`) of client assertions.",
            values: "a URL",
            default: "the token endpoint",
            since: "0.1.0",
        },
        |options, text| {
            options.client.assertion.audience = Some(text.to_owned()).filter(|text| !text.is_empty());
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::ASSERTION_LIFETIME,
        Documentation {
            scope: Scope::Client,
            meaning: "How long a client assertion is valid, from the time of signing.",
            values: "1 to 86400 seconds",
            default: "`600`, of which one minute lies in the past",
            since: "0.1.0",
        },
        |options, text| {
            options.client.assertion.lifetime = value::seconds(&parameter::ASSERTION_LIFETIME, text, 1..=86_400)?;
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::SEND_CHAIN,
        Documentation {
            scope: Scope::Client,
            meaning: "Whether client assertions carry the certificate with its chain (`x5c`), as subject name and issuer authentication needs it.",
            values: "`true` or `false`",
            default: "`false`",
            since: "0.1.0",
        },
        |options, text| {
            options.client.assertion.send_chain = value::boolean(&parameter::SEND_CHAIN, text)?;
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::PROXY,
        Documentation {
            scope: Scope::Client,
            meaning: "The HTTP proxy. Empty connects directly, whatever the environment says.",
            values: "`http://[user:password@]host[:port]` or empty",
            default: "the environment variable `HTTPS_PROXY`",
            since: "0.1.0",
        },
        |options, text| {
            options.client.transport.proxy = value::proxy(text)?;
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::NO_PROXY,
        Documentation {
            scope: Scope::Client,
            meaning: "Hosts that are reached without the proxy.",
            values: "a list as in `NO_PROXY`",
            default: "the environment variable `NO_PROXY`",
            since: "0.1.0",
        },
        |options, text| {
            options.client.transport.no_proxy = Some(text.to_owned());
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::CA_FILE,
        Documentation {
            scope: Scope::Client,
            meaning: "The file with the only certificate authorities to trust. Empty trusts those of the operating system, whatever the environment says.",
            values: "the path of a PEM file, or empty",
            default: "the environment variable `SSL_CERT_FILE`, else those of the operating system",
            since: "0.1.0",
        },
        |options, text| {
            options.client.transport.trust = value::trust(text);
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::CONNECT_TIMEOUT,
        Documentation {
            scope: Scope::Client,
            meaning: "How long one connection may take to be made, name resolution and TLS included.",
            values: "1 to 3600 seconds",
            default: "`10`",
            since: "0.1.0",
        },
        |options, text| {
            options.client.transport.connect_timeout = value::seconds(&parameter::CONNECT_TIMEOUT, text, 1..=3600)?;
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::TIMEOUT,
        Documentation {
            scope: Scope::Client,
            meaning: "How long a call may take in all, repetitions included, where the request does not say.",
            values: "1 to 86400 seconds",
            default: "`100`",
            since: "0.1.0",
        },
        |options, text| {
            options.client.transport.timeout = value::seconds(&parameter::TIMEOUT, text, 1..=86_400)?;
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::RETRIES,
        Documentation {
            scope: Scope::Client,
            meaning: "How often a request is sent again after a failure that may pass, as far as the time limit allows it.",
            values: "0 to 10",
            default: "`3`",
            since: "0.1.0",
        },
        |options, text| {
            options.client.retries = value::whole_number(&parameter::RETRIES, text, 0..=10, "")?;
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::PRODUCT,
        Documentation {
            scope: Scope::Client,
            meaning: "The program that asks, for the `User-Agent` header.",
            values: "a name and version, such as `Contoso.Backup/1.0`",
            default: "none",
            since: "0.1.0",
        },
        |options, text| {
            options.client.transport.product = Some(value::product(text)?);
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::CACHE,
        Documentation {
            scope: Scope::Client,
            meaning: "Where tokens are kept in memory: with the client, in the process for all clients with the same credential, or nowhere.",
            values: "`client`, `process` or `none`",
            default: "`client`",
            since: "0.1.0",
        },
        |options, text| {
            options.client.cache = value::cache_place(text)?;
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::CACHE_NAME,
        Documentation {
            scope: Scope::Client,
            meaning: "The name of a file that keeps tokens for other processes of the user.",
            values: "up to 100 letters, digits, `.`, `_` and `-`",
            default: "no file",
            since: "0.1.0",
        },
        |options, text| {
            options.client.file_store.name = Some(value::cache_name(text)?);
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::CACHE_FOLDER,
        Documentation {
            scope: Scope::Client,
            meaning: "The folder of that file.",
            values: "a path",
            default: "the user's data folder",
            since: "0.1.0",
        },
        |options, text| {
            options.client.file_store.folder = Some(PathBuf::from(text)).filter(|_| !text.is_empty());
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::CACHE_PROTECTION,
        Documentation {
            scope: Scope::Client,
            meaning: "What protects that file: the user's account, or nothing but its permissions.",
            values: "`user` or `none`",
            default: "`user`",
            since: "0.1.0",
        },
        |options, text| {
            options.client.file_store.protection = value::cache_protection(text)?;
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::CACHE_KEY,
        Documentation {
            scope: Scope::Client,
            meaning: "The key that encrypts tokens in the file, in place of the user's account, and in Redis. Secret.",
            values: "32 bytes as Base64",
            default: "none",
            since: "0.1.0",
        },
        |options, text| {
            options.client.store_key = Some(StoreKey::parse(text)?);
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::REDIS,
        Documentation {
            scope: Scope::Client,
            meaning: "The Redis server that shares tokens between machines. Needs the key.",
            values: "`rediss://[user@]host[:port][/database]`, `redis://` or `unix://`",
            default: "no server",
            since: "0.1.0",
        },
        |options, text| {
            options.client.redis.address = value::redis(text)?;
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::REDIS_PASSWORD,
        Documentation {
            scope: Scope::Client,
            meaning: "The password of the Redis server. Secret.",
            values: "text",
            default: "none",
            since: "0.1.0",
        },
        |options, text| {
            options.client.redis.password = Some(Secret::copy_of(text.as_bytes()));
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::REDIS_PASSWORD_FILE,
        Documentation {
            scope: Scope::Client,
            meaning: "The file with that password, which is read anew for each connection.",
            values: "a path",
            default: "none",
            since: "0.1.0",
        },
        |options, text| {
            options.client.redis.password_file = Some(PathBuf::from(text));
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::CLAIMS,
        Documentation {
            scope: Scope::Request,
            meaning: "A claims request or challenge to pass on (OpenID Connect Core section 5.5).",
            values: "a JSON object, or empty",
            default: "none",
            since: "0.1.0",
        },
        |options, text| {
            options.request.claims = value::claims(text)?;
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::CORRELATION_ID,
        Documentation {
            scope: Scope::Request,
            meaning: "The id that finds the request in the tenant's sign-in logs.",
            values: "a GUID",
            default: "random",
            since: "0.1.0",
        },
        |options, text| {
            options.request.correlation_id = Some(CorrelationId::parse(text)?);
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::FORCE_REFRESH,
        Documentation {
            scope: Scope::Request,
            meaning: "Whether the service is asked even when the cache has a token.",
            values: "`true` or `false`",
            default: "`false`",
            since: "0.1.0",
        },
        |options, text| {
            options.request.force_refresh = value::boolean(&parameter::FORCE_REFRESH, text)?;
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::MINIMUM_LIFETIME,
        Documentation {
            scope: Scope::Request,
            meaning: "How long a token of the cache must still be valid.",
            values: "0 to 86400 seconds",
            default: "`300`",
            since: "0.1.0",
        },
        |options, text| {
            options.request.minimum_lifetime = value::seconds(&parameter::MINIMUM_LIFETIME, text, 0..=86_400)?;
            Ok(())
        },
    ),
    OptionRow::new(
        &parameter::REQUEST_TIMEOUT,
        Documentation {
            scope: Scope::Request,
            meaning: "How long this call may take in all.",
            values: "1 to 86400 seconds",
            default: "that of the client",
            since: "0.1.0",
        },
        |options, text| {
            options.request.timeout = Some(value::seconds(&parameter::REQUEST_TIMEOUT, text, 1..=86_400)?);
            Ok(())
        },
    ),
];

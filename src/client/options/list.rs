//! The list of options: one row for each, from which its documentation is made on every surface.

use crate::base::correlation_id::CorrelationId;
use crate::base::parameter;
use crate::base::secret::Secret;
use crate::client::options::authority;
use crate::client::options::claims;
#[cfg(feature = "flows")]
use crate::client::options::federation;
#[cfg(feature = "flows")]
use crate::client::options::identity;
use crate::client::options::row::{Documentation, OptionRow, Scope};
#[cfg(feature = "flows")]
use crate::client::options::sign_in;
use crate::client::options::value;
use crate::store::key::StoreKey;

/// Every option, in the order of the documentation.
pub const ROWS: &[OptionRow] = &[
    authority::CLOUD,
    authority::AUTHORITY,
    #[cfg(feature = "flows")]
    authority::KIND,
    #[cfg(feature = "flows")]
    authority::REGION,
    OptionRow::new(
        &parameter::ALGORITHM,
        Documentation {
            scope: Scope::Client,
            meaning: "The signature algorithm of client assertions. `auto` selects `PS256`, or `RS256` if the authority or the key does not support `PS256`.",
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
            meaning: "How long a client assertion is valid after it is signed. Its validity begins up to one minute earlier, to tolerate clocks that differ, unless it would then last longer than 600 seconds.",
            values: "1 to 86400 seconds",
            default: "`540`",
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
            meaning: "Whether client assertions include the certificate and its chain (`x5c`), which subject name and issuer authentication requires.",
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
            meaning: "The HTTP proxy. An empty value connects directly and ignores the environment. User name and password are percent-encoded. Programs that read the environment by themselves put `HTTPS_PROXY=` before the address, and errors then name that variable.",
            values: "`http://[user:password@]host[:port]` or empty",
            default: "the environment variable `HTTPS_PROXY`",
            since: "0.1.0",
        },
        |options, text| {
            options.client.transport.proxy = value::proxy(text)?;
            Ok(())
        },
    )
    .verbatim(),
    OptionRow::new(
        &parameter::NO_PROXY,
        Documentation {
            scope: Scope::Client,
            meaning: "The hosts that are reached without the proxy.",
            values: "names, IP addresses and networks (CIDR), separated by commas or spaces as in `NO_PROXY`; a name includes its sub-domains",
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
            meaning: "A file with the certificate authorities to trust, in place of all others. An empty value trusts those of the operating system and ignores the environment.",
            values: "the path of a PEM file, or empty",
            default: "the environment variable `SSL_CERT_FILE`, or else the certificate authorities of the operating system",
            since: "0.1.0",
        },
        |options, text| {
            options.client.transport.trust = value::trust(text);
            Ok(())
        },
    )
    .verbatim(),
    OptionRow::new(
        &parameter::CONNECT_TIMEOUT,
        Documentation {
            scope: Scope::Client,
            meaning: "The time limit for establishing a connection, including name resolution and TLS.",
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
            meaning: "The time limit of a call, including retries, if the request sets none.",
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
            meaning: "How often a request is sent again after a transient failure, within the time limit.",
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
            meaning: "The name and version of the calling program, for the `User-Agent` header.",
            values: "a name and version, such as `Contoso.Backup/1.0`",
            default: "none",
            since: "0.1.0",
        },
        |options, text| {
            options.client.transport.product = Some(value::product(text)?);
            Ok(())
        },
    ),
    #[cfg(feature = "flows")]
    federation::REQUEST_URL,
    #[cfg(feature = "flows")]
    federation::REQUEST_TOKEN,
    OptionRow::new(
        &parameter::CACHE,
        Documentation {
            scope: Scope::Client,
            meaning: "Where tokens are cached in memory: in the client, in the process for all clients with the same application and credential, or nowhere.",
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
            meaning: "The name of a token cache file, which shares tokens between processes of the same user.",
            values: "up to 100 letters, digits, `.`, `_` and `-`, without the extension of a file beside a cache (`.new`, `.lockfile`)",
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
            meaning: "The folder of the token cache file.",
            values: "a path",
            default: "the user's data folder",
            since: "0.1.0",
        },
        |options, text| {
            options.client.file_store.folder = Some(value::path(text)).filter(|_| !text.is_empty());
            Ok(())
        },
    )
    .verbatim(),
    OptionRow::new(
        &parameter::CACHE_PROTECTION,
        Documentation {
            scope: Scope::Client,
            meaning: "What protects the token cache file: encryption that is bound to the user's account, or file permissions only, for which no other user may write the folder.",
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
            meaning: "The key that encrypts tokens in Redis, and in the token cache file in place of the user's account. Secret.",
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
            meaning: "The Redis server that shares tokens between machines. Requires a key.",
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
    )
    .verbatim(),
    OptionRow::new(
        &parameter::REDIS_PASSWORD_FILE,
        Documentation {
            scope: Scope::Client,
            meaning: "A file with the password of the Redis server. It is read again for each connection.",
            values: "a path",
            default: "none",
            since: "0.1.0",
        },
        |options, text| {
            options.client.redis.password_file = Some(value::path(text));
            Ok(())
        },
    )
    .verbatim(),
    #[cfg(feature = "flows")]
    identity::CLIENT_ID,
    #[cfg(feature = "flows")]
    identity::OBJECT_ID,
    #[cfg(feature = "flows")]
    identity::RESOURCE_ID,
    #[cfg(feature = "flows")]
    identity::SOURCE,
    #[cfg(feature = "flows")]
    identity::VARIABLES,
    #[cfg(feature = "flows")]
    identity::TOOL_TENANT,
    claims::CAPABILITIES,
    claims::CLAIMS,
    #[cfg(feature = "flows")]
    claims::CHALLENGE,
    OptionRow::new(
        &parameter::CORRELATION_ID,
        Documentation {
            scope: Scope::Request,
            meaning: "The id by which the request can be found in the tenant's sign-in logs.",
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
            meaning: "Whether to request a new token even if the cache has one.",
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
            meaning: "How long a cached token must still be valid to be returned.",
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
            meaning: "The time limit of the call, including retries.",
            values: "1 to 86400 seconds",
            default: "the time limit of the client",
            since: "0.1.0",
        },
        |options, text| {
            options.request.timeout = Some(value::seconds(&parameter::REQUEST_TIMEOUT, text, 1..=86_400)?);
            Ok(())
        },
    ),
    #[cfg(feature = "flows")]
    sign_in::REDIRECT_PORT,
    #[cfg(feature = "flows")]
    sign_in::REDIRECT_HOST,
    #[cfg(feature = "flows")]
    sign_in::LOGIN_HINT,
    #[cfg(feature = "flows")]
    sign_in::PROMPT,
];

//! `graph-token get`: gets an access token.

use graphtoken::{
    AcquiredToken, Client, Options, Request, Scopes, Secret, TOKEN_TYPE, TokenSource, unix_seconds, whole_seconds,
};
use log::LevelFilter;
use serde::Serialize;

use crate::arguments::GetArguments;
use crate::client::client;
use crate::exec_credential::ExecCredential;
use crate::failure::Failure;
use crate::sign_in::{self, browser, device_code};
use crate::warnings::Warnings;
use crate::{grant, log_output, output};

/// Gets a token from the cache or from the service, and prints it.
pub fn run(arguments: &GetArguments, warnings: &mut Warnings) -> Result<(), Failure> {
    if arguments.verbose {
        log_output::start(LevelFilter::Debug);
    } else if arguments.cache.token_cache.is_some() || arguments.sharing.redis.is_some() {
        // A cache that fails does not fail the call, so nothing else would report it.
        log_output::start(LevelFilter::Warn);
    }
    let mut options = Options::default();
    arguments.client.set_in(&mut options)?;
    arguments.user.set_in(&mut options)?;
    arguments.request.set_in(&mut options)?;
    arguments.network.set_in(&mut options)?;
    arguments.cache.set_in(&mut options)?;
    arguments.sharing.set_in(&mut options)?;
    let scopes = Scopes::parse(&arguments.request.scopes.join(" "))?;
    let client = client(&arguments.client, options.client.clone(), warnings)?;
    let version = arguments
        .exec_credential
        .then(ExecCredential::version_asked_for)
        .transpose()?;
    let outcome = acquire(arguments, &client, &scopes, &options, warnings);
    if !client.warning().is_empty() {
        warnings.add(client.warning());
    }
    let token = outcome?;
    if let Some(version) = version {
        output::write_json(&ExecCredential::of(&token, version))
    } else if arguments.json {
        output::write_json(&Answer::of(&token))
    } else if arguments.header {
        let header = [
            b"Authorization: ",
            TOKEN_TYPE.as_bytes(),
            b" ",
            token.access_token.expose(),
        ];
        output::write_line_of(&header)
    } else {
        output::write_line(token.access_token.expose())
    }
}

fn acquire(
    arguments: &GetArguments,
    client: &Client,
    scopes: &Scopes,
    options: &Options,
    warnings: &mut Warnings,
) -> graphtoken::Result<AcquiredToken> {
    let (user, settings) = (&arguments.user, &options.request);
    if user.device_code {
        let ask = || device_code::request(client, scopes, settings, arguments.json);
        return sign_in::acquire(client, user, scopes, settings, ask);
    }
    if user.interactive {
        let ask = || browser::request(client, scopes, options, user, arguments.json);
        return sign_in::acquire(client, user, scopes, settings, ask);
    }
    let request = Request::new(grant::load(user, warnings)?, scopes.clone(), settings.clone());
    client.acquire(&request, None)
}

/// What `--json` prints.
#[derive(Serialize)]
struct Answer<'a> {
    access_token: &'a str,
    token_type: &'a str,
    /// Seconds since 1970-01-01T00:00:00Z by the service's clock; `null` if the service has not said.
    expires_on: Option<i64>,
    /// Seconds from now, whatever this machine's clock says; `null` if the service has not said.
    expires_in: Option<u64>,
    scope: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    tenant: &'a str,
    client_id: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    username: &'a str,
    correlation_id: &'a str,
    source: &'static str,
}

impl<'a> Answer<'a> {
    fn of(token: &'a AcquiredToken) -> Self {
        Self {
            access_token: text(&token.access_token),
            token_type: TOKEN_TYPE,
            expires_on: token.end().map(unix_seconds),
            expires_in: token.lifetime.map(whole_seconds),
            scope: &token.scopes,
            refresh_token: token.refresh_token().map(text),
            tenant: &token.holder.tenant_id,
            client_id: &token.holder.client_id,
            username: token.username(),
            correlation_id: token.correlation_id(),
            source: match token.source {
                TokenSource::Network => "network",
                TokenSource::Cache => "cache",
            },
        }
    }
}

fn text(token: &Secret) -> &str {
    token.expose_text().expect("tokens are read from JSON, which is text")
}

//! `graph-token cache`: lists the contents of a token cache, or deletes it.

use std::io::{self, Write};
use std::time::SystemTime;

use graphtoken::{ClientSettings, FileStore, ListedToken, Options, Result, unix_seconds};
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::arguments::{CacheArguments, CacheClearArguments, CacheListArguments};
use crate::failure::Failure;
use crate::output;

/// Lists the access tokens, one per line or as JSON.
pub fn list(arguments: &CacheListArguments) -> std::result::Result<(), Failure> {
    let settings = settings(&arguments.cache)?;
    let tokens = FileStore::list(
        &settings.file_store,
        settings.store_key.as_ref(),
        settings.transport.timeout,
        &arguments.selection.selection(),
    )?;
    let now = SystemTime::now();
    let rows: Vec<Row> = tokens.iter().map(|token| Row::of(token, now)).collect();
    if arguments.json {
        return output::write_json(&rows);
    }
    if rows.is_empty() {
        let is_narrowed = !arguments.selection.selection().is_everything();
        tell(if is_narrowed {
            "note: the token cache has no such tokens"
        } else {
            "note: the token cache is empty"
        });
        return Ok(());
    }
    let lines: Vec<String> = rows.iter().map(Row::line).collect();
    output::write_line(lines.join("\n").as_bytes())
}

/// Deletes the cache file, or some of its tokens.
pub fn clear(arguments: &CacheClearArguments) -> std::result::Result<(), Failure> {
    let settings = settings(&arguments.cache)?;
    let (store, limit) = (&settings.file_store, settings.transport.timeout);
    let selection = arguments.selection.selection();
    if selection.is_everything() {
        let was_there = FileStore::clear(store, limit)?;
        tell(if was_there == Some(true) {
            "note: the token cache was removed"
        } else {
            "note: there is no such cache"
        });
        return Ok(());
    }
    match FileStore::remove(store, settings.store_key.as_ref(), limit, &selection)? {
        Some(1) => tell("note: 1 access token was removed"),
        removed => tell(&format!(
            "note: {} access tokens were removed",
            removed.unwrap_or_default()
        )),
    }
    Ok(())
}

fn settings(arguments: &CacheArguments) -> Result<ClientSettings> {
    let mut options = Options::default();
    arguments.set_in(&mut options)?;
    Ok(options.client)
}

fn tell(note: &str) {
    // A closed standard error does not change the outcome.
    let _ = writeln!(io::stderr(), "{note}");
}

#[derive(Serialize)]
struct Row<'a> {
    kind: &'static str,
    tenant: &'a str,
    client_id: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    username: &'a str,
    scope: &'a str,
    environment: &'a str,
    /// Seconds since 1970-01-01T00:00:00Z.
    expires_on: Option<i64>,
    expired: bool,
}

impl<'a> Row<'a> {
    fn of(token: &'a ListedToken, now: SystemTime) -> Self {
        Self {
            kind: if token.is_for_user { "user" } else { "application" },
            tenant: &token.tenant,
            client_id: &token.client_id,
            username: &token.username,
            scope: &token.scopes,
            environment: &token.environment,
            expires_on: token.expires_on.map(unix_seconds),
            expired: token.expires_on.is_none_or(|end| end <= now),
        }
    }

    fn line(&self) -> String {
        let time = self
            .expires_on
            .and_then(|end| OffsetDateTime::from_unix_timestamp(end).ok());
        let time = time
            .and_then(|time| time.format(&Rfc3339).ok())
            .unwrap_or_else(|| "?".to_owned());
        let owner = if self.username.is_empty() {
            self.kind
        } else {
            self.username
        };
        let ends = if self.expired { "expired" } else { "valid until" };
        format!(
            "{} {} {owner} {ends} {time}: {}",
            self.tenant, self.client_id, self.scope
        )
    }
}

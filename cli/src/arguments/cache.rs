//! The token caches outside of this process: a file, or Redis.

use std::path::{Path, PathBuf};

use clap::Args;
use graphtoken::{Options, Result, TokenSelection};

use super::setting::{accepted_as, one_of, set_given, set_secret};
use crate::secret_input::{self, is_stream};

/// The file that keeps tokens for the next call.
#[derive(Args)]
#[command(next_help_heading = "Token cache")]
pub struct CacheArguments {
    /// Name of a file in the user's data folder that keeps tokens for the next call [default: none]
    #[arg(long, value_name = "NAME", group = "kept", value_parser = accepted_as("cache.name"))]
    pub token_cache: Option<String>,
    /// Folder of that file [default: the user's data folder]
    #[arg(long, value_name = "FOLDER", requires = "token_cache")]
    pub token_cache_folder: Option<String>,
    /// File with the encryption key, 32 bytes in Base64, or - for standard input [default: the user's own protection]
    #[arg(long, value_name = "FILE", requires = "kept")]
    pub cache_key_file: Option<PathBuf>,
    /// Protection without a key: the user account's, or none for plain JSON that MSAL reads too [default: user]
    #[arg(
        long,
        value_name = "PROTECTION",
        requires = "token_cache",
        conflicts_with = "cache_key_file"
    )]
    #[arg(value_parser = one_of(["user", "none"]))]
    pub token_cache_protection: Option<String>,
}

/// The Redis server that shares tokens between processes.
#[derive(Args)]
#[command(next_help_heading = "Token cache")]
pub struct SharingArguments {
    /// Redis server that shares tokens between processes: rediss://[user@]host[:port][/database], redis:// or unix://
    #[arg(long, value_name = "URL", group = "kept", requires = "cache_key_file")]
    pub redis: Option<String>,
    /// File with the Redis password, read for each connection, or - for standard input
    #[arg(long, value_name = "FILE", requires = "redis")]
    pub redis_password_file: Option<PathBuf>,
}

impl CacheArguments {
    /// Passes on to the engine where tokens are kept, and the key that is in the file.
    pub fn set_in(&self, options: &mut Options) -> Result<()> {
        set_given(options, "cache.name", self.token_cache.as_deref())?;
        set_given(options, "cache.folder", self.token_cache_folder.as_deref())?;
        set_given(options, "cache.protection", self.token_cache_protection.as_deref())?;
        match &self.cache_key_file {
            Some(file) => set_secret(options, "cache.key", &secret_input::read(file, "--cache-key-file")?),
            None => Ok(()),
        }
    }

    /// The files that secrets are read from.
    pub fn secret_files(&self) -> Vec<&Path> {
        self.cache_key_file.as_deref().into_iter().collect()
    }
}

impl SharingArguments {
    /// Passes on to the engine where tokens are shared, with the file that holds the password.
    ///
    /// The engine reads the file for each connection. It is read here too, so that an unusable file is an error of its
    /// option. A stream, which can be read only once, is passed on as text.
    pub fn set_in(&self, options: &mut Options) -> Result<()> {
        set_given(options, "cache.redis", self.redis.as_deref())?;
        let Some(file) = &self.redis_password_file else {
            return Ok(());
        };
        let password = secret_input::read_not_empty(file, "--redis-password-file")?;
        match file.to_str() {
            Some(path) if !is_stream(file) => options.set("cache.redis_password_file", path),
            _ => set_secret(options, "cache.redis_password", &password),
        }
    }

    /// The files that secrets are read from.
    pub fn secret_files(&self) -> Vec<&Path> {
        self.redis_password_file.as_deref().into_iter().collect()
    }
}

/// Which tokens of a cache are meant.
#[derive(Args)]
#[command(next_help_heading = "Selection")]
pub struct SelectionArguments {
    /// Only tokens of this tenant, as the list names it [default: all]
    #[arg(long, value_name = "TENANT")]
    pub tenant: Option<String>,
    /// Only tokens of this application [default: all]
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// Only tokens of this user: sign-in name, home account ID or object ID [default: all]
    #[arg(long, value_name = "NAME")]
    pub account: Option<String>,
}

impl SelectionArguments {
    /// The selection as the engine takes it.
    pub fn selection(&self) -> TokenSelection {
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        TokenSelection::new(&text(&self.tenant), &text(&self.client_id), &text(&self.account))
    }
}

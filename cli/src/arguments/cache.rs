//! Where tokens are kept for other processes, and what can be done with the file that keeps them.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use graphtoken::base::error::Result;
use graphtoken::client::options::Options;

use super::{accepted_as, set_given, set_secret};

/// What to do with a token cache.
#[derive(Subcommand)]
pub enum CacheCommand {
    /// List the access tokens in it, without the tokens themselves
    #[command(mut_arg("token_cache", |argument| argument.required(true)))]
    List(CacheListArguments),
    /// Remove its file; what is damaged and was set aside stays
    #[command(mut_arg("token_cache", |argument| argument.required(true)))]
    Clear(CacheArguments),
}

/// The arguments of `cache list`.
#[derive(Args)]
pub struct CacheListArguments {
    #[command(flatten)]
    pub cache: CacheArguments,
    /// Print a JSON array, and errors as JSON too
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}

/// Where tokens are kept for the next call.
#[derive(Args)]
#[command(next_help_heading = "Token cache")]
pub struct CacheArguments {
    /// Name of a file in the user's data folder that keeps tokens for the next call [default: none is kept]
    #[arg(long, value_name = "NAME", group = "kept", value_parser = accepted_as("cache.name"))]
    pub token_cache: Option<String>,
    /// Another folder for that file
    #[arg(long, value_name = "FOLDER", requires = "token_cache")]
    pub token_cache_folder: Option<String>,
    /// File with the key that encrypts kept tokens, the Base64 of 32 bytes; - for standard input [default: the user's own protection]
    #[arg(long, value_name = "FILE", requires = "kept")]
    pub cache_key_file: Option<PathBuf>,
    /// Protection without a key: that of the user's account, or none, as MSAL's plain files have it [default: user]
    #[arg(long, requires = "token_cache", conflicts_with = "cache_key_file")]
    #[arg(value_parser = PossibleValuesParser::new(["user", "none"]))]
    pub token_cache_protection: Option<String>,
}

/// Where tokens are shared with other processes.
#[derive(Args)]
#[command(next_help_heading = "Shared tokens")]
pub struct SharingArguments {
    /// Redis that keeps tokens for all: rediss, redis (without TLS) or unix, as in `rediss://user@host:6379/0`
    #[arg(long, value_name = "URL", group = "kept", requires = "cache_key_file")]
    pub redis: Option<String>,
    /// File with the password of Redis; - for standard input
    #[arg(long, value_name = "FILE", requires = "redis")]
    pub redis_password_file: Option<PathBuf>,
}

impl CacheArguments {
    /// Passes on to the engine where tokens are kept, with the key in the file.
    pub fn set_in(&self, options: &mut Options) -> Result<()> {
        set_given(options, "cache.name", self.token_cache.as_deref())?;
        set_given(options, "cache.folder", self.token_cache_folder.as_deref())?;
        set_given(options, "cache.protection", self.token_cache_protection.as_deref())?;
        set_secret(
            options,
            "cache.key",
            self.cache_key_file.as_deref(),
            "the key of kept tokens",
        )
    }
}

impl SharingArguments {
    /// Passes on to the engine where tokens are shared, with the password in the file.
    pub fn set_in(&self, options: &mut Options) -> Result<()> {
        set_given(options, "cache.redis", self.redis.as_deref())?;
        set_secret(
            options,
            "cache.redis_password",
            self.redis_password_file.as_deref(),
            "the password of Redis",
        )
    }
}

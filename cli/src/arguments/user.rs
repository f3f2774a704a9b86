//! The user, if the token is for one.

use std::path::{Path, PathBuf};

use clap::Args;

/// The user, if the token is for one.
#[derive(Args)]
#[command(next_help_heading = "User")]
pub struct UserArguments {
    /// User name for the password grant, which is discouraged
    #[arg(long, value_name = "NAME")]
    #[arg(conflicts_with_all = ["refresh_token_file", "user_assertion_file", "device_code", "account"])]
    pub username: Option<String>,
    /// File with the user's password, or - for standard input [default: prompt]
    #[arg(long, value_name = "FILE", requires = "username")]
    pub password_file: Option<PathBuf>,
    /// File with a refresh token, or - for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["user_assertion_file", "device_code", "account"])]
    pub refresh_token_file: Option<PathBuf>,
    /// File with the access token that a user's client has sent to the application, or - for standard input: the
    /// on-behalf-of grant
    #[arg(long, value_name = "FILE", conflicts_with_all = ["device_code", "account"])]
    pub user_assertion_file: Option<PathBuf>,
    /// Have the user sign in on another device, with a code that is printed to standard error; without the user if one
    /// account of the token cache is signed in to the application and tenant
    #[arg(long)]
    pub device_code: bool,
    /// User who is signed in in the token cache, without a new sign-in: user name, home account ID or object ID
    #[arg(long, value_name = "NAME")]
    pub account: Option<String>,
}

impl UserArguments {
    /// The files that secrets are read from.
    pub fn secret_files(&self) -> Vec<&Path> {
        let files = [&self.password_file, &self.refresh_token_file, &self.user_assertion_file];
        files.into_iter().flatten().map(PathBuf::as_path).collect()
    }
}

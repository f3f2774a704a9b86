//! The user, if the token is for one.

use std::path::{Path, PathBuf};

use clap::Args;
use graphtoken::{Options, Result};

use super::setting::{accepted_as, set_given};

/// The user, if the token is for one.
#[derive(Args)]
#[command(next_help_heading = "User")]
pub struct UserArguments {
    /// User name for the password grant, which is discouraged
    #[arg(long, value_name = "NAME")]
    #[arg(conflicts_with_all = ["refresh_token_file", "user_assertion_file", "device_code", "interactive", "account"])]
    pub username: Option<String>,
    /// File with the user's password, or - for standard input [default: prompt]
    #[arg(long, value_name = "FILE", requires = "username")]
    pub password_file: Option<PathBuf>,
    /// File with a refresh token, or - for standard input
    #[arg(long, value_name = "FILE")]
    #[arg(conflicts_with_all = ["user_assertion_file", "device_code", "interactive", "account"])]
    pub refresh_token_file: Option<PathBuf>,
    /// File with the access token that a user's client has sent to the application, or - for standard input: the
    /// on-behalf-of grant
    #[arg(long, value_name = "FILE", conflicts_with_all = ["device_code", "interactive", "account"])]
    pub user_assertion_file: Option<PathBuf>,
    /// Have the user sign in on another device, with a code that is printed to standard error; without the user if one
    /// account of the token cache is signed in to the application and tenant
    #[arg(long, conflicts_with = "interactive")]
    pub device_code: bool,
    /// Have the user sign in in a web browser on this machine, which brings the answer to a port of it; without the user
    /// if one account of the token cache is signed in to the application and tenant
    #[arg(long)]
    pub interactive: bool,
    /// Print the address to standard error, on a line of its own, and open no browser
    #[arg(long, requires = "interactive")]
    pub no_browser: bool,
    /// Port of this machine that the browser brings the answer to [default: any that is free]
    #[arg(long, value_name = "N", requires = "interactive", value_parser = accepted_as("redirect.port"))]
    pub redirect_port: Option<String>,
    /// Name of this machine in the redirect URI that is registered for the application: localhost or 127.0.0.1
    /// [default: localhost, at AD FS and OpenID Connect issuers 127.0.0.1]
    #[arg(long, value_name = "HOST", requires = "interactive", value_parser = accepted_as("redirect.host"))]
    pub redirect_host: Option<String>,
    /// Sign-in name of the user who is expected
    #[arg(long, value_name = "NAME", requires = "interactive", value_parser = accepted_as("login_hint"))]
    pub login_hint: Option<String>,
    #[arg(
        help = "What the user is shown: select_account, login, consent or none [default: select_account, unless \
                  --login-hint is given]"
    )]
    #[arg(long, value_name = "PROMPT", requires = "interactive", value_parser = accepted_as("prompt"))]
    pub prompt: Option<String>,
    /// User who is signed in in the token cache, without a new sign-in: user name, home account ID or object ID
    #[arg(long, value_name = "NAME")]
    pub account: Option<String>,
}

impl UserArguments {
    /// Passes on to the engine how the user signs in in a browser.
    pub fn set_in(&self, options: &mut Options) -> Result<()> {
        for (key, value) in [
            ("redirect.port", &self.redirect_port),
            ("redirect.host", &self.redirect_host),
            ("login_hint", &self.login_hint),
            ("prompt", &self.prompt),
        ] {
            set_given(options, key, value.as_deref())?;
        }
        Ok(())
    }

    /// The files that secrets are read from.
    pub fn secret_files(&self) -> Vec<&Path> {
        let files = [&self.password_file, &self.refresh_token_file, &self.user_assertion_file];
        files.into_iter().flatten().map(PathBuf::as_path).collect()
    }
}

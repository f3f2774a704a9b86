//! The command line: the commands, and a file for each heading of their help.
//!
//! The engine decides which values an option accepts ([`Options::set`](graphtoken::Options::set)); the parser only asks
//! it, so that an invalid value is a usage error that names the option. Secrets are never values: they come from files,
//! standard input or a prompt.

mod application;
mod cache;
mod certificate;
mod client;
mod help;
mod identity;
mod network;
mod request;
mod serve;
mod setting;
mod sources;
mod user;

use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Args, CommandFactory, Parser, Subcommand, ValueEnum};

use self::application::ApplicationArguments;
pub use self::application::CredentialArguments;
pub use self::cache::CacheArguments;
use self::cache::{SelectionArguments, SharingArguments};
pub use self::certificate::CertificateArguments;
pub use self::client::ClientArguments;
use self::help::{
    ASSERTION_EXAMPLES, CLEAR_NOTE, COMPLETIONS_EXAMPLES, DECODE_EXAMPLES, DOCTOR_EXAMPLES, EXIT_CODES, GET_EXAMPLES,
    MAN_PAGES_EXAMPLES, SERVE_EXAMPLES,
};
use self::identity::IdentityArguments;
use self::network::NetworkArguments;
use self::request::RequestArguments;
pub use self::serve::ServeArguments;
pub use self::user::UserArguments;
use crate::secret_input::is_standard_input;

/// Get Microsoft Entra ID access tokens for Microsoft Graph and other resources
#[derive(Parser)]
#[command(version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub struct Arguments {
    /// The command to run.
    #[command(subcommand)]
    pub command: Command,
}

/// A tenant that a task of Azure Pipelines gets in a variable, and that a source without an application does not need.
fn unless_asked(tenant: Arg) -> Arg {
    tenant.required_unless_present_any(["authority", "azure_pipelines", "managed_identity", "chain"])
}

/// A command of `graph-token`.
#[derive(Subcommand)]
pub enum Command {
    /// Get an access token and print it
    #[command(after_help = GET_EXAMPLES)]
    #[command(mut_group("place", |group| group.required(false)), mut_arg("tenant", client::tenant))]
    #[command(
        mut_arg("client_id", client::client_id),
        mut_arg("managed_identity", client::managed_identity)
    )]
    Get(Box<GetArguments>),
    /// Give tokens to programs that look for a managed identity
    #[command(after_help = SERVE_EXAMPLES)]
    #[command(mut_group("place", |group| group.required(false)), mut_arg("tenant", client::tenant))]
    #[command(
        mut_arg("client_id", client::client_id),
        mut_arg("managed_identity", client::managed_identity)
    )]
    Serve(Box<ServeArguments>),
    /// Sign and print a client assertion without sending it
    #[command(after_help = ASSERTION_EXAMPLES, mut_group("any_certificate", |group| group.required(true)))]
    Assertion(Box<AssertionArguments>),
    /// Decode a token without verifying it
    #[command(after_help = DECODE_EXAMPLES)]
    Decode(DecodeArguments),
    /// Diagnose why no token is issued: certificate, key, clock, proxy, TLS, tenant, application
    #[command(after_help = DOCTOR_EXAMPLES)]
    #[command(mut_group("place", |group| group.required(false)), mut_arg("tenant", unless_asked))]
    #[command(mut_arg("client_id", |id| {
        id.required(false).required_unless_present_any(["azure_pipelines", "managed_identity", "chain"])
    }))]
    Doctor(Box<DoctorArguments>),
    /// List the contents of a token cache, or delete it
    #[command(subcommand)]
    Cache(CacheCommand),
    /// Print a script that completes the command line in a shell
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArguments),
    /// Write the manual pages into a folder
    #[command(after_help = MAN_PAGES_EXAMPLES)]
    ManPages(ManPagesArguments),
}

/// The arguments of `get`.
#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct GetArguments {
    #[command(flatten)]
    pub client: ClientArguments,
    #[command(flatten)]
    pub user: UserArguments,
    #[command(flatten)]
    pub request: RequestArguments,
    #[command(flatten)]
    pub network: NetworkArguments,
    #[command(flatten)]
    pub cache: CacheArguments,
    #[command(flatten)]
    pub sharing: SharingArguments,
    /// Print a JSON object instead of the bare token; errors are JSON too
    #[arg(long, help_heading = "Output")]
    pub json: bool,
    /// Print the token as an HTTP header, as curl -H @- reads it
    #[arg(long, help_heading = "Output", conflicts_with = "json")]
    pub header: bool,
    /// Print the token as kubectl reads it from a credential plugin
    #[arg(long, help_heading = "Output", conflicts_with_all = ["json", "header"])]
    pub exec_credential: bool,
    /// Log engine activity to standard error; secrets are never logged
    #[arg(long, help_heading = "Output")]
    pub verbose: bool,
}

/// The arguments of `doctor`.
#[derive(Args)]
pub struct DoctorArguments {
    #[command(flatten)]
    pub application: ApplicationArguments,
    #[command(flatten)]
    pub credential: CredentialArguments,
    #[command(flatten)]
    pub identity: IdentityArguments,
    /// Ask the first source that applies: environment variables, workload, managed identity, az, azd
    #[arg(long, help_heading = "Other sources", conflicts_with_all = [
        "authority", "authority_type", "azure_region", "tenant", "client_id", "client_secret_file",
        "client_assertion_file", "any_certificate",
        "federation", "managed_identity",
    ])]
    pub chain: bool,
    #[command(flatten)]
    pub network: NetworkArguments,
    /// Print the findings as a JSON array; errors are JSON too
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}

/// A command of `graph-token cache`.
#[derive(Subcommand)]
pub enum CacheCommand {
    /// List the cached access tokens without revealing them
    #[command(mut_arg("token_cache", |argument| argument.required(true)))]
    List(CacheListArguments),
    /// Delete the cache file, or some of its tokens; damaged files that were set aside are kept
    #[command(after_help = CLEAR_NOTE, mut_arg("token_cache", |argument| argument.required(true)))]
    Clear(CacheClearArguments),
}

/// The arguments of `assertion`.
#[derive(Args)]
pub struct AssertionArguments {
    #[command(flatten)]
    pub application: ApplicationArguments,
    #[command(flatten)]
    pub certificate: CertificateArguments,
}

/// The arguments of `decode`.
#[derive(Args)]
pub struct DecodeArguments {
    /// File with the token, or - for standard input [default: -]
    #[arg(value_name = "FILE", default_value = "-", hide_default_value = true)]
    pub file: PathBuf,
    /// Print one line of JSON; errors are JSON too
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `cache list`.
#[derive(Args)]
pub struct CacheListArguments {
    #[command(flatten)]
    pub cache: CacheArguments,
    #[command(flatten)]
    pub selection: SelectionArguments,
    /// Print a JSON array; errors are JSON too
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}

/// The arguments of `cache clear`.
#[derive(Args)]
pub struct CacheClearArguments {
    #[command(flatten)]
    pub cache: CacheArguments,
    #[command(flatten)]
    pub selection: SelectionArguments,
}

/// The arguments of `completions`.
#[derive(Args)]
pub struct CompletionsArguments {
    /// Shell that runs the script
    #[arg(value_enum)]
    pub shell: CompletionShell,
}

/// A shell that completes command lines.
#[derive(Clone, Copy, ValueEnum)]
pub enum CompletionShell {
    Bash,
    Zsh,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
}

/// The arguments of `man-pages`.
#[derive(Args)]
pub struct ManPagesArguments {
    /// Folder that exists
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
}

impl Arguments {
    /// Reads this process's command line. The error is a usage error, or the help or version that was asked for.
    pub fn read() -> std::result::Result<Self, clap::Error> {
        let arguments = Self::try_parse().map_err(without_stray_words)?;
        let secrets = arguments.command.secret_files();
        if secrets.iter().filter(|path| is_standard_input(path)).count() > 1 {
            return Err(Self::command().error(
                ErrorKind::ArgumentConflict,
                "only one secret can be read from standard input (-); pass the others as files",
            ));
        }
        Ok(arguments)
    }
}

/// The error without what may be a secret: a word that belongs to no option, and a value that no option would have. A
/// misspelled command, option or value is still shown.
fn without_stray_words(mut error: clap::Error) -> clap::Error {
    let is_word = |value: &ContextValue| !is_option_name(&value.to_string());
    if error.get(ContextKind::InvalidArg).is_some_and(is_word) && error.kind() == ErrorKind::UnknownArgument {
        error.remove(ContextKind::InvalidArg);
        // It repeats the word.
        error.remove(ContextKind::Suggested);
    }
    if error.get(ContextKind::SuggestedSubcommand).is_none() {
        error.remove(ContextKind::InvalidSubcommand);
    }
    let is_secret = |value: &ContextValue| !is_plain_value(&value.to_string());
    if error.get(ContextKind::InvalidValue).is_some_and(is_secret) {
        error.insert(
            ContextKind::InvalidValue,
            ContextValue::String("(not shown)".to_owned()),
        );
    }
    error
}

/// Whether `word` could be the name of an option, which a private key in PEM also begins like.
fn is_option_name(word: &str) -> bool {
    const LONGEST: usize = 40;
    word.starts_with('-')
        && word.len() <= LONGEST
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Whether `value` is as short and plain as the values that options have.
fn is_plain_value(value: &str) -> bool {
    const LONGEST: usize = 16;
    value.len() <= LONGEST
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

impl Command {
    /// Whether output and errors are JSON.
    pub fn wants_json(&self) -> bool {
        match self {
            Self::Get(arguments) => arguments.json,
            Self::Decode(arguments) => arguments.json,
            Self::Doctor(arguments) => arguments.json,
            Self::Cache(CacheCommand::List(arguments)) => arguments.json,
            Self::Serve(_)
            | Self::Assertion(_)
            | Self::Cache(CacheCommand::Clear(_))
            | Self::Completions(_)
            | Self::ManPages(_) => false,
        }
    }

    /// The files that secrets are read from.
    fn secret_files(&self) -> Vec<&Path> {
        match self {
            Self::Get(get) => [
                get.client.credential.secret_files(),
                get.user.secret_files(),
                get.cache.secret_files(),
                get.sharing.secret_files(),
            ]
            .concat(),
            Self::Serve(serve) => [
                serve.client.credential.secret_files(),
                serve.user.secret_files(),
                serve.cache.secret_files(),
                serve.sharing.secret_files(),
            ]
            .concat(),
            Self::Doctor(doctor) => doctor.credential.secret_files(),
            Self::Assertion(assertion) => assertion.certificate.secret_files(),
            Self::Decode(_) | Self::Cache(_) | Self::Completions(_) | Self::ManPages(_) => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_support::checkout::compare;
    use test_support::command_page::page;

    #[test]
    fn the_reference_has_every_option() {
        compare("docs/reference/graph-token.md", &page(&Arguments::command()));
    }
}

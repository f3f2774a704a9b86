//! `graph-token serve`: gives tokens to programs that look for a managed identity.

use std::io;

use graphtoken::{Error, Options, Status};
use log::LevelFilter;

use crate::arguments::ServeArguments;
use crate::client::client;
use crate::failure::Failure;
use crate::identity_endpoint::{IdentityEndpoint, TokenProvider, environment, served_command};
use crate::output;
use crate::warnings::Warnings;
use crate::{grant, log_output};

/// Serves until the command ends, and gives its exit code; without a command until SIGTERM.
pub fn run(arguments: &ServeArguments, warnings: &mut Warnings) -> Result<u8, Failure> {
    log_output::start(if arguments.verbose {
        LevelFilter::Debug
    } else {
        LevelFilter::Warn
    });
    let tokens = tokens(arguments, warnings)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(IdentityEndpoint::CALLS_AT_ONCE)
        .build()
        .map_err(|error| internal(&error))?;
    let outcome = runtime.block_on(serve(arguments, tokens));
    // A token that is still being requested is for nobody now.
    runtime.shutdown_background();
    outcome
}

fn tokens(arguments: &ServeArguments, warnings: &mut Warnings) -> Result<TokenProvider, Failure> {
    let mut options = Options::default();
    arguments.client.set_in(&mut options)?;
    arguments.network.set_in(&mut options)?;
    arguments.cache.set_in(&mut options)?;
    arguments.sharing.set_in(&mut options)?;
    // Unlike the other commands, this one is asked for the same token again.
    options.set("cache", "client")?;
    let client = client(&arguments.client, options.client, warnings)?;
    if !client.warning().is_empty() {
        warnings.add(client.warning());
    }
    let grant = grant::load(&arguments.user, warnings)?;
    Ok(TokenProvider::new(client, grant, options.request))
}

async fn serve(arguments: &ServeArguments, tokens: TokenProvider) -> Result<u8, Failure> {
    let endpoint = IdentityEndpoint::listen(arguments.listen, tokens)
        .await
        .map_err(|error| not_listening(arguments, &error))?;
    let variables = environment::variables(&endpoint);
    if let Some((program, words)) = arguments.command.split_first() {
        let command = served_command::start(program, words, &variables)?;
        tokio::select! {
            never = endpoint.serve() => never,
            exit_code = command.end() => Ok(exit_code?),
        }
    } else {
        let end = served_command::termination().map_err(|error| internal(&error))?;
        output::write_line(environment::exports(&variables).as_bytes())?;
        output::close();
        tokio::select! {
            never = endpoint.serve() => never,
            () = end => Ok(0),
        }
    }
}

fn not_listening(arguments: &ServeArguments, error: &io::Error) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("The endpoint cannot listen on {}: {error}.", arguments.listen),
        "Use another port with --listen, or 127.0.0.1:0 for any that is free.",
    )
}

fn internal(error: &io::Error) -> Error {
    Error::new(
        Status::InternalError,
        format!("The endpoint cannot be served: {error}."),
        "Try again; if it persists, report it as a bug.",
    )
}

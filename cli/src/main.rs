//! The command `graph-token`: Microsoft Entra ID tokens for shells.
//!
//! Standard output carries the result and nothing else; warnings, errors and log lines go to standard error.
//! Ctrl+C ends the process by its signal, which shells report as exit code 130.

mod arguments;
mod client;
mod commands;
mod core_dump;
mod credential;
mod exec_credential;
mod failure;
mod grant;
mod identity_endpoint;
mod log_output;
mod output;
mod secret_input;
mod sign_in;
mod terminal;
mod warnings;

use std::process::ExitCode;

use crate::arguments::{Arguments, CacheCommand, Command};
use crate::commands::{assertion, cache, completions, decode, doctor, get, man_pages, serve};
use crate::warnings::Warnings;

fn main() -> ExitCode {
    core_dump::forbid();
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(answer) => {
            // Help, the version or a usage error. If it cannot be printed, the exit code still tells which.
            let _ = answer.print();
            return ExitCode::from(u8::try_from(answer.exit_code()).unwrap_or(2));
        }
    };
    let json = arguments.command.wants_json();
    let mut warnings = Warnings::new(json);
    let done = |()| 0;
    let outcome = match &arguments.command {
        Command::Get(arguments) => get::run(arguments, &mut warnings).map(done),
        Command::Serve(arguments) => serve::run(arguments, &mut warnings),
        Command::Assertion(arguments) => assertion::run(arguments, &mut warnings).map(done),
        Command::Decode(arguments) => decode::run(arguments).map(done),
        Command::Doctor(arguments) => doctor::run(arguments),
        Command::Cache(CacheCommand::List(arguments)) => cache::list(arguments).map(done),
        Command::Cache(CacheCommand::Clear(arguments)) => cache::clear(arguments).map(done),
        Command::Completions(arguments) => completions::run(arguments).map(done),
        Command::ManPages(arguments) => man_pages::run(arguments).map(done),
    };
    match outcome {
        Ok(exit_code) => {
            warnings.print();
            ExitCode::from(exit_code)
        }
        Err(failure) => {
            failure.print(json, &warnings);
            ExitCode::from(failure.exit_code())
        }
    }
}

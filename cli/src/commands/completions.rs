//! `graph-token completions`: the script by which a shell completes the command line.

use clap::builder::Str;
use clap::{Command, CommandFactory, ValueHint};
use clap_complete::{Shell, generate};

use crate::arguments::{Arguments, CompletionShell, CompletionsArguments};
use crate::failure::Failure;
use crate::output;

/// Prints the script.
pub fn run(arguments: &CompletionsArguments) -> Result<(), Failure> {
    let script = match arguments.shell {
        CompletionShell::Bash => bash_script(),
        CompletionShell::Zsh => script(Shell::Zsh, NAME),
        CompletionShell::Fish => script(Shell::Fish, NAME),
        CompletionShell::PowerShell => script(Shell::PowerShell, NAME),
    };
    output::write_line(script.trim_end().as_bytes())
}

/// The command that is completed.
const NAME: &str = env!("CARGO_PKG_NAME");

/// The script for a command whose name has no hyphen, with which nothing but the first word completes
/// (<https://github.com/clap-rs/clap/issues/6421>), registered for the real name.
fn bash_script() -> String {
    let name = NAME.replace('-', "_");
    script(Shell::Bash, &name).replace(&format!(" {name}\n"), &format!(" {NAME}\n"))
}

fn script(shell: Shell, name: &str) -> String {
    // Written to memory: what writes the script panics when it cannot.
    let mut script = Vec::new();
    generate(shell, &mut with_hints(Arguments::command()), name, &mut script);
    String::from_utf8(script).expect("the script is text")
}

/// `command` with what each value is, by its name in the help: files and folders complete, others do not.
fn with_hints(command: Command) -> Command {
    let command = command.mut_args(|argument| {
        let name = argument.get_value_names().and_then(|names| names.first());
        let hint = match name.map(Str::as_str) {
            Some("FILE") => ValueHint::FilePath,
            Some("FOLDER") => ValueHint::DirPath,
            Some("URL") => ValueHint::Url,
            _ => ValueHint::Other,
        };
        if argument.get_action().takes_values() {
            argument.value_hint(hint)
        } else {
            argument
        }
    });
    command.mut_subcommands(with_hints)
}

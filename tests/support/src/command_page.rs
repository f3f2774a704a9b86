//! The page of a command in the reference, from its parser.

use std::fmt::Write as _;

use clap::{Arg, Command};

use crate::checkout::GENERATED_BY_TESTS;
use crate::markdown;

/// The page: what `--help` says of the command and of each command below it.
pub fn page(command: &Command) -> String {
    // Without the command `help`, which would repeat all others.
    let mut command = command.clone().disable_help_subcommand(true);
    command.build();
    let mut page = format!(
        "<!-- Generated from the command line of {}; {GENERATED_BY_TESTS} -->\n",
        command.get_name()
    );
    write_command(&mut page, &command, "#");
    page
}

fn write_command(page: &mut String, command: &Command, mark: &str) {
    let name = command.get_bin_name().unwrap_or(command.get_name());
    let about = command.get_long_about().or(command.get_about());
    let about = about.map(ToString::to_string).unwrap_or_default();
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").trim_end();
    let _ = write!(page, "\n{mark} {name}\n\n{}\n\n```text\n{usage}\n```\n", prose(&about));
    if command.has_subcommands() {
        let _ = write!(page, "\n| command | meaning |\n|---|---|\n");
        for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
            let name = below.get_bin_name().unwrap_or(below.get_name());
            let about = below.get_about().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(page, "| [`{name}`](#{}) | {} |", name.replace(' ', "-"), cell(&about));
        }
    }
    for heading in headings(command) {
        let arguments = shown(command).filter(|argument| heading_of(argument) == heading);
        let _ = write!(page, "\n**{heading}**\n\n| | meaning | default |\n|---|---|---|\n");
        for argument in arguments {
            page.push_str(&row(argument));
        }
    }
    if let Some(notes) = command.get_after_help() {
        let _ = write!(page, "\n```text\n{}\n```\n", notes.to_string().trim_end());
    }
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        write_command(page, below, "##");
    }
}

/// The arguments that the help shows, without those that every command has.
fn shown(command: &Command) -> impl Iterator<Item = &Arg> {
    command
        .get_arguments()
        .filter(|argument| !argument.is_hide_set() && !["help", "version"].contains(&argument.get_id().as_str()))
}

/// The headings of the arguments, in the order of the help.
fn headings(command: &Command) -> Vec<&str> {
    let mut headings = Vec::new();
    for heading in shown(command).map(heading_of) {
        if !headings.contains(&heading) {
            headings.push(heading);
        }
    }
    headings
}

fn heading_of(argument: &Arg) -> &str {
    let usual = if argument.is_positional() {
        "Arguments"
    } else {
        "Options"
    };
    argument.get_help_heading().unwrap_or(usual)
}

fn row(argument: &Arg) -> String {
    let help = argument.get_long_help().or(argument.get_help());
    let help = help.map(ToString::to_string).unwrap_or_default();
    // A default that is no value is a part of the text.
    let (meaning, said) = help
        .split_once(" [default: ")
        .map_or((help.as_str(), None), |(meaning, rest)| {
            (meaning, rest.strip_suffix(']'))
        });
    let values: Vec<&str> = argument
        .get_default_values()
        .iter()
        .filter_map(|value| value.to_str())
        .collect();
    let default = match said {
        Some(said) => cell(said),
        None if values.is_empty() || !argument.get_action().takes_values() => String::new(),
        None => format!("`{}`", values.join(" ")),
    };
    let possible: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|value| argument.get_action().takes_values() && !value.is_hide_set())
        .map(|value| format!("`{}`", value.get_name()))
        .collect();
    let possible = match possible.as_slice() {
        [] => String::new(),
        values => format!(". One of {}", values.join(", ")),
    };
    let required = if argument.is_required_set() {
        "**required** "
    } else {
        ""
    };
    format!(
        "| `{}` | {required}{}{possible} | {default} |\n",
        markdown::cell(&argument.to_string()),
        cell(meaning)
    )
}

/// A text in a cell of a table.
fn cell(text: &str) -> String {
    markdown::cell(&prose(text))
}

/// A text on one line, with the names of options in it as code, and nothing else that Markdown would take for its own.
fn prose(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(word).collect();
    words.join(" ")
}

fn word(word: &str) -> String {
    let bare = word.trim_end_matches(['.', ',', ';', ':']);
    if bare.starts_with("--") {
        return word.replacen(bare, &format!("`{bare}`"), 1);
    }
    word.replace('\\', "\\\\")
        .replace('<', "&lt;")
        .replace('*', "\\*")
        .replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ArgAction;

    fn greeter() -> Command {
        let name = Arg::new("name").long("name").value_name("NAME").required(true);
        let tone = Arg::new("tone").long("tone").value_parser(["warm", "cold"]);
        let loud = Arg::new("loud").long("loud").action(ArgAction::SetTrue);
        Command::new("greeter").about("Greets").subcommand(
            Command::new("say")
                .about("Says a|b with --tone")
                .after_help("Example:\n  greeter say")
                .args([
                    name.help("Whom to greet"),
                    tone.help("How").default_value("warm"),
                    loud.help("Shout").help_heading("Voice"),
                ]),
        )
    }

    #[test]
    fn a_page_has_every_command_and_argument() {
        let page = page(&greeter());
        for part in [
            "# greeter\n\nGreets\n",
            "| [`greeter say`](#greeter-say) | Says a\\|b with `--tone` |",
            "## greeter say\n",
            "| `--name <NAME>` | **required** Whom to greet |  |",
            "| `--tone <tone>` | How. One of `warm`, `cold` | `warm` |",
            "**Voice**\n\n| | meaning | default |\n|---|---|---|\n| `--loud` | Shout |  |",
            "```text\nExample:\n  greeter say\n```",
        ] {
            assert!(page.contains(part), "{part} is not in\n{page}");
        }
        assert!(!page.contains("--help"), "{page}");
    }
}

//! `graph-token man-pages`: the manual pages.

use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use graphtoken::{Error, Status, shown_path};

use crate::arguments::{Arguments, ManPagesArguments};
use crate::failure::Failure;

/// Writes a page for each command.
pub fn run(arguments: &ManPagesArguments) -> Result<(), Failure> {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    write_all(&command, &arguments.folder)
}

fn write_all(command: &Command, folder: &Path) -> Result<(), Failure> {
    for below in command.get_subcommands() {
        write_all(below, folder)?;
    }
    let source = concat!("graph-token ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone()).source(source).manual("GraphToken");
    let file = folder.join(man.get_filename());
    fs::write(&file, page(&man, command)).map_err(|error| {
        let message = format!("Cannot write {}: {error}.", shown_path(&file));
        Error::new(
            Status::InvalidArgument,
            message,
            "Name a folder that exists and can be written.",
        )
        .into()
    })
}

fn page(man: &Man, command: &Command) -> Vec<u8> {
    let mut page = Vec::new();
    man.render_title(&mut page).expect("memory can be written");
    // A line with one long option cannot be stretched to the margin.
    page.extend(Roff::new().control("ad", ["l"]).render().into_bytes());
    let sections = [
        Man::render_name_section,
        Man::render_synopsis_section,
        Man::render_description_section,
        Man::render_options_section,
    ];
    for render in sections {
        render(man, &mut page).expect("memory can be written");
    }
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)
            .expect("memory can be written");
    }
    if let Some(text) = command.get_after_help() {
        page.extend(notes(&text.to_string()).render().into_bytes());
    }
    page
}

/// What stands below the options in the help, with its line breaks.
fn notes(text: &str) -> Roff {
    let mut notes = Roff::new();
    notes.control("SH", ["NOTES"]).control("nf", []);
    for line in text.lines() {
        notes.text([roman(line)]);
    }
    notes.control("fi", []);
    notes
}

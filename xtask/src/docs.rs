//! The documents as a book with a search, built by mdBook.

mod page;
mod site;
mod source;
mod summary;

use std::process::Command;

use crate::artifacts::target_directory;
use crate::process::{Failure, stream};
use crate::tool::{MDBOOK, program};

/// Builds the book into `target/book/html`, and says whether each of its links leads somewhere.
pub fn run() -> bool {
    build().unwrap_or_else(|failure| {
        eprintln!("{failure}");
        false
    })
}

fn build() -> Result<bool, Failure> {
    let Some(mdbook) = program("mdbook") else {
        return Err(MDBOOK.absence().into());
    };
    let folder = target_directory().join("book");
    source::lay_out(&folder)?;
    stream(Command::new(mdbook).arg("build").arg(&folder))?;
    let site = folder.join(source::SITE);
    let broken = site::broken_links(&site)?;
    for link in &broken {
        println!("{link}");
    }
    println!("{}", site.join("index.html").display());
    Ok(broken.is_empty())
}

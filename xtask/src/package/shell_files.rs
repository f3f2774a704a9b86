//! What a shell shows and completes: manual pages and completions, as the packed commands themselves write them.

use std::path::Path;
use std::process::Command;

use test_support::folder::Folder;

use super::archive::Entries;
use crate::process::{Failure, capture};

/// The shells, and what their file is called.
const SHELLS: [(&str, &str); 4] = [
    ("bash", "graph-token"),
    ("zsh", "_graph-token"),
    ("fish", "graph-token.fish"),
    ("powershell", "graph-token.ps1"),
];

/// The files of commands that run on this machine.
pub struct ShellFiles {
    pages: Folder,
    completions: Vec<(&'static str, &'static str, String)>,
}

impl ShellFiles {
    /// Has the commands write them.
    pub fn of(graph_token: &Path, emulator: &Path) -> Result<Self, Failure> {
        let pages = Folder::new();
        capture(Command::new(graph_token).arg("man-pages").arg(pages.path("")))?;
        pages.write("entra-emulator.1", capture(Command::new(emulator).arg("--man-page"))?);
        let completions = SHELLS.map(|(shell, file)| {
            let script = capture(Command::new(graph_token).args(["completions", shell]))?;
            Ok((shell, file, script))
        });
        let completions = completions.into_iter().collect::<Result<_, Failure>>()?;
        Ok(Self { pages, completions })
    }

    /// Adds the pages to a folder such as `share/man/man1`.
    pub fn add_pages(&self, entries: &mut Entries, folder: &str) -> Result<(), Failure> {
        entries.add_folder(folder, &self.pages.path("")).map(drop)
    }

    /// Adds all scripts to a folder.
    pub fn add_completions(&self, entries: &mut Entries, folder: &str) {
        for (_, file, script) in &self.completions {
            entries.add(format!("{folder}/{file}"), script.as_bytes());
        }
    }

    /// Adds the script of one shell to a folder.
    pub fn add_completion(&self, entries: &mut Entries, shell: &str, folder: &str) {
        for (_, file, script) in self.completions.iter().filter(|(name, _, _)| *name == shell) {
            entries.add(format!("{folder}/{file}"), script.as_bytes());
        }
    }
}

//! Where a block runs.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use test_support::checkout::root;
use test_support::emulator::{CONFIDENTIAL, Emulator, program};
use test_support::fenced_block::FencedBlock;
use test_support::folder::Folder;
use test_support::key_pair::REGISTERED;
use test_support::program::Outcome;

use crate::sample;

/// A folder with the reader's files, and the variables that a reader sets.
pub struct Stage {
    folder: Folder,
    /// Of this stage, not of the reader.
    own: Folder,
    variables: Vec<(&'static str, String)>,
    files: Vec<(&'static str, String)>,
}

impl Stage {
    /// With the application of this emulator.
    pub fn new(emulator: &Emulator) -> Self {
        let stage = Self {
            folder: Folder::new(),
            own: Folder::new(),
            variables: Vec::new(),
            files: Vec::new(),
        };
        stage
            .with_variable("APP_ID", CONFIDENTIAL)
            .with_variable("AUTHORITY", emulator.address())
            .with_file("app.pem", &REGISTERED.read("both.pem"))
            .with_file("cert.pem", &REGISTERED.read("certificate.pem"))
    }

    pub fn with_variable(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    /// The block finds this file, unless it writes that itself.
    pub fn with_file(mut self, name: &'static str, content: &str) -> Self {
        self.files.push((name, content.to_owned()));
        self
    }

    /// Runs a block, which must succeed, and print what its sample shows.
    pub fn run(&self, block: &FencedBlock) {
        for (name, content) in &self.files {
            if !block.text.contains(&format!("> {name}")) {
                self.folder.write(name, content);
            }
        }
        let home = self.folder.path("");
        let mut bash = Command::new("bash");
        bash.arg(root().join("cli/tests/shell_examples/run.sh"))
            .arg(self.own.write("block.sh", &block.text))
            .arg(self.own.path("served"))
            .current_dir(&home)
            .env_clear()
            .env("PATH", path())
            .env("HOME", &home)
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        let outcome = Outcome::of(&mut bash, b"");
        let place = block.place();
        assert_eq!(outcome.code, Some(0), "{place}: {}{}", outcome.stdout, outcome.stderr);
        if let Some(sample) = &block.sample {
            sample::compare(block, sample, &outcome.stdout);
        }
        println!("{place} ran");
    }
}

/// The commands of this build, and what the machine has.
fn path() -> String {
    let commands = [PathBuf::from(env!("CARGO_BIN_EXE_graph-token")), program()];
    let folders = commands
        .iter()
        .filter_map(|command| command.parent().map(Path::to_owned));
    let machine = env::var_os("PATH").unwrap_or_default();
    let all = env::join_paths(folders.chain(env::split_paths(&machine)));
    let all = all.expect("no folder has a separator in its name");
    all.into_string().expect("the path is text")
}

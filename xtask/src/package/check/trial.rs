//! An empty place, in which a package is installed, with the packed emulator and a certificate beside it.

use std::path::{Path, PathBuf};
use std::process::Command;

use test_support::emulator::{self, CONFIDENTIAL};

use crate::package::archive::Entries;
use crate::package::platform::Platform;
use crate::process::{Failure, stream};
use crate::stage::Stage;

/// Gone when dropped.
pub struct Trial {
    stage: Stage,
}

impl Trial {
    /// With the emulator that is packed for this machine.
    pub fn begin() -> Result<Self, Failure> {
        let program = here()?.command("entra-emulator");
        let stage = Stage::set(&program, 1, |pairs| emulator::arguments(&pairs[0].certificate()))?;
        std::fs::create_dir(stage.path("home")).map_err(|error| error.to_string())?;
        Ok(Self { stage })
    }

    /// A place for a file of this name.
    pub fn path(&self, name: &str) -> PathBuf {
        self.stage.path(name)
    }

    /// What a user would have in `$TenantName`.
    pub fn authority(&self) -> String {
        self.stage.authority()
    }

    /// A PEM file with the application's key and certificate.
    pub fn certificate(&self) -> String {
        self.stage.certificate()
    }

    /// Runs a command in the empty place, and returns what it printed.
    pub fn run(&self, command: &mut Command) -> Result<String, Failure> {
        self.run_in("", command)
    }

    /// The same in one of its folders.
    pub fn run_in(&self, folder: &str, command: &mut Command) -> Result<String, Failure> {
        for name in ["XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "PSModulePath"] {
            command.env_remove(name);
        }
        stream(command.current_dir(self.path(folder)).env("HOME", self.path("home")))
    }

    /// Gets a token with the command `graph-token`.
    pub fn get_token(&self, command: &mut Command) -> Result<(), Failure> {
        self.get_token_from(&self.authority(), command)
    }

    /// The same from another emulator, which knows the same application.
    pub fn get_token_from(&self, authority: &str, command: &mut Command) -> Result<(), Failure> {
        command.args([
            "get",
            "--authority",
            authority,
            "--client-id",
            CONFIDENTIAL,
            "--certificate",
        ]);
        command.arg(self.certificate());
        expect_token(&self.run(command)?)
    }

    /// Gets a token with a program made from `get_token.c`.
    pub fn get_token_in_c(&self, command: &mut Command) -> Result<(), Failure> {
        command.args([&self.authority(), CONFIDENTIAL]).arg(self.certificate());
        expect_token(&self.run(command)?)
    }

    /// Unpacks a tarball or a zip file, and returns the one folder in it.
    pub fn unpack(&self, file: &Path) -> Result<PathBuf, Failure> {
        let name = file.file_name().unwrap_or_default().display().to_string();
        let name = name.trim_end_matches(".tar.gz").trim_end_matches(".zip").to_owned();
        if file.extension().is_some_and(|ending| ending == "zip") {
            Entries::of_zip(file)?.unpack(&self.path(""))?;
        } else {
            self.run(Command::new("tar").arg("-xzf").arg(file))?;
        }
        Ok(self.path(&name))
    }
}

/// The platform of this machine, for which packages are made.
pub fn here() -> Result<&'static Platform, Failure> {
    Platform::of_this_machine().ok_or_else(|| "nothing is packed for this machine".to_owned().into())
}

/// Refuses an output of which no line is a token.
pub fn expect_token(output: &str) -> Result<(), Failure> {
    let is_token = |line: &str| line.split('.').count() == 3 && line.starts_with("ey");
    if output.lines().any(is_token) {
        Ok(())
    } else {
        Err("no line is a token".to_owned().into())
    }
}

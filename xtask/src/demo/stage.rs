//! The stand-in service, and what the users have: a certificate, a name and a password.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::journal::Journal;
use crate::artifacts::release_command;
use crate::certificate;
use crate::process::Failure;

pub const CLIENT_ID: &str = "11111111-1111-1111-1111-111111111111";
pub const USER: &str = "alice@contoso.onmicrosoft.com";
pub const SCOPE: &str = "User.Read";

/// With everything that hand-written scripts get wrong.
const PASSWORD: &str = "p\u{e4}ss w\u{f6}rd +&=% \u{20ac}";
const TENANT: &str = "contoso.onmicrosoft.com";

/// A running emulator and a folder of files; both gone when dropped.
pub struct Stage {
    emulator: Child,
    address: String,
    folder: TempDir,
}

impl Stage {
    pub fn set() -> Result<Self, Failure> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        certificate::make(&folder.path().join(CERTIFICATE))?;
        fs::write(folder.path().join(PASSWORD_FILE), PASSWORD).map_err(|error| error.to_string())?;
        let app = format!("{CLIENT_ID}:cert={}", folder.path().join(CERTIFICATE).display());
        let mut emulator = Command::new(release_command("entra-emulator"))
            .args([
                "--tenant",
                TENANT,
                "--app",
                &app,
                "--user",
                &format!("{USER}:{PASSWORD}"),
                "--exit-with-stdin",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("the emulator does not start: {error}"))?;
        let mut address = String::new();
        if let Some(output) = emulator.stdout.as_mut() {
            BufReader::new(output)
                .read_line(&mut address)
                .map_err(|error| error.to_string())?;
        }
        Ok(Self {
            emulator,
            address: address.trim_end().to_owned(),
            folder,
        })
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// What a user would have in `$TenantName`.
    pub fn authority(&self) -> String {
        format!("{}/{TENANT}", self.address)
    }

    /// A PEM file with key and certificate.
    pub fn certificate(&self) -> PathBuf {
        self.path(CERTIFICATE)
    }

    /// A file that holds the user's password and nothing else.
    pub fn password_file(&self) -> PathBuf {
        self.path(PASSWORD_FILE)
    }

    /// A place for something that is made for the demo.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn journal(&self) -> Journal {
        Journal::of(&self.address)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // It would end with this program anyway: its standard input closes.
        let _ = self.emulator.kill();
        let _ = self.emulator.wait();
    }
}

const CERTIFICATE: &str = "app.pem";
const PASSWORD_FILE: &str = "password.txt";

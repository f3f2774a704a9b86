//! The stand-in service, and what the users have: a certificate, a name and a password.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::journal::Journal;
use crate::artifacts::release_command;
use crate::certificate;
use crate::process::Failure;
use crate::service::Service;

pub const CLIENT_ID: &str = "11111111-1111-1111-1111-111111111111";
pub const USER: &str = "alice@contoso.onmicrosoft.com";
pub const SCOPE: &str = "User.Read";

/// With everything that hand-written scripts get wrong.
const PASSWORD: &str = "p\u{e4}ss w\u{f6}rd +&=% \u{20ac}";
const TENANT: &str = "contoso.onmicrosoft.com";

/// A running emulator and a folder of files; both gone when dropped.
pub struct Stage {
    emulator: Service,
    folder: TempDir,
}

impl Stage {
    pub fn set() -> Result<Self, Failure> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        certificate::make(&folder.path().join(CERTIFICATE))?;
        fs::write(folder.path().join(PASSWORD_FILE), PASSWORD).map_err(|error| error.to_string())?;
        let app = format!("{CLIENT_ID}:cert={}", folder.path().join(CERTIFICATE).display());
        let user = format!("{USER}:{PASSWORD}");
        let arguments = ["--exit-with-stdin", "--tenant", TENANT, "--app", &app, "--user", &user];
        let emulator = Service::start(&release_command("entra-emulator"), &arguments)?;
        Ok(Self { emulator, folder })
    }

    pub fn address(&self) -> &str {
        self.emulator.address()
    }

    /// What a user would have in `$TenantName`.
    pub fn authority(&self) -> String {
        format!("{}/{TENANT}", self.address())
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
        Journal::of(self.address())
    }
}

const CERTIFICATE: &str = "app.pem";
const PASSWORD_FILE: &str = "password.txt";

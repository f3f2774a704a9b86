//! What every part of a run measures against: services on this machine, and a certificate.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::Extent;
use super::build::Benches;
use crate::artifacts::release_command;
use crate::certificate;
use crate::process::Failure;
use crate::service::Service;

/// How long the slow service takes.
pub const DELAY_MILLISECONDS: u32 = 50;

pub const CLIENT_ID: &str = "11111111-2222-3333-4444-555555555555";

/// Running services and a folder of files; all gone when dropped.
pub struct Stage {
    pub extent: Extent,
    pub benches: Benches,
    /// Answers at once.
    pub service: Service,
    /// Answers after [`DELAY_MILLISECONDS`].
    pub slow_service: Service,
    /// Its tokens are to be renewed a second after they were issued, and live for 20 more.
    pub renewing_service: Service,
    /// Its tokens live for an hour and were to be renewed before they were issued.
    pub long_renewing_service: Service,
    folder: TempDir,
}

impl Stage {
    pub fn set(extent: Extent, benches: Benches) -> Result<Self, Failure> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        certificate::make(&folder.path().join(CERTIFICATE))?;
        let start = |options: &[&str]| Service::start(&release_command("canned-service"), options);
        let delay = DELAY_MILLISECONDS.to_string();
        Ok(Self {
            extent,
            benches,
            service: start(&[])?,
            slow_service: start(&["--delay-ms", &delay])?,
            renewing_service: start(&["--refresh-in", "1", "--expires-in", "21", "--delay-ms", "500"])?,
            long_renewing_service: start(&["--refresh-in", "-400", "--delay-ms", "500"])?,
            folder,
        })
    }

    /// The address of a tenant of the first service.
    pub fn authority(&self) -> String {
        format!("{}/contoso.onmicrosoft.com", self.service.address())
    }

    /// A PEM file with key and certificate.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join(CERTIFICATE)
    }

    /// A place for files that are made for the run.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// This many in a full run, or as few as do in a quick one.
    pub fn runs(&self, full: usize, quick: usize) -> usize {
        match self.extent {
            Extent::Full => full,
            Extent::Quick => quick,
        }
    }
}

const CERTIFICATE: &str = "app.pem";

//! What the programs of a command run against: a stand-in for the token service, certificates, and files.

use std::path::{Path, PathBuf};

use test_support::control::Control;
use test_support::emulator::TENANT;
use test_support::folder::Folder;
use test_support::key_pair::KeyPair;
use test_support::service::Service;

use crate::process::Failure;

/// A running service and a folder of files; both gone when dropped.
pub struct Stage {
    service: Service,
    pairs: Vec<KeyPair>,
    folder: Folder,
}

impl Stage {
    /// Makes so many certificates, at least one, and starts a service with the arguments that follow from them.
    pub fn set(
        program: &Path,
        certificates: usize,
        arguments: impl FnOnce(&[KeyPair]) -> Vec<String>,
    ) -> Result<Self, Failure> {
        let pairs: Vec<KeyPair> = (0..certificates)
            .map(|_| KeyPair::valid_for_decades())
            .collect::<Result<_, _>>()?;
        Ok(Self {
            service: Service::start(program, &arguments(&pairs))?,
            pairs,
            folder: Folder::new(),
        })
    }

    /// The service's address.
    pub fn address(&self) -> &str {
        self.service.address()
    }

    /// What a user would have in `$TenantName`.
    pub fn authority(&self) -> String {
        format!("{}/{TENANT}", self.address())
    }

    /// A PEM file with the first key and its certificate.
    pub fn certificate(&self) -> String {
        self.pairs[0].both()
    }

    /// A place for a file of this name.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path(name)
    }

    /// Writes a file of this name.
    pub fn write(&self, name: &str, content: &str) {
        self.folder.write(name, content);
    }

    /// The journal and the faults of a service that is an emulator.
    pub fn control(&self) -> Control {
        Control::of(self.address())
    }
}

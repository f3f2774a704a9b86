//! The files that hold a certificate and its private key, and whether they have changed since they were read.
//!
//! Secrets that are mounted into a container are replaced while the program runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::base::error::Result;
use crate::base::pasted;
use crate::base::secret::Secret;
use crate::certificate::Certificate;
use crate::certificate::encryption::passphrase::Passphrase;
use crate::certificate::file::CertificateFile;
use crate::certificate::key::PrivateKey;

/// One file with both, or two files, and their password.
pub(crate) struct CertificateSource {
    certificate: PathBuf,
    private_key: Option<PathBuf>,
    password: Option<Secret>,
}

impl CertificateSource {
    /// Ignores what was pasted around a path, resolves relative paths against the current directory, and keeps the
    /// password for reading the files again.
    pub(crate) fn new(certificate: &Path, private_key: Option<&Path>, password: Option<&Secret>) -> Self {
        let absolute = |path: &Path| {
            let path = pasted::path(path);
            std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
        };
        Self {
            certificate: absolute(certificate),
            private_key: private_key.map(absolute),
            password: password.cloned(),
        }
    }

    /// Reads the chain, leaf first, and the private key of the leaf, as
    /// [`Bundle::into_pair`](super::bundle::Bundle::into_pair) chooses them.
    ///
    /// # Errors
    /// The message names the file.
    pub(crate) fn read(&self, now: SystemTime) -> Result<(Vec<Certificate>, PrivateKey)> {
        let certificate = CertificateFile::read(&self.certificate)?;
        let private_key = self.private_key.as_deref().map(CertificateFile::read).transpose()?;
        read_pair(&certificate, private_key.as_ref(), self.password.as_ref(), now)
    }

    /// The present revision of the files. Must be taken before they are read: a change during reading then shows later.
    pub(crate) fn revision(&self) -> Revision {
        let now = SystemTime::now();
        Revision {
            certificate: FileRevision::of(&self.certificate, now),
            private_key: self.private_key.as_deref().and_then(|path| FileRevision::of(path, now)),
        }
    }
}

/// Reads the chain and the private key, as [`CertificateSource::read`] does, from files that were read before.
pub(crate) fn read_pair(
    certificate: &CertificateFile,
    private_key: Option<&CertificateFile>,
    password: Option<&Secret>,
    now: SystemTime,
) -> Result<(Vec<Certificate>, PrivateKey)> {
    // Each file may spend all rounds of key derivation.
    let mut bundle = certificate.bundle(&Passphrase::new(password)?)?;
    if let Some(file) = private_key {
        bundle = bundle.with_keys_of(file.bundle(&Passphrase::new(password)?)?);
    }
    let key_file = private_key.unwrap_or(certificate);
    bundle.into_pair(now).map_err(|error| key_file.named_in(&error))
}

/// The state of the files according to the file system.
pub(crate) struct Revision {
    certificate: Option<FileRevision>,
    private_key: Option<FileRevision>,
}

impl Revision {
    /// Whether the contents may have changed between this revision and `now`.
    pub(crate) fn may_differ_from(&self, now: &Self) -> bool {
        let differs = |then: &Option<FileRevision>, now: &Option<FileRevision>| match (then, now) {
            (Some(then), Some(now)) => then.recent || then != now,
            // A pipe cannot be read again, nor a file that is gone.
            _ => false,
        };
        differs(&self.certificate, &now.certificate) || differs(&self.private_key, &now.private_key)
    }
}

#[derive(PartialEq, Eq)]
struct FileRevision {
    modified: Option<SystemTime>,
    created: Option<SystemTime>,
    length: u64,
    /// Whether the file had been written just before: another change within the same tick of the file system's clock
    /// would leave the time unchanged.
    recent: bool,
}

/// The longest tick of a file system's clock: two seconds on FAT.
const LONGEST_TICK: Duration = Duration::from_secs(2);

impl FileRevision {
    /// `None` if `path` is not a regular file.
    fn of(path: &Path, now: SystemTime) -> Option<Self> {
        let facts = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        let modified = facts.modified().ok();
        Some(Self {
            recent: modified.is_some_and(|time| now.duration_since(time).is_ok_and(|age| age <= LONGEST_TICK)),
            modified,
            created: facts.created().ok(),
            length: facts.len(),
        })
    }
}

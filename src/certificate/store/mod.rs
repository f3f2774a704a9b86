//! The certificate store of the operating system.

mod candidate;
#[cfg(all(unix, not(target_vendor = "apple")))]
pub mod dotnet;
pub mod search;
#[cfg(windows)]
pub mod windows;

use crate::base::error::Result;
use crate::certificate::signing::SigningCertificate;
use crate::certificate::store::search::CertificateSearch;

#[cfg(all(unix, not(target_vendor = "apple")))]
use crate::certificate::store::dotnet as system;
#[cfg(windows)]
use crate::certificate::store::windows as system;

/// Finds the certificate that `search` is for in the store of this system, and opens its private key.
///
/// On Windows these are `CurrentUser\My` and `LocalMachine\My`. On Linux and its like, which have no store of their
/// own, it is the folder in which .NET keeps `CurrentUser\My`. The keychain of macOS is not read.
///
/// # Errors
/// Those of [`CertificateSearch::choose`]; [`Status::PrivateKeyInaccessible`](crate::base::error::Status) when the key of the
/// chosen certificate cannot be used by this account; [`Status::InvalidArgument`](crate::base::error::Status) where the store
/// of the system is not read.
pub fn open(search: CertificateSearch) -> Result<SigningCertificate> {
    system::open(search)
}

#[cfg(not(any(windows, all(unix, not(target_vendor = "apple")))))]
mod system {
    use super::{CertificateSearch, Result, SigningCertificate};
    use crate::base::error::{Error, Status};

    pub(super) fn open(_: CertificateSearch) -> Result<SigningCertificate> {
        Err(Error::new(
            Status::InvalidArgument,
            "the certificate store of this system is not read",
            "Name a PFX or PEM file with the certificate and its private key.",
        ))
    }
}

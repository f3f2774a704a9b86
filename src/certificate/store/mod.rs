//! The certificate store of the operating system.

mod candidate;
#[cfg(all(unix, not(target_vendor = "apple")))]
pub mod dotnet;
mod path;
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

/// Runs `search` in the store of this system, and opens the private key of the certificate that it chooses.
///
/// On Windows, the stores are `CurrentUser\My` and `LocalMachine\My`. Linux and similar systems have no store of their
/// own; there it is the folder in which .NET keeps `CurrentUser\My`. The keychain of macOS is not supported.
///
/// # Errors
/// As for [`CertificateSearch::choose`]; [`Status::PrivateKeyInaccessible`](crate::base::error::Status) if this account
/// cannot use the private key; [`Status::InvalidArgument`](crate::base::error::Status) on systems whose store is not
/// supported.
pub fn open(search: CertificateSearch) -> Result<SigningCertificate> {
    system::open(search)
}

#[cfg(not(any(windows, all(unix, not(target_vendor = "apple")))))]
mod system {
    use super::{CertificateSearch, Result, SigningCertificate};
    use crate::base::error::{Error, Status};
    use crate::base::parameter::CERTIFICATE_FILE;

    pub(super) fn open(_: CertificateSearch) -> Result<SigningCertificate> {
        Err(Error::new(
            Status::InvalidArgument,
            "The certificate store of this operating system is not supported.",
            format!("Use {CERTIFICATE_FILE} with a PFX or PEM file of the certificate and its private key."),
        ))
    }
}

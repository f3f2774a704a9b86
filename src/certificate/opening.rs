//! A certificate by its path, which may be that of a file or one in a certificate store.

use std::path::Path;

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::PRIVATE_KEY_FILE;
use crate::base::secret::Secret;
use crate::certificate::signing::SigningCertificate;
use crate::certificate::store;
use crate::certificate::store::search::CertificateSearch;

/// Reads a certificate and its private key from files, as [`SigningCertificate::from_files`] does, or opens the
/// certificate of the store if `path` is one of PowerShell's drive `Cert:`, such as `Cert:\CurrentUser\My\A1B2...`.
///
/// # Errors
/// As for [`SigningCertificate::from_files`] and [`store::open`]; [`Status::InvalidArgument`] for a store that is not
/// searched, and for a file of the private key beside a certificate of a store.
pub fn open(path: &Path, private_key: Option<&Path>, password: Option<&Secret>) -> Result<SigningCertificate> {
    match path.to_str().and_then(CertificateSearch::by_store_path) {
        None => SigningCertificate::from_files(path, private_key, password),
        Some(_) if private_key.is_some() => Err(Error::new(
            Status::InvalidArgument,
            format!("{PRIVATE_KEY_FILE} was given for a certificate of a store, which has its private key there."),
            format!("Leave out {PRIVATE_KEY_FILE}."),
        )),
        Some(search) => store::open(search?),
    }
}

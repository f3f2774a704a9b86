//! The folder in which .NET keeps its certificate store `CurrentUser\My` on Unix systems.
//!
//! Each certificate is a PFX file without a password in `~/.dotnet/corefx/cryptography/x509stores/my`. Intermediate
//! authorities are in the folder `ca` next to it. There is no store `LocalMachine\My`. Source: the .NET runtime's
//! `OpenSslDirectoryBasedStoreProvider`. The layout is not documented, but has not changed since .NET Core 1.0.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::base::error::Result;
use crate::base::short_list;
use crate::certificate::Certificate;
use crate::certificate::encryption::passphrase::Passphrase;
use crate::certificate::file::CertificateFile;
use crate::certificate::file::bundle::Bundle;
use crate::certificate::signing::SigningCertificate;
use crate::certificate::store::path::{MACHINE_STORE, USER_STORE};
use crate::certificate::store::search::CertificateSearch;

/// The folder of all stores, relative to the home directory.
const STORES: &str = ".dotnet/corefx/cryptography/x509stores";

/// Finds the certificate, and reads it with its private key and its chain as far as the stores hold it.
///
/// # Errors
/// As for [`CertificateSearch::choose`].
pub(crate) fn open(search: CertificateSearch) -> Result<SigningCertificate> {
    open_in(&std::env::home_dir().unwrap_or_default().join(STORES), search)
}

fn open_in(stores: &Path, mut search: CertificateSearch) -> Result<SigningCertificate> {
    let folder = stores.join("my");
    let place = folder.display().to_string();
    let (place, files, problem) = match pfx_files(&folder) {
        _ if !search.includes(USER_STORE) => (
            MACHINE_STORE,
            Vec::new(),
            Some("this system has no such store".to_owned()),
        ),
        Ok(files) => (&*place, files, None),
        Err(error) if error.kind() == ErrorKind::NotFound => (&*place, Vec::new(), Some("no such folder".to_owned())),
        Err(error) => (&*place, Vec::new(), Some(error.to_string())),
    };
    search.searched(place, problem.as_deref());
    let mut found = Vec::new();
    for path in files {
        match read(&path) {
            Ok((certificate, has_private_key)) => {
                search.add(place, certificate.der().to_vec(), has_private_key);
                found.push((path, certificate));
            }
            Err(error) => search.searched(&path.display().to_string(), Some(error.message())),
        }
    }
    let (path, chosen) = found.swap_remove(search.choose(SystemTime::now())?);
    let mut bundle = bundle(&path)?;
    let authorities = pfx_files(&stores.join("ca")).unwrap_or_default();
    let authorities = authorities.iter().filter_map(|path| read(path).ok());
    let issuers = found.into_iter().map(|(_, issuer)| issuer);
    for issuer in issuers.chain(authorities.map(|(issuer, _)| issuer)) {
        // Another certificate for the same key, such as its successor, is not an issuer and must not replace it.
        if issuer.public_key() != chosen.public_key() {
            bundle.add_certificate(Ok(issuer), None);
        }
    }
    SigningCertificate::from_bundle(bundle)
}

/// The regular PFX files in `folder`, sorted by name, so that equal searches have equal results.
fn pfx_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let paths = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths.collect::<io::Result<Vec<PathBuf>>>()?;
    // A pipe would be waited for.
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "pfx") && path.is_file());
    short_list::sort(&mut paths, |one, other| one < other);
    Ok(paths)
}

/// The certificate in a file of a store, and whether the file has its private key.
fn read(path: &Path) -> Result<(Certificate, bool)> {
    let bundle = bundle(path)?;
    let has_key = bundle.has_key();
    Ok((bundle.into_chain()?.swap_remove(0), has_key))
}

fn bundle(path: &Path) -> Result<Bundle> {
    CertificateFile::read(path)?.bundle(&Passphrase::new(None)?)
}

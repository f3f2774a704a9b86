//! The certificate stores of Windows, whose private keys sign without leaving their provider.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use aws_lc_rs::digest::{SHA256, digest};

use crate::base::algorithm::SignatureAlgorithm;
use crate::base::error::{Error, Result, Status};
use crate::certificate::Certificate;
use crate::certificate::file::bundle::Bundle;
use crate::certificate::key::{Signer, SignerError};
use crate::certificate::signing::SigningCertificate;
use crate::certificate::store::path::{MACHINE_STORE, USER_STORE};
use crate::certificate::store::search::CertificateSearch;
use crate::os::windows::certificate_store::{Location, Store};
use crate::os::windows::error_text::Reason;
use crate::os::windows::key::{KeyHandle, Padding};

/// The stores in the order of the search, with the names that administrators use.
const STORES: [(&str, Location); 2] = [
    (USER_STORE, Location::CurrentUser),
    (MACHINE_STORE, Location::LocalMachine),
];

/// Runs `search` in `CurrentUser\My` and `LocalMachine\My`, and opens the private key of the chosen certificate.
///
/// The key signs in its provider and is never exported. Windows shows no dialog: a key that requires a PIN or consent
/// is refused. The chain is built without access to the network.
///
/// # Errors
/// As for [`CertificateSearch::choose`], and [`Status::PrivateKeyInaccessible`].
pub fn open(mut search: CertificateSearch) -> Result<SigningCertificate> {
    let mut found = Vec::new();
    for (place, location) in STORES {
        match Store::open(location) {
            Ok(store) => {
                for context in store.certificates() {
                    search.add(place, context.der().to_vec(), context.has_private_key());
                    found.push(context);
                }
                search.searched(place, None);
            }
            Err(reason) => search.searched(place, Some(&reason.to_string())),
        }
    }
    let index = search.choose(SystemTime::now())?;
    let context = found.swap_remove(index);
    drop(found);
    let certificate = Certificate::from_der(context.der().to_vec())?;
    let mut bundle = Bundle::default();
    bundle.add_certificate(Ok(certificate.clone()), None);
    for issuer in context
        .issuers()
        .into_iter()
        .filter_map(|der| Certificate::from_der(der).ok())
    {
        bundle.add_certificate(Ok(issuer), None);
    }
    let key = KeyHandle::acquire(context).map_err(|reason| search.key_refused(index, &reason.to_string()))?;
    let signer = StoreKey {
        key: Mutex::new(key),
        certificate,
        search,
        index,
    };
    SigningCertificate::from_bundle_with_signer(bundle, Arc::new(signer))
}

/// The private key of the certificate at `index` of `search`.
struct StoreKey {
    /// Locked, because not every provider supports calls with one handle from several threads.
    key: Mutex<KeyHandle>,
    certificate: Certificate,
    search: CertificateSearch,
    index: usize,
}

impl Signer for StoreKey {
    fn sign(&self, algorithm: SignatureAlgorithm, signing_input: &[u8]) -> std::result::Result<Vec<u8>, SignerError> {
        let digest = digest(&SHA256, signing_input);
        let length = self
            .certificate
            .signing_key()
            .map_err(SignerError::Failed)?
            .signature_length();
        let padding = match algorithm {
            SignatureAlgorithm::Ps256 => Padding::Pss,
            SignatureAlgorithm::Rs256 => Padding::Pkcs1,
        };
        let key = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        let signature = key
            .sign(padding, digest.as_ref(), length)
            .map_err(|reason| self.explain(algorithm, reason))?;
        // TPMs of early 2.0 specifications use the longest possible salt instead of the requested 32 bytes.
        let has_other_salt =
            algorithm == SignatureAlgorithm::Ps256 && !self.certificate.verify(algorithm, signing_input, &signature);
        if has_other_salt {
            Err(SignerError::AlgorithmUnsupported)
        } else {
            Ok(signature)
        }
    }

    fn provider(&self) -> &'static str {
        "Windows certificate store"
    }
}

impl StoreKey {
    fn explain(&self, algorithm: SignatureAlgorithm, reason: Reason) -> SignerError {
        if algorithm == SignatureAlgorithm::Ps256 && reason.means_unsupported() {
            SignerError::AlgorithmUnsupported
        } else if reason.means_refused() {
            SignerError::Failed(self.search.key_refused(self.index, &reason.to_string()))
        } else {
            SignerError::Failed(Error::new(
                Status::SigningFailed,
                format!(
                    "Signing with the private key of the certificate {} failed: {reason}.",
                    self.certificate.name()
                ),
                "Check the provider of the key (certutil -v -store my); a smart card or TPM may be missing or locked.",
            ))
        }
    }
}

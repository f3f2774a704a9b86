//! The certificate stores of Windows, and keys that sign where they are.
//!
//! Besides the C boundary the only file with `unsafe` code: every handle has an owner here that releases it, and nothing
//! of the operating system's interface goes out.

use std::ffi::c_void;
use std::fmt;
use std::io;
use std::ptr;
use std::slice;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use aws_lc_rs::digest::{SHA256, digest};
use windows_sys::Win32::Foundation as foundation;
use windows_sys::Win32::Security::Cryptography as cryptography;
use windows_sys::core::w;

use crate::bundle::Bundle;
use crate::certificate::Certificate;
use crate::certificate_search::CertificateSearch;
use crate::error::{Error, Result, Status};
use crate::key::{SignatureAlgorithm, Signer, SignerError};
use crate::signing_certificate::SigningCertificate;

/// The stores in the order in which they are searched, as administrators write them.
const STORES: [(&str, u32); 2] = [
    ("CurrentUser\\My", cryptography::CERT_SYSTEM_STORE_CURRENT_USER),
    ("LocalMachine\\My", cryptography::CERT_SYSTEM_STORE_LOCAL_MACHINE),
];

/// Finds the certificate that `search` is for in `CurrentUser\My` and `LocalMachine\My`, and opens its private key
/// where it is: the key signs, and is never read. Nothing asks a person for anything, so that a key that wants a PIN or
/// a consent is refused. The chain is what Windows knows without asking the network.
///
/// # Errors
/// Those of [`CertificateSearch::choose`], and [`Status::PrivateKeyInaccessible`].
pub(crate) fn open(mut search: CertificateSearch) -> Result<SigningCertificate> {
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
    for issuer in context.issuers() {
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

/// A private key of a store, for the certificate at `index` of `search`.
struct StoreKey {
    /// Locked, because not every provider takes calls with one handle from several threads.
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
        let key = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        let signature = key
            .sign(algorithm, digest.as_ref(), length)
            .map_err(|reason| self.explain(algorithm, reason))?;
        // TPMs of the first 2.0 specifications salt with as many bytes as there is room for, not with 32 as asked.
        let is_salted_otherwise =
            algorithm == SignatureAlgorithm::Ps256 && !self.certificate.verify(algorithm, signing_input, &signature);
        if is_salted_otherwise {
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
                    "the private key of {} did not sign: {reason}",
                    self.certificate.subject()
                ),
                "Look at the key's provider (certutil -store -v my shows it); a smart card or TPM may be gone or locked.",
            ))
        }
    }
}

/// A system store that is open for reading.
struct Store(cryptography::HCERTSTORE);

impl Store {
    fn open(location: u32) -> std::result::Result<Self, Reason> {
        let flags = location | cryptography::CERT_STORE_READONLY_FLAG;
        // SAFETY: this provider takes the name of the store as UTF-16 with a NUL at its end.
        let store = unsafe {
            cryptography::CertOpenStore(cryptography::CERT_STORE_PROV_SYSTEM_W, 0, 0, flags, w!("My").cast())
        };
        if store.is_null() {
            Err(Reason::last())
        } else {
            Ok(Self(store))
        }
    }

    fn certificates(&self) -> Vec<Context> {
        let mut found = Vec::new();
        let mut current: *mut cryptography::CERT_CONTEXT = ptr::null_mut();
        loop {
            // SAFETY: the store is open; the call releases `current`, which nobody else holds.
            current = unsafe { cryptography::CertEnumCertificatesInStore(self.0, current) };
            if current.is_null() {
                return found;
            }
            // SAFETY: `current` is a live certificate.
            found.push(Context(unsafe {
                cryptography::CertDuplicateCertificateContext(current)
            }));
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // SAFETY: the store is open and closed once; without flags the certificates taken from it stay alive.
        unsafe { cryptography::CertCloseStore(self.0, 0) };
    }
}

/// A certificate of a store, with what the store knows about its private key.
struct Context(*mut cryptography::CERT_CONTEXT);

// SAFETY: certificate contexts are reference-counted and immutable but for their properties, which Windows guards.
unsafe impl Send for Context {}

impl Context {
    fn der(&self) -> &[u8] {
        // SAFETY: the context is alive as long as `self`, and its encoded form never changes.
        unsafe { bytes_of(self.0) }
    }

    fn has_private_key(&self) -> bool {
        [
            cryptography::CERT_KEY_PROV_INFO_PROP_ID,
            cryptography::CERT_KEY_CONTEXT_PROP_ID,
            cryptography::CERT_NCRYPT_KEY_HANDLE_PROP_ID,
        ]
        .into_iter()
        .any(|property| {
            let mut size = 0;
            // SAFETY: without a buffer only the size is told.
            unsafe {
                cryptography::CertGetCertificateContextProperty(self.0, property, ptr::null_mut(), &raw mut size) != 0
            }
        })
    }

    /// The certificates that lead from this one to a root, as far as this machine has them.
    fn issuers(&self) -> Vec<Certificate> {
        let parameters = cryptography::CERT_CHAIN_PARA {
            cbSize: size_of::<cryptography::CERT_CHAIN_PARA>() as u32,
            ..Default::default()
        };
        let offline = cryptography::CERT_CHAIN_CACHE_ONLY_URL_RETRIEVAL | cryptography::CERT_CHAIN_DISABLE_AIA;
        let mut chain = ptr::null_mut();
        // SAFETY: the context is alive, the parameters are whole, and `chain` takes the result.
        let built = unsafe {
            let store = (*self.0).hCertStore;
            cryptography::CertGetCertificateChain(
                ptr::null_mut(),
                self.0,
                ptr::null(),
                store,
                &raw const parameters,
                offline,
                ptr::null(),
                &raw mut chain,
            )
        };
        if built == 0 {
            return Vec::new();
        }
        // SAFETY: a chain that was built has lists of as many pointers to live elements as it says.
        unsafe {
            let mut issuers = Vec::new();
            for simple in list((*chain).rgpChain, (*chain).cChain) {
                for element in list((**simple).rgpElement, (**simple).cElement) {
                    let der = bytes_of((**element).pCertContext);
                    issuers.extend(Certificate::from_der(der.to_vec()).ok().filter(|_| der != self.der()));
                }
            }
            cryptography::CertFreeCertificateChain(chain);
            issuers
        }
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: the context is alive, and released once.
        unsafe { cryptography::CertFreeCertificateContext(self.0) };
    }
}

/// A private key as its provider gives it: of CNG (NCRYPT), or of a provider that only the older CryptoAPI knows.
struct KeyHandle {
    handle: usize,
    /// `CERT_NCRYPT_KEY_SPEC` for CNG, else which of the two keys of a CryptoAPI container it is.
    spec: u32,
    is_ours: bool,
    /// A key that is not ours belongs to it.
    _context: Context,
}

impl KeyHandle {
    /// The key of a certificate. CNG comes first, because it opens most keys of the older providers too and can do PSS.
    fn acquire(context: Context) -> std::result::Result<Self, Reason> {
        let flags = cryptography::CRYPT_ACQUIRE_PREFER_NCRYPT_KEY_FLAG | cryptography::CRYPT_ACQUIRE_SILENT_FLAG;
        let (mut handle, mut spec, mut is_ours) = (0, 0, 0);
        // SAFETY: the context is alive, and the three places take the results.
        let acquired = unsafe {
            cryptography::CryptAcquireCertificatePrivateKey(
                context.0,
                flags,
                ptr::null(),
                &raw mut handle,
                &raw mut spec,
                &raw mut is_ours,
            )
        };
        if acquired == 0 {
            return Err(Reason::last());
        }
        Ok(Self {
            handle,
            spec,
            is_ours: is_ours != 0,
            _context: context,
        })
    }

    fn is_cng(&self) -> bool {
        self.spec == cryptography::CERT_NCRYPT_KEY_SPEC
    }

    /// Signs a SHA-256 digest; a signature has `length` bytes.
    fn sign(
        &self,
        algorithm: SignatureAlgorithm,
        digest: &[u8],
        length: usize,
    ) -> std::result::Result<Vec<u8>, Reason> {
        match (self.is_cng(), algorithm) {
            (true, SignatureAlgorithm::Ps256) => {
                let padding = cryptography::BCRYPT_PSS_PADDING_INFO {
                    pszAlgId: cryptography::BCRYPT_SHA256_ALGORITHM,
                    cbSalt: 32,
                };
                self.sign_with_cng(
                    (&raw const padding).cast(),
                    cryptography::NCRYPT_PAD_PSS_FLAG,
                    digest,
                    length,
                )
            }
            (true, SignatureAlgorithm::Rs256) => {
                let padding = cryptography::BCRYPT_PKCS1_PADDING_INFO {
                    pszAlgId: cryptography::BCRYPT_SHA256_ALGORITHM,
                };
                self.sign_with_cng(
                    (&raw const padding).cast(),
                    cryptography::NCRYPT_PAD_PKCS1_FLAG,
                    digest,
                    length,
                )
            }
            (false, SignatureAlgorithm::Ps256) => Err(Reason(foundation::NTE_NOT_SUPPORTED)),
            (false, SignatureAlgorithm::Rs256) => self.sign_with_cryptoapi(digest, length),
        }
    }

    fn sign_with_cng(
        &self,
        padding: *const c_void,
        padding_flag: u32,
        digest: &[u8],
        length: usize,
    ) -> std::result::Result<Vec<u8>, Reason> {
        let mut signature = vec![0; length];
        let mut written = 0;
        // SAFETY: the key is alive, `padding` is what the flag says, and both buffers have the lengths that are given.
        let status = unsafe {
            cryptography::NCryptSignHash(
                self.handle,
                padding,
                digest.as_ptr(),
                digest.len() as u32,
                signature.as_mut_ptr(),
                signature.len() as u32,
                &raw mut written,
                padding_flag | cryptography::NCRYPT_SILENT_FLAG,
            )
        };
        if status != 0 {
            return Err(Reason(status));
        }
        signature.truncate(written as usize);
        Ok(signature)
    }

    fn sign_with_cryptoapi(&self, digest: &[u8], length: usize) -> std::result::Result<Vec<u8>, Reason> {
        let hash = Hash::of(self.handle, digest)?;
        let mut signature = vec![0; length];
        let mut written = signature.len() as u32;
        // SAFETY: the hash and its provider are alive, and the buffer has the length that is given.
        let signed = unsafe {
            cryptography::CryptSignHashW(
                hash.0,
                self.spec,
                ptr::null(),
                0,
                signature.as_mut_ptr(),
                &raw mut written,
            )
        };
        if signed == 0 {
            return Err(Reason::last());
        }
        signature.truncate(written as usize);
        // CryptoAPI writes numbers with the lowest byte first.
        signature.reverse();
        Ok(signature)
    }
}

impl Drop for KeyHandle {
    fn drop(&mut self) {
        if !self.is_ours {
            return;
        }
        // SAFETY: the handle is alive and of this kind, and released once.
        unsafe {
            if self.is_cng() {
                cryptography::NCryptFreeObject(self.handle);
            } else {
                cryptography::CryptReleaseContext(self.handle, 0);
            }
        }
    }
}

/// A finished SHA-256 hash in a CryptoAPI provider.
struct Hash(usize);

impl Hash {
    fn of(provider: usize, digest: &[u8]) -> std::result::Result<Self, Reason> {
        let mut hash = 0;
        // SAFETY: the provider is alive, and `hash` takes the result.
        let made = unsafe { cryptography::CryptCreateHash(provider, cryptography::CALG_SHA_256, 0, 0, &raw mut hash) };
        if made == 0 {
            return Err(Reason::last());
        }
        let hash = Self(hash);
        // SAFETY: the hash is alive, and the digest has the length that this algorithm's digests have.
        let set = unsafe { cryptography::CryptSetHashParam(hash.0, cryptography::HP_HASHVAL, digest.as_ptr(), 0) };
        if set == 0 { Err(Reason::last()) } else { Ok(hash) }
    }
}

impl Drop for Hash {
    fn drop(&mut self) {
        // SAFETY: the hash is alive, and destroyed once.
        unsafe { cryptography::CryptDestroyHash(self.0) };
    }
}

/// Why Windows refused something: an error code, shown with its text.
#[derive(Clone, Copy)]
struct Reason(i32);

impl Reason {
    /// Of the call that just failed on this thread.
    fn last() -> Self {
        Self(io::Error::last_os_error().raw_os_error().unwrap_or_default())
    }

    /// Whether the provider cannot do what was asked. Providers say so in several ways.
    fn means_unsupported(self) -> bool {
        [
            foundation::NTE_NOT_SUPPORTED,
            foundation::NTE_INVALID_PARAMETER,
            foundation::NTE_BAD_FLAGS,
            foundation::NTE_BAD_ALGID,
            foundation::NTE_BAD_TYPE,
        ]
        .contains(&self.0)
    }

    /// Whether the key is not given to this account, or not without asking a person.
    fn means_refused(self) -> bool {
        [
            foundation::NTE_PERM,
            foundation::NTE_BAD_KEYSET,
            foundation::NTE_NO_KEY,
            foundation::NTE_SILENT_CONTEXT,
            foundation::E_ACCESSDENIED,
        ]
        .contains(&self.0)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = io::Error::from_raw_os_error(self.0).to_string();
        // The number at the end of the standard library's text is decimal; this one can be looked up.
        let text = text
            .split(" (os error")
            .next()
            .unwrap_or_default()
            .trim_end_matches('.');
        write!(formatter, "{text} (0x{:08X})", self.0)
    }
}

/// # Safety
/// `context` is a live certificate for as long as the bytes are used.
unsafe fn bytes_of<'a>(context: *const cryptography::CERT_CONTEXT) -> &'a [u8] {
    // SAFETY: a certificate has as many encoded bytes as it says.
    unsafe { slice::from_raw_parts((*context).pbCertEncoded, (*context).cbCertEncoded as usize) }
}

/// # Safety
/// `first` is the first of `count` elements, or `count` is 0.
unsafe fn list<'a, Element>(first: *const Element, count: u32) -> &'a [Element] {
    if count == 0 {
        &[]
    } else {
        // SAFETY: the caller's promise.
        unsafe { slice::from_raw_parts(first, count as usize) }
    }
}

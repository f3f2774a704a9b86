//! System certificate stores, and the certificates in them.

use std::ptr;
use std::slice;

use windows_sys::Win32::Security::Cryptography as cryptography;
use windows_sys::core::w;

use super::error_text::Reason;

/// The location of a system store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// The store of the current user.
    CurrentUser,
    /// The store of the machine.
    LocalMachine,
}

/// The system store `My` of a location, open for reading.
pub struct Store(cryptography::HCERTSTORE);

impl Store {
    /// Opens the store `My`.
    pub fn open(location: Location) -> std::result::Result<Self, Reason> {
        let location = match location {
            Location::CurrentUser => cryptography::CERT_SYSTEM_STORE_CURRENT_USER,
            Location::LocalMachine => cryptography::CERT_SYSTEM_STORE_LOCAL_MACHINE,
        };
        let flags = location | cryptography::CERT_STORE_READONLY_FLAG;
        // SAFETY: this provider expects the name of the store as UTF-16 with a terminating NUL.
        let store = unsafe {
            cryptography::CertOpenStore(cryptography::CERT_STORE_PROV_SYSTEM_W, 0, 0, flags, w!("My").cast())
        };
        if store.is_null() {
            Err(Reason::last())
        } else {
            Ok(Self(store))
        }
    }

    /// The certificates in it.
    pub fn certificates(&self) -> Vec<Context> {
        let mut found = Vec::new();
        let mut current: *mut cryptography::CERT_CONTEXT = ptr::null_mut();
        loop {
            // SAFETY: the store is open; the call releases `current`, which has no other owner.
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
        // SAFETY: the store is open and closed once; without flags, certificates from it stay alive.
        unsafe { cryptography::CertCloseStore(self.0, 0) };
    }
}

/// A certificate in a store, with the properties of its private key.
pub struct Context(*mut cryptography::CERT_CONTEXT);

// SAFETY: certificate contexts are reference-counted and immutable, except for properties, which Windows synchronises.
unsafe impl Send for Context {}

impl Context {
    /// The pointer for calls to Windows, valid as long as `self`.
    pub fn as_ptr(&self) -> *const cryptography::CERT_CONTEXT {
        self.0
    }

    /// The certificate in DER (RFC 5280 section 4.1).
    pub fn der(&self) -> &[u8] {
        // SAFETY: the context is alive as long as `self`, and its encoded form never changes.
        unsafe { bytes_of(self.0) }
    }

    /// Whether the store has a reference to a private key for it.
    pub fn has_private_key(&self) -> bool {
        [
            cryptography::CERT_KEY_PROV_INFO_PROP_ID,
            cryptography::CERT_KEY_CONTEXT_PROP_ID,
            cryptography::CERT_NCRYPT_KEY_HANDLE_PROP_ID,
        ]
        .into_iter()
        .any(|property| {
            let mut size = 0;
            // SAFETY: without a buffer, the call only returns the size.
            unsafe {
                cryptography::CertGetCertificateContextProperty(self.0, property, ptr::null_mut(), &raw mut size) != 0
            }
        })
    }

    /// The issuers of this certificate up to a root, as far as this machine has them, in DER.
    pub fn issuers(&self) -> Vec<Vec<u8>> {
        let parameters = cryptography::CERT_CHAIN_PARA {
            cbSize: size_of::<cryptography::CERT_CHAIN_PARA>() as u32,
            ..Default::default()
        };
        let offline = cryptography::CERT_CHAIN_CACHE_ONLY_URL_RETRIEVAL | cryptography::CERT_CHAIN_DISABLE_AIA;
        let mut chain = ptr::null_mut();
        // SAFETY: the context is alive, the parameters are complete, and `chain` receives the result.
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
        // SAFETY: a chain has lists with the stated numbers of pointers to live elements.
        unsafe {
            let mut issuers = Vec::new();
            for simple in list((*chain).rgpChain, (*chain).cChain) {
                for element in list((**simple).rgpElement, (**simple).cElement) {
                    let der = bytes_of((**element).pCertContext);
                    issuers.extend((der != self.der()).then(|| der.to_vec()));
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

/// # Safety
/// `context` is a live certificate for as long as the bytes are used.
unsafe fn bytes_of<'a>(context: *const cryptography::CERT_CONTEXT) -> &'a [u8] {
    // SAFETY: a certificate has the stated number of encoded bytes.
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

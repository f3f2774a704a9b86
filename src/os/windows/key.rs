//! Private keys that sign in their provider, through CNG or the older CryptoAPI.

use std::ffi::c_void;
use std::ptr;

use windows_sys::Win32::Foundation as foundation;
use windows_sys::Win32::Security::Cryptography as cryptography;

use super::certificate_store::Context;
use super::error_text::Reason;

/// The padding of a digest for a signature (RFC 8017 section 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// RSASSA-PSS with a salt as long as the digest.
    Pss,
    /// RSASSA-PKCS1-v1_5.
    Pkcs1,
}

/// The handle of a private key: from CNG (NCRYPT), or from a provider that only the older CryptoAPI supports.
pub struct KeyHandle {
    handle: usize,
    /// `CERT_NCRYPT_KEY_SPEC` for CNG, otherwise one of the two keys of a CryptoAPI container.
    spec: u32,
    /// Whether the handle must be released here.
    is_ours: bool,
    /// Owns the handle otherwise.
    _context: Context,
}

impl KeyHandle {
    /// Opens the key of a certificate, preferably with CNG, which supports PSS and opens most keys of old providers.
    pub fn acquire(context: Context) -> std::result::Result<Self, Reason> {
        let flags = cryptography::CRYPT_ACQUIRE_PREFER_NCRYPT_KEY_FLAG | cryptography::CRYPT_ACQUIRE_SILENT_FLAG;
        let (mut handle, mut spec, mut is_ours) = (0, 0, 0);
        // SAFETY: the context is alive, and the three variables receive the results.
        let acquired = unsafe {
            cryptography::CryptAcquireCertificatePrivateKey(
                context.as_ptr(),
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

    /// Signs a SHA-256 digest. The signature has `length` bytes.
    pub fn sign(&self, padding: Padding, digest: &[u8], length: usize) -> std::result::Result<Vec<u8>, Reason> {
        match (self.is_cng(), padding) {
            (true, Padding::Pss) => {
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
            (true, Padding::Pkcs1) => {
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
            (false, Padding::Pss) => Err(Reason::of(foundation::NTE_NOT_SUPPORTED)),
            (false, Padding::Pkcs1) => self.sign_with_cryptoapi(digest, length),
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
        // SAFETY: the key is alive, `padding` has the type for the flag, and both buffers have the given lengths.
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
            return Err(Reason::of(status));
        }
        signature.truncate(written as usize);
        Ok(signature)
    }

    fn sign_with_cryptoapi(&self, digest: &[u8], length: usize) -> std::result::Result<Vec<u8>, Reason> {
        let hash = Hash::of(self.handle, digest)?;
        let mut signature = vec![0; length];
        let mut written = signature.len() as u32;
        // SAFETY: the hash and its provider are alive, and the buffer has the given length.
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
        // CryptoAPI writes numbers in little-endian order.
        signature.reverse();
        Ok(signature)
    }
}

impl Drop for KeyHandle {
    fn drop(&mut self) {
        if !self.is_ours {
            return;
        }
        // SAFETY: the handle is alive, of this kind, and released once.
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
        // SAFETY: the provider is alive, and `hash` receives the result.
        let made = unsafe { cryptography::CryptCreateHash(provider, cryptography::CALG_SHA_256, 0, 0, &raw mut hash) };
        if made == 0 {
            return Err(Reason::last());
        }
        let hash = Self(hash);
        // SAFETY: the hash is alive, and the digest has the length for this algorithm.
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

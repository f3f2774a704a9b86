//! Data protection for the current user (DPAPI, "`CryptProtectData` function").
//!
//! Memory that Windows allocates is overwritten and freed here.

use std::io;
use std::ptr;
use std::slice;

use windows_sys::Win32::Foundation::LocalFree;
use windows_sys::Win32::Security::Cryptography::{
    CRYPT_INTEGER_BLOB, CRYPTPROTECT_UI_FORBIDDEN, CryptProtectData, CryptUnprotectData,
};
use zeroize::{Zeroize, Zeroizing};

/// Encrypts `plain`. Only this user on this machine can decrypt the result.
pub fn protect(plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut result = Output::default();
    // SAFETY: the input is a readable slice, which is not changed; unused arguments may be NULL; the output is freed by
    // its owner.
    let done = unsafe {
        CryptProtectData(
            &input(plain)?,
            ptr::null(),
            ptr::null(),
            ptr::null(),
            ptr::null(),
            CRYPTPROTECT_UI_FORBIDDEN,
            &mut result.0,
        )
    };
    if done == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(result.bytes().to_vec())
}

/// Decrypts the result of [`protect`].
pub fn unprotect(protected: &[u8]) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut result = Output::default();
    // SAFETY: as in `protect`.
    let done = unsafe {
        CryptUnprotectData(
            &input(protected)?,
            ptr::null_mut(),
            ptr::null(),
            ptr::null(),
            ptr::null(),
            CRYPTPROTECT_UI_FORBIDDEN,
            &mut result.0,
        )
    };
    if done == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(Zeroizing::new(result.bytes().to_vec()))
}

fn input(bytes: &[u8]) -> io::Result<CRYPT_INTEGER_BLOB> {
    Ok(CRYPT_INTEGER_BLOB {
        cbData: u32::try_from(bytes.len()).map_err(|_| io::ErrorKind::FileTooLarge)?,
        pbData: bytes.as_ptr().cast_mut(),
    })
}

/// Memory that Windows has allocated.
struct Output(CRYPT_INTEGER_BLOB);

impl Default for Output {
    fn default() -> Self {
        Self(CRYPT_INTEGER_BLOB {
            cbData: 0,
            pbData: ptr::null_mut(),
        })
    }
}

impl Output {
    fn bytes(&mut self) -> &mut [u8] {
        if self.0.pbData.is_null() {
            return &mut [];
        }
        // SAFETY: Windows wrote that many bytes there, and there is no other pointer to them.
        unsafe { slice::from_raw_parts_mut(self.0.pbData, self.0.cbData as usize) }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.bytes().zeroize();
        // SAFETY: Windows allocated the memory for its caller to free, or the pointer is NULL.
        unsafe { LocalFree(self.0.pbData.cast()) };
    }
}

//! Encrypts the file with a key: AES-256-GCM (NIST SP 800-38D).
//!
//! The format: `GTC1`, the first 8 bytes of the key's digest, a random nonce of 12 bytes, the ciphertext, a tag of 16
//! bytes. The tag authenticates the bytes before the nonce too.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use zeroize::Zeroizing;

use crate::base::digest::Digest;
use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;
use crate::store::key::StoreKey;

/// The first bytes of an encrypted file.
pub(super) const MAGIC: &[u8] = b"GTC1";

const HEADER_LENGTH: usize = 12;
const NONCE_LENGTH: usize = 12;
const TAG_LENGTH: usize = 16;

/// A key of 32 bytes.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct SealingKey(Secret);

impl SealingKey {
    /// Derives the key for files from a caller's key.
    pub(super) fn of_caller(key: &StoreKey) -> Self {
        Self(Secret::copy_of(&*key.derive(b"token cache files")))
    }

    /// The key with these bytes, if there are 32.
    #[cfg(any(test, not(windows)))]
    pub(super) fn new(bytes: &[u8]) -> Option<Self> {
        (bytes.len() == AES_256_GCM.key_len()).then(|| Self(Secret::copy_of(bytes)))
    }

    /// Encrypts `plain`.
    pub(super) fn seal(&self, plain: &[u8]) -> Result<Vec<u8>> {
        // Encrypting in place overwrites the plain text.
        let mut body = Zeroizing::new(Vec::with_capacity(plain.len() + TAG_LENGTH));
        body.extend_from_slice(plain);
        let header = self.header();
        let nonce = self
            .cipher()?
            .seal_in_place_append_tag(Aad::from(header), &mut *body)
            .map_err(|_| no_cipher())?;
        Ok([&header, nonce.as_ref().as_slice(), &body].concat())
    }

    /// Decrypts what was sealed with this key. The error is a reason for a message.
    pub(super) fn open(&self, sealed: &[u8]) -> std::result::Result<Zeroizing<Vec<u8>>, &'static str> {
        if !sealed.starts_with(MAGIC) {
            return Err("it does not begin like an encrypted cache");
        }
        if sealed.len() < HEADER_LENGTH + NONCE_LENGTH + TAG_LENGTH {
            return Err("it is truncated");
        }
        let (header, rest) = sealed.split_at(HEADER_LENGTH);
        if header != self.header() {
            return Err("it is encrypted with another key");
        }
        let (nonce, body) = rest.split_at(NONCE_LENGTH);
        let damaged = "it was changed after it was written";
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| damaged)?;
        let mut body = Zeroizing::new(body.to_vec());
        let cipher = self.cipher().map_err(|_| "the cipher is not available")?;
        let length = cipher
            .open_in_place(nonce, Aad::from(header), &mut body)
            .map_err(|_| damaged)?
            .len();
        body.truncate(length);
        Ok(body)
    }

    fn header(&self) -> [u8; HEADER_LENGTH] {
        let digest = Digest::of(&[b"token cache", self.0.expose()]);
        let mut header = [0; HEADER_LENGTH];
        header[..MAGIC.len()].copy_from_slice(MAGIC);
        header[MAGIC.len()..].copy_from_slice(&digest.as_bytes()[..HEADER_LENGTH - MAGIC.len()]);
        header
    }

    fn cipher(&self) -> Result<RandomizedNonceKey> {
        RandomizedNonceKey::new(&AES_256_GCM, self.0.expose()).map_err(|_| no_cipher())
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SealingKey(***)")
    }
}

fn no_cipher() -> Error {
    Error::new(
        Status::InternalError,
        "Cannot encrypt the token cache: the cipher or random numbers are not available.",
        "Restart the machine.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> SealingKey {
        SealingKey::new(&[byte; 32]).unwrap()
    }

    #[test]
    fn only_the_same_key_opens_and_nothing_may_be_changed() {
        let sealed = key(1).seal(b"tokens").unwrap();
        assert_eq!(*key(1).open(&sealed).unwrap(), b"tokens");
        assert_ne!(sealed, key(1).seal(b"tokens").unwrap(), "no nonce is used twice");
        assert!(key(2).open(&sealed).unwrap_err().contains("another key"));
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            key(1).open(&changed).unwrap_err();
            key(1).open(&sealed[..at]).unwrap_err();
        }
    }
}

//! The key that the caller protects stored tokens with.

use std::fmt;

use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;

/// How many bytes the key has: those of an AES-256 key.
pub const KEY_LENGTH: usize = 32;

/// A key of 32 random bytes. Who has it can read, and make, what is stored with it.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreKey(Secret);

impl StoreKey {
    /// The key itself, copied. `InvalidArgument` unless there are 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        if bytes.len() == KEY_LENGTH {
            Ok(Self(Secret::copy_of(bytes)))
        } else {
            Err(refused("does not have 32 bytes"))
        }
    }

    /// The key in Base64 (RFC 4648 section 4), as `openssl rand -base64 32` writes it.
    pub fn parse(text: &str) -> Result<Self> {
        let decoded = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| refused("is not Base64"))?);
        Self::from_bytes(&decoded)
    }

    /// A key for one purpose, from which neither this key nor that for another purpose can be found (HKDF, RFC 5869).
    ///
    /// # Panics
    /// Never: 32 bytes are what one step of the derivation gives.
    pub(crate) fn derive(&self, purpose: &[u8]) -> Zeroizing<[u8; KEY_LENGTH]> {
        let mut key = Zeroizing::new([0; KEY_LENGTH]);
        let source = Salt::new(HKDF_SHA256, b"graphtoken token store").extract(self.0.expose());
        let parts = [purpose];
        source
            .expand(&parts, HKDF_SHA256)
            .and_then(|derived| derived.fill(&mut *key))
            .expect("the length is that of the digest");
        key
    }
}

impl fmt::Debug for StoreKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("StoreKey(***)")
    }
}

fn refused(what: &str) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("The key for stored tokens {what}."),
        "Make one with `openssl rand -base64 32` and give the same to every process that shares the tokens.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_32_bytes_in_base64() {
        let text = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        let key = StoreKey::parse(&format!("{text}\n")).unwrap();
        let bytes: Vec<u8> = (0..32).collect();
        assert_eq!(key, StoreKey::from_bytes(&bytes).unwrap());
        assert_eq!(format!("{key:?}"), "StoreKey(***)");
        for wrong in [
            "",
            "AAEC",
            "not base64!",
            &text[1..],
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIj",
        ] {
            let error = StoreKey::parse(wrong).unwrap_err();
            assert_eq!(error.status(), Status::InvalidArgument, "{wrong}");
        }
    }

    #[test]
    fn each_purpose_has_a_key_of_its_own() {
        let (one, other) = (
            StoreKey::from_bytes(&[1; 32]).unwrap(),
            StoreKey::from_bytes(&[2; 32]).unwrap(),
        );
        assert_eq!(one.derive(b"a"), one.derive(b"a"));
        assert_ne!(one.derive(b"a"), one.derive(b"b"));
        assert_ne!(one.derive(b"a"), other.derive(b"a"));
        assert_ne!(*one.derive(b"a"), [1; 32]);
    }
}

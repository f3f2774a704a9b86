//! The caller's key, which encrypts stored tokens.

use std::fmt;

use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::CACHE_KEY;
use crate::base::secret::Secret;

/// The length of the key in bytes: that of an AES-256 key.
pub const KEY_LENGTH: usize = 32;

/// How to generate the key as text, for hints. Windows has no `openssl`.
pub(crate) const HOW_TO_GENERATE: &str = if cfg!(windows) {
    "Generate it in PowerShell 7 with \
     `[Convert]::ToBase64String([Security.Cryptography.RandomNumberGenerator]::GetBytes(32))`."
} else {
    "Generate it with `openssl rand -base64 32`."
};

/// A key of 32 random bytes. Stored tokens can be read and forged with it.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreKey(Secret);

impl StoreKey {
    /// Copies the key. Returns `InvalidArgument` unless there are 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        if bytes.len() == KEY_LENGTH {
            Ok(Self(Secret::copy_of(bytes)))
        } else {
            Err(Error::new(
                Status::InvalidArgument,
                format!(
                    "The key for stored tokens has {} bytes instead of {KEY_LENGTH}.",
                    bytes.len()
                ),
                "Use 32 random bytes, the same in every process that shares the tokens.",
            ))
        }
    }

    /// Decodes the key from Base64 (RFC 4648 section 4), as `openssl rand -base64 32` prints it.
    pub fn parse(text: &str) -> Result<Self> {
        let decoded = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| refused("it is not Base64"))?);
        Self::from_bytes(&decoded).map_err(|_| refused("it is not 32 bytes long"))
    }

    /// Derives the key for one purpose (HKDF, RFC 5869). It reveals neither this key nor the key for another purpose.
    ///
    /// # Panics
    /// Never: one step of the derivation yields 32 bytes.
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

fn refused(reason: &str) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("Invalid value for {CACHE_KEY}: {reason}."),
        format!("Use 32 random bytes in Base64, the same in every process that shares the tokens. {HOW_TO_GENERATE}"),
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

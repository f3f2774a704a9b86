//! Encrypts tokens with the caller's key: the place that keeps them need not be trusted.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::rand;
use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::store::key::StoreKey;
use crate::store::shared::format;
use crate::token::Token;

/// Seals and opens records: AES-256-GCM (NIST SP 800-38D) with a random nonce. The tag authenticates the record's name
/// too: a record does not open under another name.
///
/// A record is one byte with the version of the format, the nonce, the encrypted token and its authentication tag.
pub struct RecordCipher {
    key: LessSafeKey,
}

/// The version of the format, the only one that is read or written.
const VERSION: u8 = 1;

impl RecordCipher {
    /// The cipher with `key`.
    ///
    /// # Panics
    /// Never: the derived key has the length that the cipher needs.
    pub fn new(key: &StoreKey) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, &*key.derive(b"records")).expect("an AES-256 key has 32 bytes");
        Self {
            key: LessSafeKey::new(key),
        }
    }

    /// Seals `token` as the record under `name`.
    pub fn seal(&self, name: &str, token: &Token) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        rand::fill(&mut nonce).map_err(|_| Error::no_random_numbers())?;
        let mut sealed = format::write(token);
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(name.as_bytes()),
                &mut *sealed,
            )
            .map_err(|_| not_encrypted())?;
        Ok([&[VERSION], nonce.as_slice(), &sealed].concat())
    }

    /// Opens a record; `None` if it was sealed with another key or under another name, has another version, or is
    /// damaged.
    pub fn open(&self, name: &str, record: &[u8]) -> Option<Token> {
        let (version, rest) = record.split_first()?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_LEN>()?;
        if *version != VERSION {
            return None;
        }
        let mut opened = Zeroizing::new(sealed.to_vec());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self.key.open_in_place(nonce, Aad::from(name.as_bytes()), &mut opened);
        format::read(opened.ok()?)
    }
}

fn not_encrypted() -> Error {
    Error::new(
        Status::InternalError,
        "Cannot encrypt the token for the token store.",
        "Report this message as a defect of GraphToken.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::shared::format::tests::user_token;

    fn seal(key: u8) -> RecordCipher {
        RecordCipher::new(&StoreKey::from_bytes(&[key; 32]).unwrap())
    }

    #[test]
    fn a_record_opens_only_with_its_key_and_under_its_name() {
        let record = seal(1).seal("name", &user_token()).unwrap();
        let opened = seal(1).open("name", &record).unwrap();
        assert_eq!(opened.access_token, user_token().access_token);
        assert!(seal(2).open("name", &record).is_none());
        assert!(seal(1).open("other name", &record).is_none());
    }

    #[test]
    fn a_changed_or_truncated_record_does_not_open() {
        let (seal, token) = (seal(1), user_token());
        let record = seal.seal("name", &token).unwrap();
        for index in 0..record.len() {
            let mut damaged = record.clone();
            damaged[index] ^= 1;
            assert!(seal.open("name", &damaged).is_none(), "byte {index}");
            assert!(seal.open("name", &record[..index]).is_none(), "truncated at {index}");
        }
    }

    #[test]
    fn a_record_shows_nothing_of_the_token_and_no_two_are_the_same() {
        let seal = seal(1);
        let record = seal.seal("name", &user_token()).unwrap();
        for part in ["access token", "refresh token", "contoso", "a client"] {
            assert!(!record.windows(part.len()).any(|window| window == part.as_bytes()));
        }
        assert_ne!(record, seal.seal("name", &user_token()).unwrap());
    }
}

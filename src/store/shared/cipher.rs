//! Tokens sealed with the caller's key, so that a store can be anybody's.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::rand;
use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::store::key::StoreKey;
use crate::store::shared::format;
use crate::token::Token;

/// Seals and opens records: AES-256-GCM (NIST SP 800-38D) with a random nonce. The record's name is sealed with it, so
/// that no record can take another one's place.
///
/// A record is a byte with the version of the format, the nonce, and the encrypted token with its authentication tag.
pub struct RecordCipher {
    key: LessSafeKey,
}

/// The format of records that this version writes, and the only one that it reads.
const VERSION: u8 = 1;

impl RecordCipher {
    /// Seals with `key`.
    ///
    /// # Panics
    /// Never: the derived key has the length that the cipher wants.
    pub fn new(key: &StoreKey) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, &*key.derive(b"records")).expect("an AES-256 key has 32 bytes");
        Self {
            key: LessSafeKey::new(key),
        }
    }

    /// The record of `token` under `name`.
    pub fn seal(&self, name: &str, token: &Token) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        rand::fill(&mut nonce).map_err(|_| unsealed())?;
        let mut sealed = format::write(token);
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(name.as_bytes()),
                &mut *sealed,
            )
            .map_err(|_| unsealed())?;
        Ok([&[VERSION], nonce.as_slice(), &sealed].concat())
    }

    /// The token in a record; `None` when the record was sealed with another key or under another name, is of another
    /// version, or is damaged.
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

fn unsealed() -> Error {
    Error::new(
        Status::InternalError,
        "The operating system gives no random numbers.",
        "Restart the machine.",
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
    fn who_has_the_key_opens_it_and_nobody_else() {
        let record = seal(1).seal("name", &user_token()).unwrap();
        let opened = seal(1).open("name", &record).unwrap();
        assert_eq!(opened.access_token, user_token().access_token);
        assert!(seal(2).open("name", &record).is_none());
        assert!(seal(1).open("other name", &record).is_none());
    }

    #[test]
    fn no_byte_can_be_changed_or_left_out() {
        let (seal, token) = (seal(1), user_token());
        let record = seal.seal("name", &token).unwrap();
        for index in 0..record.len() {
            let mut damaged = record.clone();
            damaged[index] ^= 1;
            assert!(seal.open("name", &damaged).is_none(), "byte {index}");
            assert!(seal.open("name", &record[..index]).is_none(), "cut off at {index}");
        }
    }

    #[test]
    fn nothing_of_the_token_shows_and_no_two_records_are_the_same() {
        let seal = seal(1);
        let record = seal.seal("name", &user_token()).unwrap();
        for part in ["access token", "refresh token", "contoso", "a client"] {
            assert!(!record.windows(part.len()).any(|window| window == part.as_bytes()));
        }
        assert_ne!(record, seal.seal("name", &user_token()).unwrap());
    }
}

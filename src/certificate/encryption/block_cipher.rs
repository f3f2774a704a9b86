//! Block ciphers in CBC mode with PKCS#7 padding, including obsolete ones.

use aws_lc_rs::cipher::{self, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit};
use zeroize::Zeroizing;

/// A block cipher with a fixed key length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlockCipher {
    Aes128,
    Aes192,
    Aes256,
    Des,
    TripleDes,
    TwoKeyTripleDes,
    Rc2With128Bits,
    Rc2With64Bits,
    Rc2With40Bits,
}

impl BlockCipher {
    /// Length of the key in bytes.
    pub(crate) fn key_length(self) -> usize {
        match self {
            Self::Aes256 => 32,
            Self::Aes192 | Self::TripleDes => 24,
            Self::Aes128 | Self::TwoKeyTripleDes | Self::Rc2With128Bits => 16,
            Self::Des | Self::Rc2With64Bits => 8,
            Self::Rc2With40Bits => 5,
        }
    }

    /// Length of a block and of the initialisation vector, in bytes.
    pub(crate) fn block_length(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
            _ => 8,
        }
    }

    /// Decrypts `data`; `None` if the padding or a length is wrong.
    pub(crate) fn decrypt(self, key: &[u8], initial_value: &[u8], data: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            Self::Aes128 => decrypt_aes(&cipher::AES_128, key, initial_value, data),
            Self::Aes192 => decrypt_aes(&cipher::AES_192, key, initial_value, data),
            Self::Aes256 => decrypt_aes(&cipher::AES_256, key, initial_value, data),
            Self::Des => decrypt_old::<des::Des>(key, initial_value, data),
            Self::TripleDes => decrypt_old::<des::TdesEde3>(key, initial_value, data),
            Self::TwoKeyTripleDes => decrypt_old::<des::TdesEde2>(key, initial_value, data),
            // RC2 takes the length of the key as its effective key length.
            Self::Rc2With128Bits | Self::Rc2With64Bits | Self::Rc2With40Bits => {
                decrypt_old::<rc2::Rc2>(key, initial_value, data)
            }
        }
    }
}

fn decrypt_aes(
    algorithm: &'static cipher::Algorithm,
    key: &[u8],
    initial_value: &[u8],
    data: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let key = PaddedBlockDecryptingKey::cbc_pkcs7(UnboundCipherKey::new(algorithm, key).ok()?).ok()?;
    let context = DecryptionContext::Iv128(FixedLength::from(<[u8; 16]>::try_from(initial_value).ok()?));
    let mut buffer = Zeroizing::new(data.to_vec());
    let length = key.decrypt(&mut buffer, context).ok()?.len();
    buffer.truncate(length);
    Some(buffer)
}

/// Decrypts with a cipher that AWS-LC does not provide.
fn decrypt_old<C: KeyInit + BlockCipherDecrypt>(
    key: &[u8],
    initial_value: &[u8],
    data: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let decryptor = cbc::Decryptor::<C>::new_from_slices(key, initial_value).ok()?;
    let mut buffer = Zeroizing::new(data.to_vec());
    let length = decryptor.decrypt_padded::<Pkcs7>(&mut buffer).ok()?.len();
    buffer.truncate(length);
    Some(buffer)
}

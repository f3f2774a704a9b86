//! The key derivation function of PKCS#12 (RFC 7292 appendix B.2).

use aws_lc_rs::digest::{self, Algorithm};
use zeroize::Zeroizing;

/// What the derived bytes are for (RFC 7292 appendix B.3, the values of ID).
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    /// An encryption key.
    Key = 1,
    /// The initialisation vector of a block cipher.
    InitialValue = 2,
    /// The key of a message authentication code.
    MacKey = 3,
}

/// Derives `length` bytes from `password`, in an encoding from `Passphrase::utf16_readings`.
///
/// `rounds` is the iteration count of the file. 0 counts as 1.
pub(crate) fn derive(
    algorithm: &'static Algorithm,
    password: &[u8],
    salt: &[u8],
    purpose: Purpose,
    rounds: u32,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    let block = algorithm.block_len();
    let mut input = Zeroizing::new(Vec::with_capacity(
        padded_length(salt, block) + padded_length(password, block),
    ));
    input.extend(salt.iter().cycle().take(padded_length(salt, block)));
    input.extend(password.iter().cycle().take(padded_length(password, block)));

    let mut derived = Zeroizing::new(Vec::with_capacity(length + algorithm.output_len()));
    while derived.len() < length {
        let hash = hash_repeatedly(algorithm, purpose, &input, rounds);
        derived.extend_from_slice(&hash);
        let addend: Zeroizing<Vec<u8>> = Zeroizing::new(hash.iter().copied().cycle().take(block).collect());
        for chunk in input.chunks_exact_mut(block) {
            add_one_and(&addend, chunk);
        }
    }
    derived.truncate(length);
    derived
}

/// The length of `bytes` when repeated to fill whole blocks; 0 if they are empty.
fn padded_length(bytes: &[u8], block: usize) -> usize {
    bytes.len().div_ceil(block) * block
}

fn hash_repeatedly(algorithm: &'static Algorithm, purpose: Purpose, input: &[u8], rounds: u32) -> Zeroizing<Vec<u8>> {
    let mut first = digest::Context::new(algorithm);
    first.update(&vec![purpose as u8; algorithm.block_len()]);
    first.update(input);
    let mut hash = Zeroizing::new(first.finish().as_ref().to_vec());
    for _ in 1..rounds {
        let next = digest::digest(algorithm, &hash);
        hash.copy_from_slice(next.as_ref());
    }
    hash
}

/// Sets `number` to `number + addend + 1`. Both are big-endian numbers of the same length; the last carry is dropped.
fn add_one_and(addend: &[u8], number: &mut [u8]) {
    let mut carry = 1;
    for (digit, added) in number.iter_mut().zip(addend).rev() {
        let sum = u16::from(*digit) + u16::from(*added) + carry;
        *digit = sum.to_be_bytes()[1];
        carry = sum >> 8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Known answers from OpenSSL 3.0: openssl kdf -keylen 24 -kdfopt digest:SHA1 -kdfopt hexpass:0073006d006500670000
    // -kdfopt hexsalt:0a58cf64530d823f -kdfopt iter:7 -kdfopt id:1 PKCS12KDF
    const SMEG: [u8; 10] = [0, 0x73, 0, 0x6d, 0, 0x65, 0, 0x67, 0, 0];
    const SALT: [u8; 8] = [0x0a, 0x58, 0xcf, 0x64, 0x53, 0x0d, 0x82, 0x3f];

    fn hex(bytes: &[u8]) -> String {
        bytes
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect::<Vec<_>>()
            .concat()
    }

    #[test]
    fn agrees_with_openssl() {
        let sha1 = &digest::SHA1_FOR_LEGACY_USE_ONLY;
        let sha256 = &digest::SHA256;
        for (algorithm, purpose, expected) in [
            (sha1, Purpose::Key, "06C87F4590E5EF9034E2BD0DB9D0D2ACD3B4C7C4961D9220"),
            (
                sha1,
                Purpose::InitialValue,
                "4B1F9D009448600F12631748EC1B19F78B2C0580FCDA933E",
            ),
            (
                sha1,
                Purpose::MacKey,
                "607075FE85DA329227403BEA311818979376F97C50909B24",
            ),
            (sha256, Purpose::Key, "BBFB11A9390A17BD6B5EE88EBDC4B6C16B4FAECE35A74960"),
            (
                sha256,
                Purpose::InitialValue,
                "CE02B3EF2A169E50A98C01A6F7C9A2E5F1F49AFE6E9D5033",
            ),
            (
                sha256,
                Purpose::MacKey,
                "317A56371C8FCDBC2938207CA1417596E9A6F3EB7E9D5D5C",
            ),
        ] {
            assert_eq!(hex(&derive(algorithm, &SMEG, &SALT, purpose, 7, 24)), expected);
        }
    }

    #[test]
    fn an_absent_password_is_not_an_empty_one() {
        let mac_key = |password| {
            hex(&derive(
                &digest::SHA1_FOR_LEGACY_USE_ONLY,
                password,
                &SALT,
                Purpose::MacKey,
                1,
                20,
            ))
        };
        assert_eq!(mac_key(&[]), "299A6E0E9E7E39D3F800FC56AB1ADC6F31F604C4");
        assert_eq!(mac_key(&[0, 0]), "783F69839CEBD46B2D1D01AB16D4F41A4A1DD98D");
    }
}

//! The old encryption of PEM blocks, `Proc-Type: 4,ENCRYPTED` (RFC 1421 section 4.6), with OpenSSL's key derivation
//! (manual page `PEM_read_bio_PrivateKey`, "PEM ENCRYPTION FORMAT").

use md5::{Digest, Md5};
use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::certificate::encryption::block_cipher::BlockCipher;
use crate::certificate::encryption::passphrase::Passphrase;

/// Decrypts the content of a block. `parameters` is its header `DEK-Info`, such as `AES-256-CBC,0F1E...`.
///
/// # Errors
/// [`Status::CertificatePasswordIncorrect`]; [`Status::CertificateUnreadable`] for a cipher that is not supported.
pub(crate) fn decrypt(parameters: &str, data: &[u8], password: &Passphrase<'_>) -> Result<Zeroizing<Vec<u8>>> {
    const WHAT: &str = "encrypted private key";
    if password.is_absent() {
        return Err(password.incorrect(WHAT));
    }
    let (name, initial_value) = parameters.split_once(',').ok_or_else(malformed)?;
    let cipher = cipher(name.trim()).ok_or_else(|| unsupported(name.trim()))?;
    let initial_value = bytes(initial_value.trim()).ok_or_else(malformed)?;
    let salt = initial_value
        .get(..SALT_LENGTH)
        .filter(|_| initial_value.len() == cipher.block_length())
        .ok_or_else(malformed)?;
    let key = derive(password.utf8(), salt, cipher.key_length());
    let decrypted = cipher.decrypt(&key, &initial_value, data);
    // Once in about 256 times the padding looks right although the password is wrong. A key is a SEQUENCE.
    decrypted
        .filter(|key| key.first() == Some(&0x30))
        .ok_or_else(|| password.incorrect(WHAT))
}

/// The salt is the beginning of the initialisation vector.
const SALT_LENGTH: usize = 8;

fn cipher(name: &str) -> Option<BlockCipher> {
    match name {
        "DES-CBC" => Some(BlockCipher::Des),
        "DES-EDE3-CBC" => Some(BlockCipher::TripleDes),
        "AES-128-CBC" => Some(BlockCipher::Aes128),
        "AES-192-CBC" => Some(BlockCipher::Aes192),
        "AES-256-CBC" => Some(BlockCipher::Aes256),
        _ => None,
    }
}

/// `EVP_BytesToKey` with MD5 and one round: each hash is of the previous hash, the password and the salt.
fn derive(password: &[u8], salt: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(Vec::with_capacity(length + Md5::output_size()));
    let mut hash = Zeroizing::new([0; 16]);
    while key.len() < length {
        let mut input = Md5::new();
        if !key.is_empty() {
            input.update(hash.as_slice());
        }
        *hash = input.chain_update(password).chain_update(salt).finalize().into();
        key.extend_from_slice(hash.as_slice());
    }
    key.truncate(length);
    key
}

/// The bytes that pairs of hexadecimal digits stand for.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs.map(byte).collect()
}

/// Ciphers of OpenSSL that are not supported. An error shows no other name: what stands in the header of a damaged file
/// may belong to the key.
const UNSUPPORTED: [&str; 12] = [
    "ARIA-128-CBC",
    "ARIA-192-CBC",
    "ARIA-256-CBC",
    "BF-CBC",
    "CAMELLIA-128-CBC",
    "CAMELLIA-192-CBC",
    "CAMELLIA-256-CBC",
    "CAST5-CBC",
    "DES-EDE-CBC",
    "IDEA-CBC",
    "RC2-CBC",
    "SEED-CBC",
];

fn unsupported(name: &str) -> Error {
    let known = UNSUPPORTED.iter().find(|known| **known == name);
    refusal(&known.map_or_else(
        || "with a cipher that is not supported".to_owned(),
        |known| format!("with {known}, which is not supported"),
    ))
}

fn malformed() -> Error {
    refusal("whose header DEK-Info is malformed")
}

fn refusal(problem: &str) -> Error {
    Error::new(
        Status::CertificateUnreadable,
        format!("The private key has a PEM encryption {problem}."),
        "Convert the key to PKCS#8: openssl pkcs8 -topk8 -in old.key -out new.key.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::secret::Secret;

    #[test]
    fn unusable_parameters_are_refused_with_a_way_out() {
        let secret = Secret::copy_of(b"password");
        let password = Passphrase::new(Some(&secret)).unwrap();
        for parameters in [
            "",
            "AES-256-CBC",
            "AES-256-CBC,",
            "AES-256-CBC,0011223344556677",
            "AES-256-CBC,00112233445566778899aabbccddeefg",
            "DES-CBC,\u{e4}",
            "CAMELLIA-256-CBC,00112233445566778899aabbccddeeff",
        ] {
            let error = decrypt(parameters, &[0; 16], &password).unwrap_err();
            assert_eq!(error.status(), Status::CertificateUnreadable, "{parameters}");
            assert!(error.hint().contains("openssl pkcs8 -topk8"), "{}", error.hint());
            assert!(!error.message().contains("00112233"), "{error}");
        }
    }

    #[test]
    fn only_a_known_cipher_is_shown() {
        let secret = Secret::copy_of(b"password");
        let password = Passphrase::new(Some(&secret)).unwrap();
        for (parameters, message) in [
            (
                "CAMELLIA-256-CBC,00",
                "The private key has a PEM encryption with CAMELLIA-256-CBC, which is not supported.",
            ),
            (
                "SECRET,00",
                "The private key has a PEM encryption with a cipher that is not supported.",
            ),
            (
                "SECRET",
                "The private key has a PEM encryption whose header DEK-Info is malformed.",
            ),
        ] {
            assert_eq!(decrypt(parameters, &[0; 16], &password).unwrap_err().message(), message);
        }
    }

    #[test]
    fn keys_are_derived_as_openssl_does() {
        // openssl enc -aes-256-cbc -md md5 -pass pass:abc -S 0001020304050607 -P
        let key = derive(b"abc", &[0, 1, 2, 3, 4, 5, 6, 7], 32);
        let expected = "FDA1A00C919258BE1904D5D0686CBABEAEE6534E1414A01B1B7693C66D38FF35";
        assert_eq!(Some(key.to_vec()), bytes(expected));
    }
}

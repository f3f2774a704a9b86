//! Password-based decryption: PBES1 and PBES2 (RFC 8018 section 6), and the schemes of PKCS#12 (RFC 7292 appendix C).

use std::num::NonZeroU32;

use aws_lc_rs::{digest, pbkdf2};
use der::Sequence;
use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use md5::{Digest, Md5};
use pkcs5::AlgorithmIdentifierRef;
use pkcs5::pbes2::{Kdf, PBES2_OID, Pbkdf2Params, Pbkdf2Prf, ScryptParams};
use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::certificate::encryption::block_cipher::BlockCipher;
use crate::certificate::encryption::passphrase::Passphrase;
use crate::certificate::encryption::pkcs12_kdf::{self, Purpose};

/// `EncryptedPrivateKeyInfo` of PKCS#8 (RFC 5958 section 3), with any scheme.
#[derive(Sequence)]
pub(crate) struct EncryptedPrivateKey<'a> {
    pub(crate) algorithm: AlgorithmIdentifierRef<'a>,
    pub(crate) data: &'a OctetStringRef,
}

/// Decrypts `data`. `None` if the padding is wrong, because the password is wrong or the data damaged: the schemes do
/// not distinguish these. Once in about 256 times a wrong password is not noticed and gives random bytes.
///
/// `utf16` is the password for the schemes of PKCS#12; the others use `password`.
pub(crate) fn decrypt(
    algorithm: &AlgorithmIdentifierRef<'_>,
    data: &[u8],
    password: &Passphrase<'_>,
    utf16: &[u8],
) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let parameters = algorithm
        .parameters
        .ok_or_else(|| damaged("its parameters are missing"))?;
    if algorithm.oid == PBES2_OID {
        decrypt_pbes2(parameters, data, password)
    } else if let Some(cipher) = pkcs12_cipher(algorithm.oid) {
        decrypt_pkcs12(cipher, parameters, data, password, utf16)
    } else if let Some((hash, cipher)) = pbes1_scheme(algorithm.oid) {
        decrypt_pbes1(hash, cipher, parameters, data, password)
    } else {
        Err(unsupported(&format!("the scheme {}", scheme_name(algorithm.oid))))
    }
}

/// Derives a key from the password with `algorithm`: PBKDF2 or scrypt.
pub(crate) fn derive_key(
    algorithm: AlgorithmIdentifierRef<'_>,
    password: &Passphrase<'_>,
    key: &mut [u8],
) -> Result<()> {
    let oid = algorithm.oid;
    let derivation = Kdf::try_from(algorithm).map_err(|_| unsupported(&format!("the key derivation {oid}")))?;
    if derivation
        .key_length()
        .is_some_and(|length| usize::from(length) != key.len())
    {
        return Err(damaged("its key length does not fit the cipher"));
    }
    match derivation {
        Kdf::Pbkdf2(parameters) => derive_pbkdf2(&parameters, password, key),
        Kdf::Scrypt(parameters) => derive_scrypt(&parameters, password, key),
        _ => Err(unsupported(&format!("the key derivation {oid}"))),
    }
}

/// `PBES2-params` (RFC 8018 appendix A.4).
#[derive(Sequence)]
struct Pbes2<'a> {
    key_derivation: AlgorithmIdentifierRef<'a>,
    encryption: AlgorithmIdentifierRef<'a>,
}

fn decrypt_pbes2(parameters: AnyRef<'_>, data: &[u8], password: &Passphrase<'_>) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let scheme: Pbes2 = parameters
        .decode_as()
        .map_err(|_| damaged("the PBES2 parameters are malformed"))?;
    let cipher = pbes2_cipher(scheme.encryption.oid)
        .ok_or_else(|| unsupported(&format!("the cipher {}", scheme.encryption.oid)))?;
    let initial_value: &OctetStringRef = scheme
        .encryption
        .parameters
        .and_then(|parameters| parameters.decode_as().ok())
        .ok_or_else(|| damaged("the initialisation vector is missing"))?;
    let mut key = Zeroizing::new(vec![0; cipher.key_length()]);
    derive_key(scheme.key_derivation, password, &mut key)?;
    Ok(cipher.decrypt(&key, initial_value.as_bytes(), data))
}

fn pbes2_cipher(oid: ObjectIdentifier) -> Option<BlockCipher> {
    const DES_EDE3_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.3.7");
    match oid {
        pkcs5::pbes2::AES_128_CBC_OID => Some(BlockCipher::Aes128),
        pkcs5::pbes2::AES_192_CBC_OID => Some(BlockCipher::Aes192),
        pkcs5::pbes2::AES_256_CBC_OID => Some(BlockCipher::Aes256),
        DES_EDE3_CBC => Some(BlockCipher::TripleDes),
        _ => None,
    }
}

fn derive_pbkdf2(parameters: &Pbkdf2Params, password: &Passphrase<'_>, key: &mut [u8]) -> Result<()> {
    let algorithm = match parameters.prf {
        Pbkdf2Prf::HmacWithSha1 => pbkdf2::PBKDF2_HMAC_SHA1,
        Pbkdf2Prf::HmacWithSha256 => pbkdf2::PBKDF2_HMAC_SHA256,
        Pbkdf2Prf::HmacWithSha384 => pbkdf2::PBKDF2_HMAC_SHA384,
        Pbkdf2Prf::HmacWithSha512 => pbkdf2::PBKDF2_HMAC_SHA512,
        other => return Err(unsupported(&format!("the key derivation PBKDF2 with {}", other.oid()))),
    };
    let rounds = NonZeroU32::new(parameters.iteration_count).ok_or_else(|| damaged("its iteration count is 0"))?;
    password.spend(u64::from(rounds.get()))?;
    pbkdf2::derive(algorithm, rounds, parameters.salt.as_ref(), password.utf8(), key);
    Ok(())
}

/// The limit of `N * r * p` for scrypt (RFC 7914), which takes 128 bytes of memory each: 64 MiB. OpenSSL uses 16 MiB,
/// and reads keys that need up to 32 MiB.
const MOST_SCRYPT_BLOCKS: u64 = 1 << 19;

fn derive_scrypt(parameters: &ScryptParams, password: &Passphrase<'_>, key: &mut [u8]) -> Result<()> {
    let (n, r, p) = (
        parameters.cost_parameter,
        parameters.block_size,
        parameters.parallelization,
    );
    let blocks = n.saturating_mul(u64::from(r)).saturating_mul(u64::from(p));
    if blocks > MOST_SCRYPT_BLOCKS {
        return Err(unsupported(
            "an scrypt key derivation that needs more than 64 MiB of memory",
        ));
    }
    password.spend(blocks)?;
    let invalid = || damaged("the scrypt parameters are invalid");
    let log_n = u8::try_from(n.trailing_zeros())
        .ok()
        .filter(|_| n.is_power_of_two())
        .ok_or_else(invalid)?;
    let valid = scrypt::Params::new(log_n, u32::from(r), u32::from(p)).map_err(|_| invalid())?;
    scrypt::scrypt(password.utf8(), parameters.salt.as_ref(), &valid, key).map_err(|_| invalid())
}

/// `PBEParameter` (RFC 8018 appendix A.3), which `pkcs-12PbeParams` (RFC 7292 appendix C) repeats.
#[derive(Sequence)]
struct SaltAndRounds<'a> {
    salt: &'a OctetStringRef,
    rounds: u64,
}

impl<'a> SaltAndRounds<'a> {
    fn of(parameters: AnyRef<'a>) -> Result<Self> {
        parameters
            .decode_as()
            .map_err(|_| damaged("its salt or iteration count is malformed"))
    }
}

fn decrypt_pkcs12(
    cipher: BlockCipher,
    parameters: AnyRef<'_>,
    data: &[u8],
    password: &Passphrase<'_>,
    utf16: &[u8],
) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let parameters = SaltAndRounds::of(parameters)?;
    let rounds = spend_rounds(parameters.rounds, password)?;
    let sha1 = &digest::SHA1_FOR_LEGACY_USE_ONLY;
    let salt = parameters.salt.as_bytes();
    let derive = |purpose, length| pkcs12_kdf::derive(sha1, utf16, salt, purpose, rounds, length);
    let key = derive(Purpose::Key, cipher.key_length());
    let initial_value = derive(Purpose::InitialValue, cipher.block_length());
    Ok(cipher.decrypt(&key, &initial_value, data))
}

/// The ciphers of RFC 7292 appendix C, except RC4.
fn pkcs12_cipher(oid: ObjectIdentifier) -> Option<BlockCipher> {
    match oid.to_string().as_str() {
        "1.2.840.113549.1.12.1.3" => Some(BlockCipher::TripleDes),
        "1.2.840.113549.1.12.1.4" => Some(BlockCipher::TwoKeyTripleDes),
        "1.2.840.113549.1.12.1.5" => Some(BlockCipher::Rc2With128Bits),
        "1.2.840.113549.1.12.1.6" => Some(BlockCipher::Rc2With40Bits),
        _ => None,
    }
}

/// A hash function for PBKDF1.
type Hash = fn(&[u8]) -> Zeroizing<Vec<u8>>;

/// The schemes of PBES1 (RFC 8018 appendix A.3), except those with MD2.
fn pbes1_scheme(oid: ObjectIdentifier) -> Option<(Hash, BlockCipher)> {
    let md5: Hash = |input| Zeroizing::new(Md5::digest(input).to_vec());
    let sha1: Hash = |input| {
        Zeroizing::new(
            digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, input)
                .as_ref()
                .to_vec(),
        )
    };
    match oid.to_string().as_str() {
        "1.2.840.113549.1.5.3" => Some((md5, BlockCipher::Des)),
        "1.2.840.113549.1.5.6" => Some((md5, BlockCipher::Rc2With64Bits)),
        "1.2.840.113549.1.5.10" => Some((sha1, BlockCipher::Des)),
        "1.2.840.113549.1.5.11" => Some((sha1, BlockCipher::Rc2With64Bits)),
        _ => None,
    }
}

/// PBES1 (RFC 8018 section 6.1.2): PBKDF1 (section 5.1) derives the key and the initialisation vector, 8 bytes each.
fn decrypt_pbes1(
    hash: Hash,
    cipher: BlockCipher,
    parameters: AnyRef<'_>,
    data: &[u8],
    password: &Passphrase<'_>,
) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let parameters = SaltAndRounds::of(parameters)?;
    let rounds = spend_rounds(parameters.rounds, password)?;
    let first = Zeroizing::new([password.utf8(), parameters.salt.as_bytes()].concat());
    let derived = (1..rounds).fold(hash(&first), |derived, _| hash(&derived));
    let (key, rest) = derived.split_at(cipher.key_length());
    Ok(cipher.decrypt(key, &rest[..cipher.block_length()], data))
}

/// Checks an iteration count, and subtracts it from the rounds that are left to the load.
pub(crate) fn spend_rounds(rounds: u64, password: &Passphrase<'_>) -> Result<u32> {
    password.spend(rounds)?;
    u32::try_from(rounds).map_err(|_| damaged("its iteration count is out of range"))
}

fn scheme_name(oid: ObjectIdentifier) -> String {
    let name = match oid.to_string().as_str() {
        "1.2.840.113549.1.5.1" => "pbeWithMD2AndDES-CBC",
        "1.2.840.113549.1.12.1.1" => "pbeWithSHAAnd128BitRC4",
        "1.2.840.113549.1.12.1.2" => "pbeWithSHAAnd40BitRC4",
        _ => return oid.to_string(),
    };
    format!("{name} ({oid})")
}

fn unsupported(what: &str) -> Error {
    Error::new(
        Status::CertificateUnreadable,
        format!("The encryption uses {what}, which is not supported."),
        if cfg!(windows) {
            "Export the certificate again with its private key, with the defaults of Export-PfxCertificate."
        } else {
            "Write the file again with the defaults of a current OpenSSL (openssl pkcs12 -export, openssl pkcs8 \
             -topk8)."
        },
    )
}

fn damaged(why: &str) -> Error {
    Error::new(
        Status::CertificateUnreadable,
        format!("The encrypted data is damaged: {why}."),
        "Copy or export the file again.",
    )
}

#[cfg(test)]
mod tests {
    use der::{Decode, Encode};
    use pkcs5::pbes2::{EncryptionScheme, Parameters};

    use super::*;

    fn refusal(oid: ObjectIdentifier, parameters: &[u8]) -> Error {
        let algorithm = AlgorithmIdentifierRef {
            oid,
            parameters: Some(AnyRef::from_der(parameters).unwrap()),
        };
        decrypt(&algorithm, &[0; 16], &Passphrase::new(None).unwrap(), &[0, 0]).unwrap_err()
    }

    #[test]
    fn key_derivations_with_too_many_rounds_are_refused_before_they_run() {
        let salt = OctetStringRef::new(&[1; 8]).unwrap();
        let three_des = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");
        let md5_des = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.3");
        let is_named = |error: &Error, rounds: u64| error.message().contains(&format!("needs {rounds} rounds"));
        for rounds in [1_000_001, u64::MAX] {
            let parameters = SaltAndRounds { salt, rounds }.to_der().unwrap();
            for scheme in [three_des, md5_des] {
                assert!(is_named(&refusal(scheme, &parameters), rounds));
            }
        }
        let pbkdf2 = Parameters::generate_pbkdf2_sha256_aes256cbc(1_000_001, &[1; 8], [0; 16]).unwrap();
        assert!(is_named(&refusal(PBES2_OID, &pbkdf2.to_der().unwrap()), 1_000_001));
    }

    #[test]
    fn a_key_length_that_does_not_fit_the_cipher_is_refused() {
        let salt = || [1; 8].as_slice().try_into().unwrap();
        for key_length in [Some(16), Some(31), Some(33), Some(0)] {
            let pbkdf2 = Kdf::Pbkdf2(Pbkdf2Params {
                salt: salt(),
                iteration_count: 1,
                key_length,
                prf: Pbkdf2Prf::HmacWithSha256,
            });
            let scrypt = Kdf::Scrypt(ScryptParams {
                salt: salt(),
                cost_parameter: 2,
                block_size: 1,
                parallelization: 1,
                key_length,
            });
            for kdf in [pbkdf2, scrypt] {
                let encryption = EncryptionScheme::Aes256Cbc { iv: [0; 16] };
                let parameters = Parameters { kdf, encryption };
                let error = refusal(PBES2_OID, &parameters.to_der().unwrap());
                assert!(error.message().contains("key length does not fit"), "{error}");
            }
        }
    }

    #[test]
    fn the_memory_of_scrypt_is_limited() {
        for (cost_parameter, block_size, parallelization) in
            [(1 << 17, 8, 1), (1 << 40, u16::MAX, 1), (1 << 14, 8, 999)]
        {
            let salt = [1; 8].as_slice().try_into().unwrap();
            let kdf = Kdf::Scrypt(ScryptParams {
                salt,
                cost_parameter,
                block_size,
                parallelization,
                key_length: None,
            });
            let parameters = Parameters {
                kdf,
                encryption: EncryptionScheme::Aes256Cbc { iv: [0; 16] },
            };
            let error = refusal(PBES2_OID, &parameters.to_der().unwrap());
            assert!(error.message().contains("more than 64 MiB"), "{error}");
        }
    }

    #[test]
    fn unsupported_schemes_are_named() {
        let rc4 = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.1");
        let error = refusal(rc4, &[0x30, 0x00]);
        assert!(
            error
                .message()
                .contains("pbeWithSHAAnd128BitRC4 (1.2.840.113549.1.12.1.1)"),
            "{error}"
        );
    }
}

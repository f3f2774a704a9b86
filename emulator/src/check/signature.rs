//! The two signature algorithms that Entra takes from a certificate (RFC 7518 sections 3.3 and 3.5).

use rsa::signature::Verifier;
use rsa::{PublicKey, pkcs1v15, pss};
use sha2::Sha256;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignatureAlgorithm {
    Rs256,
    Ps256,
}

impl SignatureAlgorithm {
    /// From the header parameter `alg`, which is case-sensitive.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "PS256" => Some(Self::Ps256),
            _ => None,
        }
    }

    pub(crate) fn other(self) -> Self {
        match self {
            Self::Rs256 => Self::Ps256,
            Self::Ps256 => Self::Rs256,
        }
    }

    /// Whether `signature` over `message` is of `key` and this algorithm. PS256 has a salt of exactly 32 bytes.
    pub(crate) fn verifies(self, key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Rs256 => pkcs1v15::Signature::try_from(signature).is_ok_and(|it| {
                pkcs1v15::VerifyingKey::<Sha256>::new(key.clone())
                    .verify(message, &it)
                    .is_ok()
            }),
            Self::Ps256 => pss::Signature::try_from(signature).is_ok_and(|it| {
                pss::VerifyingKey::<Sha256>::new(key.clone())
                    .verify(message, &it)
                    .is_ok()
            }),
        }
    }
}

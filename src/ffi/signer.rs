//! The callback by which a key outside of the engine signs.

use std::ffi::c_void;

use aws_lc_rs::digest::{SHA256, digest};

use crate::base::algorithm::SignatureAlgorithm;
use crate::base::error::{Error, Status};
use crate::certificate::key::{Signer, SignerError};
use crate::ffi::argument::null;

/// What a signer returns when its key cannot sign with this algorithm; the engine may then ask for RS256.
pub const GT_SIGNER_UNSUPPORTED: i32 = -1;

/// Largest signature that is accepted: an RSA key of 8192 bits.
const SIGNATURE_CAPACITY: usize = 1024;

/// Signs a SHA-256 digest.
///
/// Gets `context`, a `gt_signature_algorithm`, the digest (32 bytes), and room for the signature with its size; puts
/// the signature's length into `signature_len`. Returns 0 on success, `GT_SIGNER_UNSUPPORTED` (-1) when the key cannot
/// do this algorithm, 3 when cancelled, 116 when this account may not use the key, anything else on failure. Called on
/// threads of the engine, perhaps on several at once. When it takes longer than the call that it signs for may, that
/// call ends with status 203, and so does every later one until it has returned.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct GtSigner(
    pub(super)  Option<
        extern "C" fn(
            context: *mut c_void,
            algorithm: i32,
            digest: *const u8,
            digest_len: u64,
            signature: *mut u8,
            signature_capacity: u64,
            signature_len: *mut u64,
        ) -> i32,
    >,
);

/// Told once that `context` will not be used again.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct GtSignerRelease(pub(super) Option<extern "C" fn(context: *mut c_void)>);

/// A signer of the caller's, with its context until it is released.
pub struct ExternalSigner {
    signer: GtSigner,
    context: *mut c_void,
    release: GtSignerRelease,
}

// SAFETY: `gt_certificate_new_with_signer` asks for callbacks that may be called with `context` from any thread, on
// several at once; nothing else is done with the pointer.
unsafe impl Send for ExternalSigner {}
// SAFETY: as above.
unsafe impl Sync for ExternalSigner {}

impl ExternalSigner {
    pub(super) fn new(signer: GtSigner, context: *mut c_void, release: GtSignerRelease) -> Result<Self, Error> {
        let external = Self {
            signer,
            context,
            release,
        };
        if external.signer.0.is_none() {
            Err(null("signer"))
        } else {
            Ok(external)
        }
    }
}

impl Drop for ExternalSigner {
    fn drop(&mut self) {
        if let Some(release) = self.release.0 {
            release(self.context);
        }
    }
}

impl Signer for ExternalSigner {
    fn sign(&self, algorithm: SignatureAlgorithm, signing_input: &[u8]) -> Result<Vec<u8>, SignerError> {
        let sign = self.signer.0.ok_or_else(|| SignerError::Failed(null("signer")))?;
        let digest = digest(&SHA256, signing_input);
        let digest = digest.as_ref();
        let mut signature = vec![0; SIGNATURE_CAPACITY];
        let mut length = 0;
        let outcome = sign(
            self.context,
            GtSignatureAlgorithm::from(algorithm) as i32,
            digest.as_ptr(),
            digest.len() as u64,
            signature.as_mut_ptr(),
            signature.len() as u64,
            &raw mut length,
        );
        match outcome {
            0 => match usize::try_from(length) {
                Ok(length) if length <= signature.len() => {
                    signature.truncate(length);
                    Ok(signature)
                }
                _ => Err(SignerError::Failed(failed(&format!(
                    "said that the signature has {length} bytes"
                )))),
            },
            GT_SIGNER_UNSUPPORTED => Err(SignerError::AlgorithmUnsupported),
            code => Err(SignerError::Failed(match Status::from_code(code) {
                Some(Status::Cancelled) => Error::new(Status::Cancelled, "The signer was cancelled.", ""),
                Some(Status::PrivateKeyInaccessible) => Error::new(
                    Status::PrivateKeyInaccessible,
                    "The external signer may not use the private key.",
                    "Give this account the right to use the key.",
                ),
                _ => failed(&format!("failed with the number {code}")),
            })),
        }
    }
}

fn failed(what: &str) -> Error {
    Error::new(
        Status::SigningFailed,
        format!("The external signer {what}."),
        "Look at the program that provides the signer: its key provider, card or service refused the key.",
    )
}

/// The signature algorithm that a signer is asked for (RFC 7518 section 3.1).
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "bindings", interoptopus::ffi_type)]
pub enum GtSignatureAlgorithm {
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256, and a salt of 32 bytes.
    Ps256 = 1,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256 = 2,
}

impl From<SignatureAlgorithm> for GtSignatureAlgorithm {
    fn from(algorithm: SignatureAlgorithm) -> Self {
        match algorithm {
            SignatureAlgorithm::Ps256 => Self::Ps256,
            SignatureAlgorithm::Rs256 => Self::Rs256,
        }
    }
}

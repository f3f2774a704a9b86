//! A private key on a token, where it also signs.

use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use cryptoki::error::Error as Cryptoki;
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::ObjectHandle;
use cryptoki::session::{Session, UserType};

use crate::base::algorithm::SignatureAlgorithm;
use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;
use crate::certificate::key::{Signer, SignerError};
use crate::certificate::pkcs11::failure::{failed, is_mechanism_missing, is_session_lost};
use crate::certificate::pkcs11::module::Module;
use crate::certificate::pkcs11::object::{self, KeyIdentity, PrivateKeyObject};
use crate::certificate::pkcs11::token::{Token, authenticate};

/// A key that signs on its token, in one session that stays open and logged in. Threads take turns.
///
/// A session is lost if the token is unplugged for a moment, or if another part of the process ends the session. A new
/// one is then opened with the same PIN. A PIN that the token has refused is not used again, because the token would
/// lock itself.
pub(super) struct TokenKey {
    module: Module,
    token: Token,
    identity: KeyIdentity,
    always_authenticate: bool,
    pin: Option<Secret>,
    state: Mutex<State>,
}

enum State {
    Open(Session, ObjectHandle),
    Lost,
    /// The token refused the PIN, for this reason.
    Refused(Error),
}

/// Why an attempt to sign failed.
enum Failure {
    Module(Cryptoki),
    /// The token required the PIN for this signature, and refused it.
    Pin(Error),
}

impl TokenKey {
    /// A key, with the session in which it was found.
    pub(super) fn new(
        module: Module,
        token: Token,
        session: Session,
        key: PrivateKeyObject,
        pin: Option<Secret>,
    ) -> Self {
        Self {
            module,
            token,
            identity: key.identity,
            always_authenticate: key.always_authenticate,
            pin,
            state: Mutex::new(State::Open(session, key.handle)),
        }
    }

    fn sign_on_token(&self, algorithm: SignatureAlgorithm, input: &[u8]) -> std::result::Result<Vec<u8>, SignerError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut opened_now = false;
        loop {
            let (session, key) = match &*state {
                State::Refused(error) => return Err(SignerError::Failed(error.clone())),
                State::Open(session, key) => (session, *key),
                State::Lost => {
                    self.open(&mut state).map_err(SignerError::Failed)?;
                    opened_now = true;
                    continue;
                }
            };
            match self.attempt(session, key, algorithm, input) {
                Ok(signature) => return signature.ok_or(SignerError::AlgorithmUnsupported),
                Err(Failure::Pin(error)) => *state = State::Refused(error),
                Err(Failure::Module(error)) if is_session_lost(&error) && !opened_now => *state = State::Lost,
                Err(Failure::Module(error)) => return Err(SignerError::Failed(self.failed(&error))),
            }
        }
    }

    /// Replaces a lost session, wherever the token is plugged in now.
    fn open(&self, state: &mut MutexGuard<'_, State>) -> Result<()> {
        log::info!("lost the session with the token {}, opening a new one", self.token);
        self.module.initialize()?;
        let token = self.token.find_again(&self.module)?;
        let session = token.open_session(&self.module)?;
        token
            .log_in(&self.module, &session, self.pin.as_ref())
            .inspect_err(|error| {
                if is_pin_refused(error) {
                    **state = State::Refused(error.clone());
                }
            })?;
        let keys = object::private_keys(&session).map_err(|error| self.failed(&error))?;
        let key = keys.into_iter().find(|key| key.identity == self.identity);
        let key = key.ok_or_else(|| self.gone())?;
        **state = State::Open(session, key.handle);
        Ok(())
    }

    /// Signs with the open session. `None` if the token has no mechanism for this algorithm.
    fn attempt(
        &self,
        session: &Session,
        key: ObjectHandle,
        algorithm: SignatureAlgorithm,
        input: &[u8],
    ) -> std::result::Result<Option<Vec<u8>>, Failure> {
        let signature = if self.always_authenticate {
            self.authenticated(session, key, &hashing(algorithm), input)
        } else {
            let signature = session.sign(&hashing(algorithm), key, input);
            match signature {
                Err(error) if is_mechanism_missing(&error) => {
                    session.sign(&bare(algorithm), key, &hashed(algorithm, input))
                }
                other => other,
            }
            .map_err(Failure::Module)
        };
        match signature {
            Ok(signature) => Ok(Some(signature)),
            Err(Failure::Module(error)) if is_mechanism_missing(&error) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Signs with a key that requires the PIN between the start and the end of each signature (`CKU_CONTEXT_SPECIFIC`).
    fn authenticated(
        &self,
        session: &Session,
        key: ObjectHandle,
        mechanism: &Mechanism<'_>,
        input: &[u8],
    ) -> std::result::Result<Vec<u8>, Failure> {
        session.sign_init(mechanism, key).map_err(Failure::Module)?;
        authenticate(session, UserType::ContextSpecific, self.pin.as_ref()).map_err(|error| {
            let refusal = self.token.refused(&self.module, &error);
            if is_pin_refused(&refusal) {
                Failure::Pin(refusal)
            } else {
                Failure::Module(error)
            }
        })?;
        session
            .sign_update(input)
            .and_then(|()| session.sign_final())
            .map_err(Failure::Module)
    }

    fn failed(&self, error: &Cryptoki) -> Error {
        let action = format!("sign with the key {} of the token {}", self.identity.name, self.token);
        failed(Status::SigningFailed, &action, error)
    }

    fn gone(&self) -> Error {
        Error::new(
            Status::PrivateKeyMissing,
            format!(
                "The key {} is no longer on the token {}.",
                self.identity.name, self.token
            ),
            "Restore the key on the token, or start again with the certificate that is on it now.",
        )
    }
}

impl Signer for TokenKey {
    fn sign(&self, algorithm: SignatureAlgorithm, signing_input: &[u8]) -> std::result::Result<Vec<u8>, SignerError> {
        self.sign_on_token(algorithm, signing_input)
    }

    fn provider(&self) -> &'static str {
        "PKCS#11"
    }
}

fn is_pin_refused(error: &Error) -> bool {
    error.status() == Status::CertificatePasswordIncorrect
}

/// The mechanism that hashes on the token. It is tried first, because some HSMs only sign hashes of their own.
fn hashing(algorithm: SignatureAlgorithm) -> Mechanism<'static> {
    match algorithm {
        SignatureAlgorithm::Ps256 => Mechanism::Sha256RsaPkcsPss(pss()),
        SignatureAlgorithm::Rs256 => Mechanism::Sha256RsaPkcs,
    }
}

/// The mechanism that signs the result of [`hashed`].
fn bare(algorithm: SignatureAlgorithm) -> Mechanism<'static> {
    match algorithm {
        SignatureAlgorithm::Ps256 => Mechanism::RsaPkcsPss(pss()),
        SignatureAlgorithm::Rs256 => Mechanism::RsaPkcs,
    }
}

/// PS256: MGF1 with SHA-256, and a salt as long as the hash (RFC 7518 section 3.5).
fn pss() -> PkcsPssParams {
    PkcsPssParams {
        hash_alg: MechanismType::SHA256,
        mgf: PkcsMgfType::MGF1_SHA256,
        s_len: 32.into(),
    }
}

/// The SHA-256 hash of `input`, for PKCS #1 v1.5 in a `DigestInfo` (RFC 8017 section 9.2 note 1).
fn hashed(algorithm: SignatureAlgorithm, input: &[u8]) -> Vec<u8> {
    const DIGEST_INFO: [u8; 19] = [
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
        0x20,
    ];
    let mut bytes = match algorithm {
        SignatureAlgorithm::Ps256 => Vec::new(),
        SignatureAlgorithm::Rs256 => DIGEST_INFO.to_vec(),
    };
    bytes.extend_from_slice(digest(&SHA256, input).as_ref());
    bytes
}

//! Authorization codes (RFC 6749 section 4.1).

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::subject::{SignIn, Subject};
use crate::answer::refusal::Refusal;

/// The codes that were issued; known by their SHA-256 alone. The newest [`MOST`] work.
pub(crate) struct AuthorizationCodes(Mutex<VecDeque<Issued>>);

/// What a code is bound to.
pub(crate) struct Binding {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    /// The S256 challenge of PKCE, if there was one.
    pub(crate) challenge: Option<String>,
}

/// A code that is to be exchanged, with what has to come with it.
pub(crate) struct Presented<'form> {
    pub(crate) code: &'form str,
    pub(crate) client_id: &'form str,
    pub(crate) redirect_uri: &'form str,
    pub(crate) verifier: Option<&'form str>,
}

/// Why a code is not exchanged.
pub(crate) enum CodeError {
    Refused(Refusal),
    /// It was exchanged before, so that it may be stolen: what came of it is to be revoked (RFC 6749 section 4.1.2).
    Reused(Uuid),
}

struct Issued {
    digest: [u8; 32],
    binding: Binding,
    subject: Subject,
    session: Uuid,
    end: Instant,
    is_redeemed: bool,
}

/// Some hundred bytes of memory each.
const MOST: usize = 10_000;

/// The longest that RFC 6749 section 4.1.2 recommends.
const LIFETIME: Duration = Duration::from_secs(600);

impl AuthorizationCodes {
    pub(crate) fn new() -> Self {
        Self(Mutex::default())
    }

    /// A code for the user and the scope of `subject`. The tokens that it is exchanged for belong to one sign-in.
    pub(crate) fn issue(&self, binding: Binding, mut subject: Subject, nonce: Option<String>) -> String {
        let mut random = [0; 32];
        SystemRandom::new()
            .fill(&mut random)
            .expect("the operating system has random numbers");
        let code = format!("1.{}", URL_SAFE_NO_PAD.encode(random));
        let session = Uuid::new_v4();
        subject.sign_in = Some(SignIn { session, nonce });
        let mut issued = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        issued.truncate(MOST - 1);
        issued.push_front(Issued {
            digest: digest(&code),
            binding,
            subject,
            session,
            end: Instant::now() + LIFETIME,
            is_redeemed: false,
        });
        code
    }

    /// The subject of the tokens for a code, once.
    pub(crate) fn redeem(&self, presented: &Presented) -> Result<Subject, CodeError> {
        let digest = digest(presented.code);
        let mut issued = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = issued.iter_mut().find(|issued| issued.digest == digest);
        let issued = found
            .filter(|issued| issued.binding.client_id.eq_ignore_ascii_case(presented.client_id))
            .ok_or_else(|| CodeError::Refused(Refusal::new(70000, &[])))?;
        if issued.is_redeemed {
            return Err(CodeError::Reused(issued.session));
        }
        issued.check(presented).map_err(CodeError::Refused)?;
        issued.is_redeemed = true;
        Ok(issued.subject.clone())
    }
}

impl Issued {
    fn check(&self, presented: &Presented) -> Result<(), Refusal> {
        if Instant::now() >= self.end {
            return Err(Refusal::new(70008, &[]));
        }
        if self.binding.redirect_uri != presented.redirect_uri {
            return Err(Refusal::new(
                500_112,
                &[presented.redirect_uri, &self.binding.redirect_uri],
            ));
        }
        match (&self.binding.challenge, presented.verifier) {
            (None, None) => Ok(()),
            (Some(challenge), Some(verifier)) if is_verifier(verifier) && challenge_of(verifier) == *challenge => {
                Ok(())
            }
            // A verifier without a challenge shows that the challenge was taken out (RFC 9700 section 4.8.2).
            _ => Err(Refusal::new(501_481, &[])),
        }
    }
}

/// RFC 7636 section 4.1.
fn is_verifier(text: &str) -> bool {
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(is_unreserved)
}

/// RFC 7636 section 4.6.
fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

fn digest(code: &str) -> [u8; 32] {
    Sha256::digest(code.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_the_specification() {
        // RFC 7636 appendix B.
        let challenge = challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_verifier_has_43_to_128_unreserved_characters() {
        assert!(is_verifier(&"a-._~9".repeat(8)));
        for text in ["a".repeat(42), "a".repeat(129), "a+".repeat(30), String::new()] {
            assert!(!is_verifier(&text), "{text}");
        }
    }
}

//! Proof Key for Code Exchange (RFC 7636), and the other random texts of a sign-in.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use base64::Engine as _;
use zeroize::Zeroizing;

use crate::base::error::{Error, Result};
use crate::base::secret::Secret;
use crate::token::jwt::{BASE64URL, encoded_length};

/// How many random bytes a text has: 256 bits cannot be guessed (RFC 7636 section 7.1).
const BYTES: usize = 32;

/// A verifier, and the challenge that stands for it where others can read along.
#[derive(Debug)]
pub struct Pkce {
    /// Sent with the code.
    pub verifier: Secret,
    /// Sent with the browser: the verifier's SHA-256 (method S256).
    pub challenge: String,
}

impl Pkce {
    /// A random verifier of 43 characters.
    pub fn random() -> Result<Self> {
        let verifier = random_secret()?;
        let challenge = challenge_of(&verifier);
        Ok(Self { verifier, challenge })
    }
}

/// A random text of 43 characters in base64url.
pub fn random_secret() -> Result<Secret> {
    let mut bytes = Zeroizing::new([0; BYTES]);
    rand::fill(&mut *bytes).map_err(|_| Error::no_random_numbers())?;
    let mut text = Zeroizing::new([0; encoded_length(BYTES)]);
    let written = BASE64URL.encode_slice(*bytes, &mut *text);
    debug_assert_eq!(written.ok(), Some(text.len()));
    Ok(Secret::copy_of(&*text))
}

fn challenge_of(verifier: &Secret) -> String {
    BASE64URL.encode(digest(&SHA256, verifier.expose()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_the_specification() {
        // RFC 7636 appendix B.
        let verifier = Secret::copy_of(b"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge_of(&verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_verifier_has_43_unreserved_characters_and_is_new_each_time() {
        let [one, other] = [Pkce::random().unwrap(), Pkce::random().unwrap()];
        let text = one.verifier.expose_text().unwrap();
        let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        assert!(text.len() == 43 && text.bytes().all(is_unreserved), "{text}");
        assert_ne!(one.verifier, other.verifier);
        assert!(!format!("{one:?}").contains(text));
    }
}

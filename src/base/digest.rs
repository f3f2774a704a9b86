//! Digests of fixed size, in place of longer or secret values in cache keys.

use std::sync::OnceLock;

use aws_lc_rs::digest::{Context, SHA256};
use aws_lc_rs::rand;

use crate::base::secret::Secret;

/// A SHA-256 digest of a list of parts. The length of each part is hashed too, which keeps different lists apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `parts`, in their order.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut context = Context::new(&SHA256);
        for part in parts {
            context.update(&(part.len() as u64).to_le_bytes());
            context.update(part);
        }
        let mut bytes = [0; 32];
        bytes.copy_from_slice(context.finish().as_ref());
        Self(bytes)
    }

    /// The digest of a secret of this kind, salted with a random value of this process. A digest that leaks does not
    /// help to guess a password.
    ///
    /// # Panics
    /// If the operating system does not supply random numbers: nothing would be secure without them.
    pub fn of_secret(kind: &[u8], secret: &Secret) -> Self {
        static SALT: OnceLock<[u8; 32]> = OnceLock::new();
        let salt = SALT.get_or_init(|| {
            let mut salt = [0; 32];
            rand::fill(&mut salt).expect("the operating system's random numbers are available");
            salt
        });
        Self::of(&[kind, salt, secret.expose()])
    }

    /// One digest for both: their exclusive or, which is cheap enough for every lookup in a cache. Finding two pairs
    /// with the same result takes 2^85 digests (Wagner, "A Generalized Birthday Problem", 2002).
    #[must_use]
    pub fn combined_with(mut self, other: Self) -> Self {
        // Word by word: a build for size does not unroll a loop over bytes, which would take a tenth of a lookup.
        let (words, others) = (self.0.as_chunks_mut::<16>().0, other.0.as_chunks::<16>().0);
        for (word, other) in words.iter_mut().zip(others) {
            *word = (u128::from_ne_bytes(*word) ^ u128::from_ne_bytes(*other)).to_ne_bytes();
        }
        self
    }

    /// The bytes, for use as a part of another digest.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boundary_between_parts_counts() {
        assert_ne!(Digest::of(&[b"ab", b"c"]), Digest::of(&[b"a", b"bc"]));
        assert_ne!(Digest::of(&[b"a"]), Digest::of(&[b"a", b""]));
        assert_eq!(Digest::of(&[b"a", b"b"]), Digest::of(&[b"a", b"b"]));
    }

    #[test]
    fn a_combination_depends_on_both_digests() {
        let [a, b, c] = [b"a", b"b", b"c"].map(|part| Digest::of(&[part]));
        assert_eq!(a.combined_with(b), b.combined_with(a));
        assert_ne!(a.combined_with(b), a.combined_with(c));
        assert_ne!(a.combined_with(b), c.combined_with(b));
    }

    #[test]
    fn a_secret_is_hashed_with_a_salt() {
        let secret = Secret::copy_of(b"password");
        assert_eq!(Digest::of_secret(b"x", &secret), Digest::of_secret(b"x", &secret));
        assert_ne!(Digest::of_secret(b"x", &secret), Digest::of(&[b"x", b"password"]));
    }
}

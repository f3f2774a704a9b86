//! The secret by which the endpoint knows the programs that may ask it.

use std::io;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A random text. It has no `Debug`, so that it reaches no message.
pub struct HeaderSecret(Zeroizing<String>);

impl HeaderSecret {
    const BYTES: usize = 32;

    pub fn random() -> io::Result<Self> {
        let mut bytes = Zeroizing::new([0; Self::BYTES]);
        getrandom::fill(&mut *bytes)?;
        Ok(Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()))))
    }

    /// Whether `given` is the secret. Takes the same time for each text of its length.
    pub fn is(&self, given: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(given).into()
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

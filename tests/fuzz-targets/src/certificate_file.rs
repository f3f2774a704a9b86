//! Certificate and key files in every format.

use graphtoken::{Result, SignatureAlgorithm, SignerError, SigningCertificate};
use test_support::fuzz_inputs;

use crate::marked_secret::MarkedSecret;
use crate::promise::{check_error, check_hidden};

/// A file, after a byte that selects its password ([`fuzz_inputs::PASSWORDS`]).
pub fn certificate_file(input: &[u8]) {
    let Some((selector, content)) = input.split_first() else {
        return;
    };
    let password = fuzz_inputs::password(*selector).map(MarkedSecret::new);
    check(load(content, password), password, input);
}

/// Loads the content of a file.
pub fn load(content: &[u8], password: Option<MarkedSecret>) -> Result<SigningCertificate> {
    SigningCertificate::from_bytes(content, None, password.map(MarkedSecret::secret).as_ref())
}

/// Checks that a key that loads makes no wrong signature, and that nothing shows the password.
pub fn check(loaded: Result<SigningCertificate>, password: Option<MarkedSecret>, input: &[u8]) {
    const SIGNED: &[u8] = b"header.claims";
    let password: Vec<MarkedSecret> = password.into_iter().collect();
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(error) => return check_error(&error, &password, input),
    };
    check_hidden(&format!("{loaded:?}"), &password, input);
    match loaded.sign(SignatureAlgorithm::Rs256, SIGNED) {
        Ok(signature) => {
            let is_good = loaded
                .certificate()
                .verify(SignatureAlgorithm::Rs256, SIGNED, &signature);
            assert!(is_good, "a wrong signature by {loaded:?}");
        }
        Err(SignerError::Failed(error)) => check_error(&error, &password, input),
        Err(SignerError::AlgorithmUnsupported) => panic!("a key in memory does not sign: {loaded:?}"),
    }
}

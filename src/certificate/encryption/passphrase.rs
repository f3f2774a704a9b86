//! The password of a certificate file or key, in the encodings that the file formats use.

use std::cell::Cell;
use std::rc::Rc;

use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::CERTIFICATE_PASSWORD;
use crate::base::secret::Secret;
use crate::base::secret_form::oddity;

/// The most rounds of one key derivation. NSS and `GnuTLS`, which write the most by default, use 600,000.
const MOST_ROUNDS: u64 = 1_000_000;

/// The most rounds of all key derivations for one file, which take a few seconds. A file has one for its certificates,
/// one for each key, and one for its MAC.
const MOST_ROUNDS_OF_FILE: u64 = 4_000_000;

/// The caller's password, with the rounds of key derivation that may still be spent on it.
///
/// Each load has its own value. The limit holds for all encrypted parts of a file together.
pub(crate) struct Passphrase<'a> {
    given: Option<&'a str>,
    rounds_left: Rc<Cell<u64>>,
}

impl<'a> Passphrase<'a> {
    /// Takes the caller's password, which must be UTF-8; `None` if there is none.
    pub(crate) fn new(given: Option<&'a Secret>) -> Result<Self> {
        let text = given
            .map(|secret| secret.expose_text().ok_or_else(not_text))
            .transpose()?;
        Ok(Self {
            given: text,
            rounds_left: Rc::new(Cell::new(MOST_ROUNDS_OF_FILE)),
        })
    }

    /// No password, with the rounds that are left to this one.
    pub(crate) fn absent(&self) -> Self {
        Self {
            given: None,
            rounds_left: Rc::clone(&self.rounds_left),
        }
    }

    /// Whether no password was given. An empty password counts as given.
    pub(crate) fn is_absent(&self) -> bool {
        self.given.is_none()
    }

    /// The bytes from which PKCS#5 derives keys: UTF-8 (RFC 8018 section 3).
    pub(crate) fn utf8(&self) -> &'a [u8] {
        self.given.unwrap_or_default().as_bytes()
    }

    /// The bytes from which PKCS#12 derives keys, most likely first.
    ///
    /// RFC 7292 appendix B.1 requires UTF-16, big-endian, with a terminating zero. For an empty password, some programs
    /// use the terminator alone and others no bytes at all.
    pub(crate) fn utf16_readings(&self) -> Vec<Zeroizing<Vec<u8>>> {
        let text = self.given.unwrap_or_default();
        let mut terminated = Zeroizing::new(Vec::with_capacity(2 * text.len() + 2));
        terminated.extend(text.encode_utf16().chain([0]).flat_map(u16::to_be_bytes));
        if text.is_empty() {
            vec![terminated, Zeroizing::new(Vec::new())]
        } else {
            vec![terminated]
        }
    }

    /// Subtracts the `rounds` of a key derivation from the rounds that are left. Must be called before they are run.
    ///
    /// # Errors
    /// [`Status::CertificateUnreadable`] if they are too many, or not enough are left.
    pub(crate) fn spend(&self, rounds: u64) -> Result<()> {
        if rounds > MOST_ROUNDS {
            return Err(too_many_rounds(&format!(
                "The file needs {rounds} rounds of key derivation, but at most {MOST_ROUNDS} are supported."
            )));
        }
        let left = self.rounds_left.get().checked_sub(rounds).ok_or_else(|| {
            too_many_rounds(&format!(
                "The parts of the file together need more than {MOST_ROUNDS_OF_FILE} rounds of key derivation."
            ))
        })?;
        self.rounds_left.set(left);
        Ok(())
    }

    /// The error if this password does not decrypt `what`, such as "PFX file".
    pub(crate) fn incorrect(&self, what: &str) -> Error {
        let (message, hint) = match self.given {
            None => (
                format!("The {what} needs a password, but none was given."),
                format!("Use {CERTIFICATE_PASSWORD} to give its password."),
            ),
            Some("") => (
                format!("The {what} needs a password, but the one given is empty."),
                format!("Check {CERTIFICATE_PASSWORD}; a password file must not be empty."),
            ),
            Some(password) => (
                format!("The password for the {what} is incorrect."),
                match oddity(password) {
                    Some(oddity) => {
                        format!("Check {CERTIFICATE_PASSWORD} first: the password {oddity}, and was used as it is.")
                    }
                    None => {
                        format!(
                            "Check {CERTIFICATE_PASSWORD} for letter case, and for a line break or space at its end."
                        )
                    }
                },
            ),
        };
        Error::new(Status::CertificatePasswordIncorrect, message, hint)
    }
}

fn not_text() -> Error {
    Error::new(
        Status::InvalidArgument,
        "The certificate password is not valid UTF-8.",
        format!("Use UTF-8 for {CERTIFICATE_PASSWORD}; save a password file as UTF-8."),
    )
}

fn too_many_rounds(message: &str) -> Error {
    Error::new(
        Status::CertificateUnreadable,
        message,
        if cfg!(windows) {
            "Export the certificate again with fewer rounds, which are also called iterations; Export-PfxCertificate \
             uses a few thousand."
        } else {
            "Export the certificate again with fewer rounds, which are also called iterations (openssl pkcs12 -export \
             -iter 100000, openssl pkcs8 -topk8 -iter 100000)."
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(password: Option<&str>) -> Vec<Vec<u8>> {
        let secret = password.map(|text| Secret::copy_of(text.as_bytes()));
        let password = Passphrase::new(secret.as_ref()).unwrap();
        password
            .utf16_readings()
            .into_iter()
            .map(|reading| reading.to_vec())
            .collect()
    }

    #[test]
    fn utf16_is_big_endian_with_surrogates_and_terminator() {
        let expected = vec![0x00, 0x61, 0x00, 0xe4, 0xd8, 0x3d, 0xde, 0x00, 0x00, 0x00];
        assert_eq!(readings(Some("a\u{e4}\u{1f600}")), [expected]);
    }

    #[test]
    fn an_empty_password_has_two_readings() {
        assert_eq!(readings(None), [vec![0, 0], vec![]]);
        assert_eq!(readings(Some("")), [vec![0, 0], vec![]]);
    }

    #[test]
    fn rounds_add_up_during_a_load() {
        let password = Passphrase::new(None).unwrap();
        for _ in 0..2 {
            password.spend(MOST_ROUNDS).unwrap();
            password.absent().spend(MOST_ROUNDS).unwrap();
        }
        let error = password.spend(1).unwrap_err();
        assert_eq!(error.status(), Status::CertificateUnreadable);
        assert!(error.message().contains("more than 4000000 rounds"), "{error}");
    }

    #[test]
    fn a_derivation_with_too_many_rounds_is_refused_with_their_number() {
        let error = Passphrase::new(None).unwrap().spend(MOST_ROUNDS + 1).unwrap_err();
        assert_eq!(error.status(), Status::CertificateUnreadable);
        assert_eq!(
            error.message(),
            "The file needs 1000001 rounds of key derivation, but at most 1000000 are supported."
        );
    }

    #[test]
    fn bytes_that_are_not_text_are_refused() {
        let secret = Secret::copy_of(&[0xff, 0xfe]);
        assert_eq!(
            Passphrase::new(Some(&secret)).err().unwrap().status(),
            Status::InvalidArgument
        );
    }
}

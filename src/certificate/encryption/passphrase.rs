//! The password of a certificate file or key, in the forms that the file formats ask for.

use std::cell::Cell;

use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;

/// Rounds of key derivation that one file may cost. Writers use a few thousand to a few million;
/// beyond that a file would keep the caller waiting for minutes.
const MOST_ROUNDS: u64 = 10_000_000;

/// What the caller gave as password, with the work that trying it may still cost.
///
/// One value serves one load, so that a file with many encrypted parts cannot multiply its cost.
pub(crate) struct Password<'a> {
    given: Option<&'a str>,
    rounds_left: Cell<u64>,
}

impl<'a> Password<'a> {
    /// Takes the password that was given; `None` when none was. It must be UTF-8.
    pub(crate) fn new(given: Option<&'a Secret>) -> Result<Self> {
        let text = given
            .map(|secret| secret.expose_text().ok_or_else(not_text))
            .transpose()?;
        Ok(Self {
            given: text,
            rounds_left: Cell::new(MOST_ROUNDS),
        })
    }

    /// Whether no password was given; an empty one is given.
    pub(crate) fn is_absent(&self) -> bool {
        self.given.is_none()
    }

    /// The bytes that PKCS#5 derives keys from: UTF-8 (RFC 8018 section 3).
    pub(crate) fn utf8(&self) -> &'a [u8] {
        self.given.unwrap_or_default().as_bytes()
    }

    /// The bytes that PKCS#12 derives keys from, most likely first.
    ///
    /// RFC 7292 appendix B.1 says UTF-16, big-endian, with a terminating zero. Without a password some writers
    /// use the terminator alone and others nothing at all.
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

    /// Takes `rounds` of key derivation off what this load may cost, before they are spent.
    pub(crate) fn spend(&self, rounds: u64) -> Result<()> {
        let left = self.rounds_left.get().checked_sub(rounds).ok_or_else(too_many_rounds)?;
        self.rounds_left.set(left);
        Ok(())
    }

    /// The error for `what` (such as "PFX file") not opening with this password.
    pub(crate) fn incorrect(&self, what: &str) -> Error {
        let (message, hint) = match self.given {
            None => (
                format!("the {what} is protected with a password and none was given"),
                "Give its password (-CertificatePassword, --certificate-password-file).",
            ),
            Some("") => (
                format!("the {what} is protected with a password and the one given is empty"),
                "Give its password; a password file must not be empty.",
            ),
            Some(_) => (
                format!("the password does not open the {what}"),
                "Check the password: upper and lower case, and no line break or space at its end.",
            ),
        };
        Error::new(Status::CertificatePasswordIncorrect, message, hint)
    }
}

fn not_text() -> Error {
    Error::new(
        Status::InvalidArgument,
        "the certificate password is not UTF-8 text",
        "Pass the password as UTF-8; save a password file as UTF-8.",
    )
}

fn too_many_rounds() -> Error {
    Error::new(
        Status::CertificateUnreadable,
        format!("the file asks for more than {MOST_ROUNDS} rounds of key derivation"),
        "Export the certificate again with fewer iterations (openssl pkcs12 -export -iter 100000).",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(password: Option<&str>) -> Vec<Vec<u8>> {
        let secret = password.map(|text| Secret::copy_of(text.as_bytes()));
        let password = Password::new(secret.as_ref()).unwrap();
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
    fn no_password_has_two_readings() {
        assert_eq!(readings(None), [vec![0, 0], vec![]]);
        assert_eq!(readings(Some("")), [vec![0, 0], vec![]]);
    }

    #[test]
    fn rounds_add_up_over_one_load() {
        let password = Password::new(None).unwrap();
        password.spend(MOST_ROUNDS).unwrap();
        let error = password.spend(1).unwrap_err();
        assert_eq!(error.status(), Status::CertificateUnreadable);
        assert!(error.message().contains("10000000 rounds"), "{error}");
    }

    #[test]
    fn bytes_that_are_not_text_are_refused() {
        let secret = Secret::copy_of(&[0xff, 0xfe]);
        assert_eq!(
            Password::new(Some(&secret)).err().unwrap().status(),
            Status::InvalidArgument
        );
    }
}

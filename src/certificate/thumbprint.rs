//! A certificate's thumbprint as users type or paste it.

use std::fmt;

use crate::base::error::{Error, Result, Status};
use crate::base::invisible::without_invisible;
use crate::base::parameter::THUMBPRINT;
use crate::base::pasted;
use crate::base::quote::quote;
use crate::base::shown_path::is_file_content;
use crate::certificate::Certificate;

/// Number of digits of a SHA-1 thumbprint, as Windows and the Entra admin centre show it.
const SHA1_DIGITS: usize = 40;

/// Number of digits of a SHA-256 thumbprint, as OpenSSL and certificate services show it.
const SHA256_DIGITS: usize = 64;

/// The SHA-1 or SHA-256 hash of a certificate, in upper-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Thumbprint(String);

impl Thumbprint {
    /// Reads a thumbprint in any notation that programs show: in upper or lower case, with spaces, colons or dashes
    /// between the digits, and with the invisible characters that are copied from a window along with it, in quotation
    /// marks or braces.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`]. The message shows nothing but digits: the text may be a secret in the wrong place.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let mut left = without_invisible(pasted::unwrapped(text));
        left.retain(|c| !is_separator(c));
        let shown = shown(text, &left);
        if let Some(strange) = left.chars().find(|c| !c.is_ascii_hexdigit()) {
            return Err(refusal(&format!(
                "A thumbprint consists of hexadecimal digits, but this one contains {strange:?}."
            )));
        }
        match left.len() {
            SHA1_DIGITS | SHA256_DIGITS => Ok(Self(left.to_ascii_uppercase())),
            0 => Err(refusal("The thumbprint is empty.")),
            digits => Err(refusal(&format!(
                "A thumbprint has {SHA1_DIGITS} hexadecimal digits (SHA-1) or {SHA256_DIGITS} (SHA-256), but {shown} \
                 has {digits}."
            ))),
        }
    }

    /// Whether this is the thumbprint of `certificate`.
    pub(crate) fn is_of(&self, certificate: &Certificate) -> bool {
        match self.0.len() {
            SHA1_DIGITS => self.0 == certificate.thumbprint_sha1_hex(),
            _ => self.0 == certificate.thumbprint_sha256_hex(),
        }
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Whether `c` is white space, a colon, a brace, or anything that looks like a dash.
fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, ':' | '{' | '}' | '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// `left`, which is `text` without its separators, in a message. Text that is longer than most thumbprints may be a
/// secret.
fn shown(text: &str, left: &str) -> String {
    const LONGEST: usize = 50;
    if left.chars().count() > LONGEST || is_file_content(text) {
        "the given text".to_owned()
    } else {
        quote(left, &[])
    }
}

fn refusal(message: &str) -> Error {
    Error::new(
        Status::InvalidArgument,
        message,
        format!(
            "Set {THUMBPRINT} to the thumbprint of the certificate, such as A1B2C3D4E5F60718293A4B5C6D7E8F9001122334."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHA1: &str = "C52E44C034B03CA8C2AA61E23ABEDA461EA07D6D";

    #[test]
    fn all_notations_give_the_same_thumbprint() {
        let lower = SHA1.to_ascii_lowercase();
        for text in [
            SHA1,
            &lower,
            // As copied from the certificate dialog of Windows, with a left-to-right mark in front.
            "\u{200e}c5 2e 44 c0 34 b0 3c a8 c2 aa 61 e2 3a be da 46 1e a0 7d 6d",
            "\u{200f}\u{feff}C5:2E:44:C0:34:B0:3C:A8:C2:AA:61:E2:3A:BE:DA:46:1E:A0:7D:6D\u{200b}\r\n",
            "C52E44C0-34B03CA8-C2AA61E2\u{2013}3ABEDA46\u{a0}1EA07D6D",
            "'\"C52E44C034B03CA8C2AA61E23ABEDA461EA07D6D\"'",
            "\u{201c}{C52E44C034B03CA8C2AA61E23ABEDA461EA07D6D}\u{201d}",
        ] {
            assert_eq!(Thumbprint::parse(text).unwrap().to_string(), SHA1, "{text:?}");
        }
        let sha256 = "ab".repeat(32);
        assert_eq!(Thumbprint::parse(&sha256).unwrap().to_string(), "AB".repeat(32));
    }

    #[test]
    fn a_refusal_shows_the_text_without_separators() {
        for (text, shown) in [
            ("", "The thumbprint is empty."),
            ("\u{200e} ", "The thumbprint is empty."),
            ("c5 2e:44", "but c52e44 has 6."),
            (&SHA1[1..], "but 52E44C034B03CA8C2AA61E23ABEDA461EA07D6D has 39."),
            ("0xC52E", "but this one contains 'x'."),
            ("CN=Graph Token", "but this one contains 'N'."),
            (&"a".repeat(300), "but the given text has 300."),
            (
                "-----BEGIN PRIVATE KEY-----\nMIIE//vQIBADANBgkqhkiG9w0BAQEFAASC",
                "but this one contains 'G'.",
            ),
        ] {
            let error = Thumbprint::parse(text).unwrap_err();
            assert_eq!(error.status(), Status::InvalidArgument);
            assert!(error.message().ends_with(shown), "{text:?}: {error}");
        }
    }
}

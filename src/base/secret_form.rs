//! What the form of a refused secret suggests: that something else was meant.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::base::invisible::is_invisible;
use crate::base::pasted::is_quotation_mark;

/// What is odd about a secret, as the end of a sentence whose subject is the secret; `None` if nothing is.
///
/// A secret is used as it was given. Only when it was refused, its form may tell why. Nothing of it is shown.
pub fn oddity(text: &str) -> Option<&'static str> {
    let at_an_end = |is: fn(char) -> bool| text.starts_with(is) || text.ends_with(is);
    if at_an_end(is_quotation_mark) {
        Some("begins or ends with a quotation mark")
    } else if at_an_end(char::is_whitespace) {
        Some("begins or ends with white space")
    } else if text.contains(is_invisible) {
        Some("contains invisible characters")
    } else if is_base64_of_text(text) {
        Some("looks like Base64 of a readable text")
    } else {
        None
    }
}

/// Fewer bytes than this are readable by chance.
const FEWEST_BYTES: usize = 6;

/// Standard Base64 (RFC 4648 section 4), padded or not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

fn is_base64_of_text(text: &str) -> bool {
    let Ok(decoded) = BASE64.decode(text).map(Zeroizing::new) else {
        return false;
    };
    // Windows PowerShell encodes text as UTF-16.
    let (pairs, rest) = decoded.as_chunks::<2>();
    let is_utf16 = rest.is_empty() && pairs.iter().all(|[low, high]| is_readable(*low) && *high == 0);
    decoded.len() >= FEWEST_BYTES && (is_utf16 || decoded.iter().copied().all(is_readable))
}

/// Whether an ASCII character is printable, or is a line break as `echo` adds one.
fn is_readable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\r' | b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    #[test]
    fn what_surrounds_a_secret_is_odd() {
        for (text, says) in [
            ("\"s3cret\"", "quotation mark"),
            ("s3cret'", "quotation mark"),
            ("\u{201c}s3cret\u{201d}", "quotation mark"),
            (" s3cret", "white space"),
            ("s3cret\n", "white space"),
            ("s3cret\u{a0}", "white space"),
            ("\u{feff}s3cret", "invisible"),
            ("s3c\u{200b}ret", "invisible"),
        ] {
            assert!(oddity(text).is_some_and(|odd| odd.contains(says)), "{text:?}");
        }
    }

    #[test]
    fn base64_of_a_readable_text_is_odd() {
        let utf16: Vec<u8> = "abc8Q~secret".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for text in [
            STANDARD.encode("abc8Q~secret"),
            STANDARD.encode("abc8Q~secret\n"),
            STANDARD.encode("hunter22").trim_end_matches('=').to_owned(),
            STANDARD.encode(utf16),
        ] {
            assert!(oddity(&text).is_some_and(|odd| odd.contains("Base64")), "{text}");
        }
    }

    #[test]
    fn nothing_is_odd_about_a_usual_secret() {
        for text in [
            "",
            "s3cret value",
            "abc8Q~aBcDeFgHiJkLmNoPqRsTuVwXyZ012345678",
            "Password",
            "YWJj",
            "p@ss\"word",
            "6f1a4b0e-0000-4000-8000-00000000abcd",
            "0.AXYAabcdefghijklmnop",
        ] {
            assert_eq!(oddity(text), None, "{text}");
        }
        let random = STANDARD.encode([0x9f, 0x03, 0xc1, 0x44, 0xee, 0x12, 0x80, 0x77, 0x01]);
        assert_eq!(oddity(&random), None);
    }
}

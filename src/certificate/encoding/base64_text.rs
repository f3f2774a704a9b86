//! Base64 (RFC 4648) as it is copied, escaped and stored: with other characters between its own.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::base::invisible::is_invisible;

/// Decodes `text`, in the ordinary alphabet or in that for URLs. Padding may be missing. White space, invisible
/// characters, quotation marks and commas are ignored. `None` if there is anything else, or nothing.
pub(crate) fn decode(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    const LENIENT: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let mut encoded = Zeroizing::new(Vec::with_capacity(text.len()));
    for c in std::str::from_utf8(text).ok()?.chars() {
        match c {
            '-' => encoded.push(b'+'),
            '_' => encoded.push(b'/'),
            '"' | '\'' | ',' => {}
            c if c.is_whitespace() || is_invisible(c) => {}
            c => encoded.push(u8::try_from(c).ok()?),
        }
    }
    // Allocated once: a buffer that grows leaves copies of keys in memory.
    let mut decoded = Zeroizing::new(vec![0; encoded.len().div_ceil(4) * 3]);
    let length = GeneralPurpose::new(&STANDARD, LENIENT)
        .decode_slice(encoded.as_slice(), &mut decoded)
        .ok()
        .filter(|length| *length > 0)?;
    decoded.truncate(length);
    Some(decoded)
}

/// Replaces the escape sequences that JSON, shells and PowerShell write for line breaks (`\n`, `` `n ``), and for
/// characters of Base64 (`\/`, `\u002B`), by what they stand for. `None` if `text` has no escape character.
pub(crate) fn without_escapes(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if !text.iter().copied().any(is_escape) {
        return None;
    }
    let mut plain = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if !is_escape(*first) {
            plain.push(*first);
            continue;
        }
        // What was escaped twice has two escape characters.
        while let Some((_, after)) = rest.split_first().filter(|(next, _)| is_escape(**next)) {
            rest = after;
        }
        let (byte, length) = match rest {
            [b'n' | b'r' | b't', ..] => (b'\n', 1),
            [b'u', digits @ ..] => character(digits).map_or((b'\n', 0), |byte| (byte, 5)),
            [other, ..] => (*other, 1),
            [] => (b'\n', 0),
        };
        plain.push(byte);
        rest = &rest[length..];
    }
    Some(plain)
}

fn is_escape(byte: u8) -> bool {
    matches!(byte, b'\\' | b'`')
}

/// The ASCII character with this number of four hexadecimal digits.
fn character(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits.get(..4)?).ok()?;
    u8::from_str_radix(digits, 16).ok().filter(u8::is_ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_between_the_characters_is_ignored() {
        for text in [
            "+/8=",
            "+/8",
            "-_8",
            " +\r\n/\t8= \n",
            "\u{feff}\"+/\u{200b}8=\"\r\n",
            "'+',\n'/8'",
            "+\u{a0}/8=",
        ] {
            assert_eq!(decode(text.as_bytes()).unwrap().as_slice(), [0xfb, 0xff], "{text:?}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", " \n", "A", "AQ*D", "AQID=AQID", "=", "\u{e4}QID", "AQ:ID"] {
            assert!(decode(text.as_bytes()).is_none(), "{text:?}");
        }
        assert!(decode(b"AQID\xff").is_none());
    }

    #[test]
    fn escape_sequences_become_what_they_stand_for() {
        for (text, plain) in [
            (r"a\nb", "a\nb"),
            (r"a\r\nb", "a\n\nb"),
            (r"a\\nb", "a\nb"),
            ("a`nb", "a\nb"),
            (r"a\/b", "a/b"),
            (r"a\u002Bb\u003d", "a+b="),
            (r#"\"a\""#, "\"a\""),
            ("a\\\nb\\", "a\nb\n"),
            (r"a\u00e4b\u12", "a\nu00e4b\nu12"),
        ] {
            assert_eq!(
                without_escapes(text.as_bytes()).unwrap().as_slice(),
                plain.as_bytes(),
                "{text}"
            );
        }
        assert!(without_escapes(b"a/b").is_none());
    }
}

//! JSON of strangers: read even if its text is not quite right, and shown without what nobody sees.

use std::borrow::Cow;

use serde_json::Value;
use zeroize::Zeroizing;

use crate::base::invisible::is_invisible;

/// `bytes` as text. Bytes that are not UTF-8 are taken for Latin-1, in which old gateways answer, or for UTF-16 when
/// they begin like it.
pub(crate) fn text_of(bytes: &[u8]) -> Zeroizing<String> {
    if let Some(unit) = utf_16(bytes) {
        return text_of_units(bytes, unit);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // A byte of Latin-1 takes two in UTF-8.
    let mut text = Zeroizing::new(String::with_capacity(2 * bytes.len()));
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|&byte| char::from(byte)));
    }
    text
}

/// How two bytes are a code unit, if `bytes` begin with the byte order mark of UTF-16, or with a character of ASCII and
/// a zero, as no text in another encoding does.
fn utf_16(bytes: &[u8]) -> Option<fn([u8; 2]) -> u16> {
    match bytes {
        [0xFF, 0xFE, ..] | [1..=0xFF, 0, ..] => Some(u16::from_le_bytes),
        [0xFE, 0xFF, ..] | [0, 1..=0xFF, ..] => Some(u16::from_be_bytes),
        _ => None,
    }
}

fn text_of_units(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Zeroizing<String> {
    let characters = || {
        char::decode_utf16(bytes.as_chunks().0.iter().map(|bytes| unit(*bytes)))
            .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
            .filter(|character| *character != '\u{feff}')
    };
    // A growing buffer leaves copies of secrets in memory.
    let mut text = Zeroizing::new(String::with_capacity(characters().map(char::len_utf8).sum()));
    text.extend(characters());
    text
}

/// The JSON value in `text`, or `None` if it is not JSON.
pub(crate) fn parse(text: &str) -> Option<Value> {
    let parsed = serde_json::from_str(text).ok();
    parsed.or_else(|| match with_whole_surrogates(text) {
        Cow::Borrowed(_) => None,
        Cow::Owned(repaired) => serde_json::from_str(&Zeroizing::new(repaired)).ok(),
    })
}

/// The JSON in `text` with the strings' control and formatting characters left out, and their line breaks and tabs
/// replaced by spaces, whether they are escaped or not; an escaped surrogate without its other half becomes the
/// replacement character. Everything else stays as it is written.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut is_string = false;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (character, length) = match first {
            '\\' => escaped(rest),
            other => (Some(other), other.len_utf8()),
        };
        is_string ^= first == '"';
        match character {
            Some(c) if is_string && c.is_whitespace() && is_invisible(c) => shown.push(' '),
            Some(c) if is_string && is_invisible(c) => {}
            None if unit(rest.as_bytes()).is_some() => shown.push_str("\\ufffd"),
            _ => shown.push_str(&rest[..length]),
        }
        rest = &rest[length..];
    }
    shown
}

/// The character that is escaped at the start of `text`, if it is known, and the length of the escape.
fn escaped(text: &str) -> (Option<char>, usize) {
    match text[1..].chars().next() {
        Some('b' | 'f') => (Some('\0'), 2),
        Some('n' | 'r' | 't') => (Some('\n'), 2),
        second => unicode_escape(text.as_bytes()).unwrap_or((None, 1 + second.map_or(0, char::len_utf8))),
    }
}

/// The character that is escaped at the start of `bytes` as `\uXXXX`, or as a pair of them, and the length of the
/// escape. Half a pair is no character.
pub(crate) fn unicode_escape(bytes: &[u8]) -> Option<(Option<char>, usize)> {
    let first = unit(bytes)?;
    let second = unit(&bytes[ESCAPE..]).filter(|second| (0xdc00..=0xdfff).contains(second));
    match (first, second) {
        (0xd800..=0xdbff, Some(second)) => {
            let code = 0x1_0000 + ((first & 0x3ff) << 10) + (second & 0x3ff);
            Some((char::from_u32(code), 2 * ESCAPE))
        }
        _ => Some((char::from_u32(first), ESCAPE)),
    }
}

/// `text` with the replacement character for each escaped surrogate that has no other half. A service that cuts a
/// description in the middle of an emoji writes one, and it is no reason to lose the rest.
fn with_whole_surrogates(text: &str) -> Cow<'_, str> {
    let mut repaired = String::new();
    let mut copied = 0;
    let mut position = 0;
    while let Some(distance) = text[position..].find('\\') {
        position += distance;
        match unicode_escape(&text.as_bytes()[position..]) {
            Some((None, length)) => {
                repaired.push_str(&text[copied..position]);
                repaired.push_str("\\ufffd");
                position += length;
                copied = position;
            }
            Some((Some(_), length)) => position += length,
            None => position += 1 + text[position + 1..].chars().next().map_or(0, char::len_utf8),
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    repaired.push_str(&text[copied..]);
    Cow::Owned(repaired)
}

/// The length of `\uXXXX`.
const ESCAPE: usize = 6;

/// The UTF-16 code unit that is escaped at the start of `bytes`.
fn unit(bytes: &[u8]) -> Option<u32> {
    let digits: &[u8; ESCAPE - 2] = bytes.strip_prefix(b"\\u")?.first_chunk()?;
    let digit = |value: u32, digit: &u8| Some(value << 4 | char::from(*digit).to_digit(16)?);
    digits.iter().try_fold(0, digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(text: &str) -> Option<String> {
        parse(text)?.get("a")?.as_str().map(str::to_owned)
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_latin_1_and_the_others_are_not() {
        for (bytes, text) in [
            (&b"\xef\xbb\xbfa"[..], "a"),
            (b"Gr\xfc\xdfe", "Gr\u{fc}\u{df}e"),
            (
                b"m\xe2\x80\x8bQ \xfc \xf0\x9f\x94",
                "m\u{200b}Q \u{fc} \u{f0}\u{9f}\u{94}",
            ),
        ] {
            assert_eq!(*text_of(bytes), text);
        }
    }

    #[test]
    fn utf_16_is_read_in_both_byte_orders() {
        let text = "{\"a\":\"AADSTS50126: Ung\u{fc}ltig \u{1f600}\"}";
        for mark in ["", "\u{feff}"] {
            let units: Vec<u16> = mark.encode_utf16().chain(text.encode_utf16()).collect();
            for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
                let bytes: Vec<u8> = units.iter().flat_map(|unit| bytes(*unit)).collect();
                assert_eq!(*text_of(&bytes), text);
            }
        }
        assert_eq!(*text_of(b"\0"), "\0");
        assert_eq!(*text_of(b"\xff\xfe\0\xd8x"), "\u{fffd}");
    }

    #[test]
    fn lone_surrogates_are_replaced_and_pairs_are_kept() {
        for (text, expected) in [
            (r#"{"a":"x\ud83dy"}"#, "x\u{fffd}y"),
            (r#"{"a":"\ude00"}"#, "\u{fffd}"),
            (r#"{"a":"\ud83d\ud83d\ude00"}"#, "\u{fffd}\u{1f600}"),
            (r#"{"a":"\\ud83d \ud83d"}"#, "\\ud83d \u{fffd}"),
            (r#"{"a":"\ud83d\ude00 \u00e4"}"#, "\u{1f600} \u{e4}"),
        ] {
            assert_eq!(member(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "{", r#"{"a":"\ud83"#, r#"{"a":"\"#, "\\u{e4}"] {
            assert_eq!(member(text), None, "{text}");
        }
    }

    #[test]
    fn strings_are_shown_without_what_nobody_sees() {
        for (text, shown) in [
            ("{\n\t\"a\" : 1e400}", "{\n\t\"a\" : 1e400}"),
            (
                r#"{"a":"x\u202ey\u0000z\n\"\\n \u00e4"}"#,
                r#"{"a":"xyz \"\\n \u00e4"}"#,
            ),
            ("{\"a\u{202e}\":\"\u{9b}b\u{2028}\u{e4}\"}", "{\"a\":\"b \u{e4}\"}"),
            (
                r#"["\udb40\udc20x\ud83d\ude00","\ud83d","\""#,
                r#"["x\ud83d\ude00","\ufffd","\""#,
            ),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn latin_1_is_read() {
        let text = text_of(b"{\"a\":\"AADSTS50126: Ung\xfcltig\"}");
        assert_eq!(member(&text).as_deref(), Some("AADSTS50126: Ung\u{fc}ltig"));
        assert_eq!(*text_of(b"\xef\xbb\xbf{}"), "{}");
    }
}

//! JSON of strangers: read even if its text is not quite right, and shown without what nobody sees.

use std::borrow::Cow;

use serde_json::Value;
use zeroize::Zeroizing;

use crate::base::invisible::is_invisible;

/// `bytes` as text. Bytes that are not UTF-8 are taken for Latin-1, in which old gateways answer.
pub(crate) fn text_of(bytes: &[u8]) -> Zeroizing<String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    Zeroizing::new(match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect(),
    })
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
            None if unit(rest).is_some() => shown.push_str("\\ufffd"),
            _ => shown.push_str(&rest[..length]),
        }
        rest = &rest[length..];
    }
    shown
}

/// The character that is escaped at the start of `text`, if it is known, and the length of the escape.
fn escaped(text: &str) -> (Option<char>, usize) {
    let second = text[1..].chars().next();
    match (second, unit(text)) {
        (Some('b' | 'f'), _) => (Some('\0'), 2),
        (Some('n' | 'r' | 't'), _) => (Some('\n'), 2),
        (_, Some(high @ 0xd800..=0xdbff)) => match unit(&text[ESCAPE..]) {
            Some(low @ 0xdc00..=0xdfff) => {
                let code = 0x1_0000 + ((high & 0x3ff) << 10) + (low & 0x3ff);
                (char::from_u32(code), 2 * ESCAPE)
            }
            _ => (None, ESCAPE),
        },
        (_, Some(code)) => (char::from_u32(code), ESCAPE),
        (second, None) => (None, 1 + second.map_or(0, char::len_utf8)),
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
        match unit(&text[position..]) {
            Some(0xd800..=0xdbff) if matches!(unit(&text[position + ESCAPE..]), Some(0xdc00..=0xdfff)) => {
                position += 2 * ESCAPE;
            }
            Some(0xd800..=0xdfff) => {
                repaired.push_str(&text[copied..position]);
                repaired.push_str("\\ufffd");
                position += ESCAPE;
                copied = position;
            }
            Some(_) => position += ESCAPE,
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

/// The UTF-16 code unit that is escaped at the start of `text`.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..ESCAPE - 2)?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(text: &str) -> Option<String> {
        parse(text)?.get("a")?.as_str().map(str::to_owned)
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

//! What other programs write in a JSON text and `serde_json` would change or refuse. They must find it as it was:
//!
//! - numbers such as `1e400` and those of thirty digits;
//! - `NaN`, `Infinity` and `-Infinity`, and strings with half of a surrogate pair such as `"\ud800"`, which Python's
//!   `json` module writes and reads.
//!
//! Between [`conceal`] and [`restore`] such a number is a string that begins with U+0001 and an `n`, and such a string
//! one that begins with U+0001 and a `u`, with its own text behind it. To tell them apart, a string of the file that
//! begins with U+0001 has an `s` behind it.

use serde::de::IgnoredAny;
use serde_json::Number;
use zeroize::Zeroizing;

use crate::base::json::unicode_escape;

/// The character at the beginning of such strings.
pub(super) const MARK: char = '\u{1}';

/// The same as the only way to write it in JSON, with the quotation mark before it.
const MARKED: &[u8] = b"\"\\u0001";

/// The text with other strings in place of what the parser would not keep; `None` if it has nothing of the kind.
pub(super) fn conceal(json: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let needs_change = Part::all(json)
        .any(|part| part.is_marked() || part.is_number_to_conceal() || part.has_half_of_a_surrogate_pair());
    needs_change.then(|| {
        rewritten(json, |part, emit| match part.bytes.strip_prefix(MARKED) {
            _ if part.has_half_of_a_surrogate_pair() => {
                emit(&[MARKED, b"u"]);
                for byte in part.text().unwrap_or_default() {
                    let escape: &[u8] = if b"\\\"".contains(byte) { b"\\" } else { b"" };
                    emit(&[escape, &[*byte]]);
                }
                emit(&[b"\""]);
            }
            Some(rest) => emit(&[MARKED, b"s", rest]),
            None if part.is_number_to_conceal() => emit(&[MARKED, b"n", part.bytes, b"\""]),
            None => emit(&[part.bytes]),
        })
    })
}

/// The text as its writer wrote it.
pub(super) fn restore(json: Zeroizing<Vec<u8>>) -> Zeroizing<Vec<u8>> {
    if !Part::all(&json).any(|part| part.is_marked()) {
        return json;
    }
    rewritten(&json, |part, emit| {
        match part.bytes.strip_prefix(MARKED).and_then(<[u8]>::split_first) {
            Some((b'n', rest)) if is_number(without_end(rest)) || is_word(without_end(rest)) => {
                emit(&[without_end(rest)]);
            }
            Some((b'u', rest)) if has_half_of_a_surrogate_pair(&unescaped(without_end(rest))) => {
                emit(&[b"\"", &unescaped(without_end(rest)), b"\""]);
            }
            Some((b's', rest)) => emit(&[MARKED, rest]),
            _ => emit(&[part.bytes]),
        }
    })
}

/// What `write` makes of the parts of a text. It is called twice, because a growing buffer leaves copies of secrets in
/// memory.
fn rewritten(json: &[u8], write: impl Fn(&Part<'_>, &mut dyn FnMut(&[&[u8]]))) -> Zeroizing<Vec<u8>> {
    let mut length = 0;
    for part in Part::all(json) {
        write(&part, &mut |pieces| {
            length += pieces.iter().map(|piece| piece.len()).sum::<usize>();
        });
    }
    let mut text = Zeroizing::new(Vec::with_capacity(length));
    for part in Part::all(json) {
        write(&part, &mut |pieces| {
            for piece in pieces {
                text.extend_from_slice(piece);
            }
        });
    }
    text
}

/// A string, something that begins like a number, one of Python's words, or what is between them.
struct Part<'a> {
    bytes: &'a [u8],
    /// What comes behind it.
    rest: &'a [u8],
}

impl<'a> Part<'a> {
    fn all(json: &'a [u8]) -> impl Iterator<Item = Self> {
        let mut rest = json;
        std::iter::from_fn(move || {
            let (bytes, next) = rest.split_at(length_of_part(rest));
            rest = next;
            (!bytes.is_empty()).then_some(Self { bytes, rest })
        })
    }

    fn is_marked(&self) -> bool {
        self.bytes.starts_with(MARKED)
    }

    /// Whether it is a number that would not be written as it was read. Where a name should be, it is left to the
    /// parser to refuse it.
    fn is_number_to_conceal(&self) -> bool {
        let is_kept =
            || serde_json::from_slice::<Number>(self.bytes).is_ok_and(|kept| kept.to_string().as_bytes() == self.bytes);
        (is_word(self.bytes) || is_number(self.bytes) && !is_kept()) && !self.rest.trim_ascii_start().starts_with(b":")
    }

    /// What stands between the quotation marks of a string.
    fn text(&self) -> Option<&'a [u8]> {
        self.bytes.strip_prefix(b"\"")?.strip_suffix(b"\"")
    }

    fn has_half_of_a_surrogate_pair(&self) -> bool {
        self.text().is_some_and(has_half_of_a_surrogate_pair)
    }
}

/// Whether the text of a string is well written but for escapes of surrogates that are not in pairs.
fn has_half_of_a_surrogate_pair(text: &[u8]) -> bool {
    let mut rest = text;
    let mut found = false;
    while let Some(start) = rest.iter().position(|byte| b"\\\"".contains(byte)) {
        rest = &rest[start..];
        let length = match (unicode_escape(rest), rest) {
            (Some((character, length)), _) => {
                found |= character.is_none();
                length
            }
            (None, [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..]) => 2,
            (None, _) => return false,
        };
        rest = &rest[length..];
    }
    found
}

/// The text of a string whose quotation marks and backslashes have a backslash before them.
fn unescaped(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut unescaped = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut is_escaped = false;
    for byte in text {
        is_escaped = *byte == b'\\' && !is_escaped;
        if !is_escaped {
            unescaped.push(*byte);
        }
    }
    unescaped
}

/// Whether it is a number of JSON, however large.
fn is_number(text: &[u8]) -> bool {
    text.iter().all(|byte| is_in_number(*byte)) && serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

/// What Python's `json` module writes for numbers that JSON does not have.
const WORDS: [&[u8]; 3] = [b"NaN", b"Infinity", b"-Infinity"];

fn is_word(text: &[u8]) -> bool {
    WORDS.contains(&text)
}

/// The rest of a string without its quotation mark.
fn without_end(rest: &[u8]) -> &[u8] {
    rest.strip_suffix(b"\"").unwrap_or(rest)
}

fn length_of_part(json: &[u8]) -> usize {
    let end = match json.first() {
        _ if let Some(word) = WORDS.iter().find(|word| json.starts_with(word)) => Some(word.len()),
        Some(b'"') => end_of_string(json),
        Some(first) if begins_number(*first) => json.iter().position(|byte| !is_in_number(*byte)),
        _ => (1..json.len()).find(|at| begins_another_part(json[*at])),
    };
    end.unwrap_or(json.len())
}

/// Where a string ends; `None` if it does not.
fn end_of_string(json: &[u8]) -> Option<usize> {
    let mut is_escaped = false;
    json.iter().enumerate().skip(1).find_map(|(index, byte)| {
        let is_end = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        is_end.then_some(index + 1)
    })
}

fn begins_another_part(byte: u8) -> bool {
    byte == b'"' || begins_number(byte) || WORDS.iter().any(|word| word[0] == byte)
}

fn begins_number(byte: u8) -> bool {
    byte == b'-' || byte.is_ascii_digit()
}

fn is_in_number(byte: u8) -> bool {
    byte.is_ascii_digit() || b"+-.eE".contains(&byte)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn through_the_parser(json: &str) -> String {
        let concealed = conceal(json.as_bytes());
        let value: Value = serde_json::from_slice(concealed.as_ref().map_or(json.as_bytes(), |text| text)).unwrap();
        let text = restore(Zeroizing::new(serde_json::to_vec(&value).unwrap()));
        String::from_utf8(text.to_vec()).unwrap()
    }

    #[test]
    fn numbers_stay_as_they_are_written() {
        for number in [
            "0",
            "-0",
            "-7",
            "1.50",
            "1E5",
            "1e+05",
            "1e400",
            "-1e-400",
            "0.1234567890123456789",
            "123456789012345678901234567890",
            "18446744073709551616",
        ] {
            for json in [
                number.to_owned(),
                format!("[{number},{number}]"),
                format!(r#"{{"a":{{"{number}":{number}}}}}"#),
                format!(r#"["{number}",{number},"\"{number}",true]"#),
            ] {
                assert_eq!(through_the_parser(&json), json);
            }
        }
    }

    #[test]
    fn what_python_writes_stays_as_it_is_written() {
        for part in [
            "NaN",
            "Infinity",
            "-Infinity",
            r#""\ud800""#,
            r#""a\uDFFF\/\"\\ \u00e9""#,
            r#""\ude00\ud83d""#,
            r#""\u0001u\ud800""#,
        ] {
            for json in [
                part.to_owned(),
                format!(r#"[{part},"NaN",{part}]"#),
                format!(r#"{{"NaN":{{"-Infinity":{part}}}}}"#),
            ] {
                assert_eq!(through_the_parser(&json), json);
            }
        }
        assert_eq!(
            through_the_parser(r#"{"\ud800":"\ud83d\ude00","b":NaN}"#),
            "{\"\\ud800\":\"\u{1F600}\",\"b\":NaN}"
        );
    }

    #[test]
    fn strings_that_look_concealed_stay_as_they_are() {
        for json in [
            r#"["\u0001n1e400","\u0001","\u0001s","\u0001n1,2"]"#,
            r#"{"\u0001n1e400":1e400,"a":"\\u0001n1"}"#,
        ] {
            assert_eq!(through_the_parser(json), json);
        }
    }

    #[test]
    fn a_string_that_others_put_in_stays_a_string() {
        for json in [
            r#"["\u0001n1,2"]"#,
            r#"["\u0001u\\ud800\",\"x"]"#,
            r#"["\u0001uabc"]"#,
            r#"["\u0001u\\ud800\\q"]"#,
            r#"["\u0001n\"x\""]"#,
            r#"["\u0001n[1]"]"#,
            r#"["\u0001"]"#,
        ] {
            let text = restore(Zeroizing::new(json.as_bytes().to_vec()));
            assert_eq!(*text, json.as_bytes());
        }
    }

    #[test]
    fn what_is_no_json_stays_none() {
        for json in [
            "01e400",
            "1.",
            "-",
            "1e",
            "{1e400:1}",
            "1e400 1e400",
            "\"1e400",
            "1e400x",
            "NaN1",
            "{NaN:1}",
            "xNaN",
            "--Infinity",
            r#""\ud800\q""#,
            r#""\ud800"#,
            "\"\\ud800\n\"",
        ] {
            let concealed = conceal(json.as_bytes());
            let text = concealed.as_ref().map_or(json.as_bytes(), |text| text);
            assert!(serde_json::from_slice::<Value>(text).is_err(), "{json}");
        }
    }
}

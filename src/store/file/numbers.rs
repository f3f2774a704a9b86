//! Numbers in a JSON text that `serde_json` would change or refuse, such as `1e400` and those of thirty digits. Other
//! programs write them, and must find them as they were.
//!
//! Between [`conceal`] and [`restore`] such a number is a string that begins with U+0001 and an `n`. To tell them apart,
//! a string of the file that begins with U+0001 has an `s` behind it.

use serde::de::IgnoredAny;
use serde_json::Number;
use zeroize::Zeroizing;

/// The character at the beginning of such strings.
pub(super) const MARK: char = '\u{1}';

/// The same as the only way to write it in JSON, with the quotation mark before it.
const MARKED: &[u8] = b"\"\\u0001";

/// The text with strings in place of these numbers; `None` if it has none.
pub(super) fn conceal(json: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let needs_change = Part::all(json).any(|part| part.is_marked() || part.is_number_to_conceal());
    needs_change.then(|| {
        rewritten(json, |part, emit| match part.bytes.strip_prefix(MARKED) {
            Some(rest) => emit(&[MARKED, b"s", rest]),
            None if part.is_number_to_conceal() => emit(&[MARKED, b"n", part.bytes, b"\""]),
            None => emit(&[part.bytes]),
        })
    })
}

/// The text with the numbers themselves again.
pub(super) fn restore(json: Zeroizing<Vec<u8>>) -> Zeroizing<Vec<u8>> {
    if !Part::all(&json).any(|part| part.is_marked()) {
        return json;
    }
    rewritten(&json, |part, emit| {
        match part.bytes.strip_prefix(MARKED).and_then(<[u8]>::split_first) {
            Some((b'n', rest)) if is_number(without_end(rest)) => emit(&[without_end(rest)]),
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

/// A string, something that begins like a number, or what is between them.
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

    /// Whether it is a number that would not be written as it was read. Where a name should be, it is left to the parser
    /// to refuse it.
    fn is_number_to_conceal(&self) -> bool {
        is_number(self.bytes)
            && !serde_json::from_slice::<Number>(self.bytes).is_ok_and(|kept| kept.to_string().as_bytes() == self.bytes)
            && !self.rest.trim_ascii_start().starts_with(b":")
    }
}

/// Whether it is a number of JSON, however large.
fn is_number(text: &[u8]) -> bool {
    text.iter().all(|byte| is_in_number(*byte)) && serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

/// The rest of a string without its quotation mark.
fn without_end(rest: &[u8]) -> &[u8] {
    rest.strip_suffix(b"\"").unwrap_or(rest)
}

fn length_of_part(json: &[u8]) -> usize {
    let end = match json.first() {
        Some(b'"') => end_of_string(json),
        Some(first) if begins_number(*first) => json.iter().position(|byte| !is_in_number(*byte)),
        _ => json.iter().position(|byte| *byte == b'"' || begins_number(*byte)),
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
        ] {
            let concealed = conceal(json.as_bytes());
            let text = concealed.as_ref().map_or(json.as_bytes(), |text| text);
            assert!(serde_json::from_slice::<Value>(text).is_err(), "{json}");
        }
    }
}

//! Readings of a text: as it is, and decoded in each way in which something may have been encoded.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use memchr::memmem;

/// Bytes in which something is looked for.
pub struct Reading(Vec<u8>);

impl Reading {
    /// Whether `part` occurs.
    pub fn has(&self, part: &[u8]) -> bool {
        memmem::find(&self.0, part).is_some()
    }
}

/// `bytes` without white space and whatever else could stand between the characters of a secret.
pub fn visible(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(u8::is_ascii_graphic).collect()
}

/// Every reading of `text`.
pub fn readings(text: &str) -> Vec<Reading> {
    let plain = visible(text.as_bytes());
    let base64 = plain.iter().map(|byte| match byte {
        b'-' => b'+',
        b'_' => b'/',
        byte => *byte,
    });
    let base64: Vec<u8> = base64.collect();
    let mut readings = vec![percent(&plain), entities(&plain), backslashes(&plain), numbers(text)];
    readings.extend((0..4).map(|offset| runs(&base64, is_base64, offset, 4, of_base64)));
    readings.extend((0..2).map(|offset| runs(&plain, is_hexadecimal, offset, 2, of_hexadecimal)));
    readings.push(plain);
    readings.iter().map(|reading| Reading(visible(reading))).collect()
}

/// With `%XX` decoded.
fn percent(text: &[u8]) -> Vec<u8> {
    replaced(text, |rest| match rest {
        [b'%', high, low, ..] => Some((of_hexadecimal(&[*high, *low])?, 3)),
        _ => None,
    })
}

/// With the entities of HTML decoded.
fn entities(text: &[u8]) -> Vec<u8> {
    const NAMED: [(&[u8], u8); 5] = [
        (b"&amp;", b'&'),
        (b"&lt;", b'<'),
        (b"&gt;", b'>'),
        (b"&quot;", b'"'),
        (b"&apos;", b'\''),
    ];
    replaced(text, |rest| {
        if let Some((name, character)) = NAMED.iter().find(|(name, _)| rest.starts_with(name)) {
            return Some((vec![*character], name.len()));
        }
        let number = rest.strip_prefix(b"&#")?;
        let end = number.iter().take(8).position(|byte| *byte == b';')?;
        let digits = std::str::from_utf8(&number[..end]).ok()?;
        let value = match digits.strip_prefix(['x', 'X']) {
            Some(digits) => u8::from_str_radix(digits, 16),
            None => digits.parse(),
        };
        Some((vec![value.ok()?], end + 3))
    })
}

/// With the escapes of JSON and Rust decoded.
fn backslashes(text: &[u8]) -> Vec<u8> {
    replaced(text, |rest| match rest {
        [b'\\', b'u', b'0', b'0', high, low, ..] => Some((of_hexadecimal(&[*high, *low])?, 6)),
        [b'\\', escaped @ (b'"' | b'\'' | b'\\' | b'/'), ..] => Some((vec![*escaped], 2)),
        _ => None,
    })
}

/// `text` with what `decode` makes of the places where it finds something, and how long that was.
fn replaced(text: &[u8], decode: impl Fn(&[u8]) -> Option<(Vec<u8>, usize)>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        if let Some((decoded, length)) = decode(rest) {
            bytes.extend(decoded);
            rest = &rest[length..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    bytes
}

/// The bytes that a list of numbers stands for.
fn numbers(text: &str) -> Vec<u8> {
    let words = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|word| !word.is_empty());
    words.map(|word| word.parse().unwrap_or_default()).collect()
}

/// What stands in the runs of digits, read from `offset` on in groups of `group`.
fn runs(
    text: &[u8],
    is_digit: fn(u8) -> bool,
    offset: usize,
    group: usize,
    decode: fn(&[u8]) -> Option<Vec<u8>>,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    for run in text.split(|byte| !is_digit(*byte)) {
        let digits = run.get(offset..).unwrap_or_default();
        let whole = &digits[..digits.len() / group * group];
        bytes.extend(decode(whole).unwrap_or_default());
        // Nothing is read across the end of a run.
        bytes.push(b' ');
    }
    bytes
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/".contains(&byte)
}

fn is_hexadecimal(byte: u8) -> bool {
    byte.is_ascii_hexdigit()
}

fn of_base64(digits: &[u8]) -> Option<Vec<u8>> {
    GeneralPurpose::new(&STANDARD, NO_PAD).decode(digits).ok()
}

fn of_hexadecimal(digits: &[u8]) -> Option<Vec<u8>> {
    let pairs = digits.chunks_exact(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok()
    });
    pairs.collect()
}

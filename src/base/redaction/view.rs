//! Readings of a text: as it is, and with its escapes decoded.

use std::ops::Range;

use zeroize::Zeroizing;

use super::character_names::named_character;
use crate::base::invisible::is_invisible;
use crate::base::json::unicode_escape;
use crate::base::percent_encoding::byte_of;

/// One reading of a text, without white space and invisible characters, which wrap and pad what a page shows.
pub(super) struct View {
    /// What is read. It may be a secret.
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// For each byte the place in the text where it is written.
    origins: Vec<Range<usize>>,
}

/// How often a text may have been encoded.
const DEPTH: usize = 4;

/// The most readings of one text.
const MOST: usize = 48;

/// The longest tag, in bytes.
const LONGEST_TAG: usize = 200;

impl View {
    /// The text as it is, and every other reading that differs.
    pub(super) fn all_of(text: &str) -> Vec<Self> {
        let mut views = vec![Self::of(text)];
        views.extend([decimal as fn(&str) -> Option<u8>, hexadecimal].map(|number| Self::of_numbers(text, number)));
        let mut start = 0;
        for _ in 0..DEPTH {
            let end = views.len();
            for (index, decoder) in (start..end).flat_map(|index| DECODERS.map(|decoder| (index, decoder))) {
                let decoded = views[index].decoded(decoder);
                let new =
                    decoded.filter(|new| views.len() < MOST && views.iter().all(|view| *view.bytes != *new.bytes));
                views.extend(new);
            }
            start = end;
        }
        views
    }

    /// Where in the text a range of the bytes is written.
    pub(super) fn origin(&self, range: &Range<usize>) -> Range<usize> {
        let written = &self.origins[range.clone()];
        let start = written.iter().map(|origin| origin.start).min().unwrap_or_default();
        let end = written.iter().map(|origin| origin.end).max().unwrap_or_default();
        start..end
    }

    fn of(text: &str) -> Self {
        let mut view = Self::with_capacity(text.len());
        for (start, character) in text.char_indices() {
            view.push(Decoded::Character(character), start..start + character.len_utf8());
        }
        view
    }

    /// What the words of the text stand for that are numbers of bytes, with whatever else between them, as programs print
    /// an array: `[109, 81]`, `6D-51`, `0x6d, 0x51`.
    fn of_numbers(text: &str, number: fn(&str) -> Option<u8>) -> Self {
        let is_between = |c: char| !c.is_ascii_alphanumeric();
        let mut view = Self::with_capacity(text.len() / 2);
        let mut start = 0;
        for part in text.split_inclusive(is_between) {
            let word = part.trim_end_matches(is_between);
            // A word that is no number ends what may be a secret.
            let byte = number(word).map_or(Decoded::Character(char::REPLACEMENT_CHARACTER), Decoded::Byte);
            if !word.is_empty() {
                view.push(byte, start..start + word.len());
            }
            start += part.len();
        }
        view
    }

    fn with_capacity(capacity: usize) -> Self {
        Self {
            bytes: Zeroizing::new(Vec::with_capacity(capacity)),
            origins: Vec::with_capacity(capacity),
        }
    }

    fn push(&mut self, decoded: Decoded, origin: Range<usize>) {
        let mut buffer = [0; 4];
        let bytes = match decoded {
            Decoded::Nothing => return,
            Decoded::Character(c) if c.is_whitespace() || is_invisible(c) => return,
            Decoded::Character(c) => c.encode_utf8(&mut buffer).as_bytes(),
            Decoded::Byte(byte) if byte.is_ascii_whitespace() || byte.is_ascii_control() => return,
            Decoded::Byte(byte) => {
                buffer[0] = byte;
                &buffer[..1]
            }
        };
        self.bytes.extend_from_slice(bytes);
        self.origins.extend(bytes.iter().map(|_| origin.clone()));
    }

    /// The reading in which one kind of escape is decoded; `None` if there is none of that kind.
    fn decoded(&self, decoder: Decoder) -> Option<Self> {
        // No escape decodes to more than it is written with.
        let mut view = Self::with_capacity(self.bytes.len());
        let (mut position, mut found) = (0, false);
        while let Some(rest) = self.bytes.get(position..).filter(|rest| !rest.is_empty()) {
            let (meaning, length) = decoder(rest).unwrap_or((Decoded::Byte(rest[0]), 1));
            found |= length > 1 || matches!(meaning, Decoded::Nothing);
            view.push(meaning, self.origin(&(position..position + length)));
            position += length;
        }
        found.then_some(view)
    }
}

/// What an escape stands for.
#[derive(Clone, Copy)]
enum Decoded {
    Byte(u8),
    Character(char),
    Nothing,
}

/// Decodes the escape at the start of the bytes, and tells its length; `None` if there is none.
type Decoder = fn(&[u8]) -> Option<(Decoded, usize)>;

const DECODERS: [Decoder; 5] = [percent, plus, entity, backslash, tag];

/// `%2B` (RFC 3986 section 2.1), and `%u002B` of old browsers.
fn percent(bytes: &[u8]) -> Option<(Decoded, usize)> {
    match bytes {
        [b'%', b'u' | b'U', digits @ ..] => Some((Decoded::Character(character(digits.get(..4)?)?), 6)),
        [b'%', high, low, ..] => Some((Decoded::Byte(byte_of([*high, *low])?), 3)),
        _ => None,
    }
}

/// A space in a form, which no view has.
fn plus(bytes: &[u8]) -> Option<(Decoded, usize)> {
    bytes.starts_with(b"+").then_some((Decoded::Nothing, 1))
}

/// A character reference of HTML: `&lt;`, `&#60;`, `&#x3c;`.
fn entity(bytes: &[u8]) -> Option<(Decoded, usize)> {
    let length = bytes.iter().take(12).position(|&byte| byte == b';')?;
    let name = std::str::from_utf8(bytes[..length].strip_prefix(b"&")?).ok()?;
    let character = match name.strip_prefix('#') {
        Some(number) => {
            let hexadecimal = number.strip_prefix(['x', 'X']);
            let code = hexadecimal.map_or_else(|| number.parse(), |digits| u32::from_str_radix(digits, 16));
            char::from_u32(code.ok()?)?
        }
        None => named_character(name)?,
    };
    Some((Decoded::Character(character), length + 1))
}

/// An escape of JSON, Rust, C or a shell: `\"`, `\\`, `\$`, `\n`, `\u003c`, `\u{3c}`, `\x3c`.
fn backslash(bytes: &[u8]) -> Option<(Decoded, usize)> {
    match bytes {
        [b'\\', b'u', b'{', rest @ ..] => {
            let length = rest.iter().take(7).position(|&byte| byte == b'}')?;
            Some((Decoded::Character(character(&rest[..length])?), length + 4))
        }
        [b'\\', b'u', ..] => match unicode_escape(bytes)? {
            (Some(character), length) => Some((Decoded::Character(character), length)),
            (None, _) => None,
        },
        [b'\\', b'x', high, low, ..] => Some((Decoded::Byte(byte_of([*high, *low])?), 4)),
        [b'\\', b'n' | b'r' | b't' | b'b' | b'f', ..] => Some((Decoded::Nothing, 2)),
        [b'\\', other, ..] if other.is_ascii_punctuation() => Some((Decoded::Byte(*other), 2)),
        _ => None,
    }
}

/// A tag of HTML.
fn tag(bytes: &[u8]) -> Option<(Decoded, usize)> {
    let [b'<', b'a'..=b'z' | b'A'..=b'Z' | b'/', ..] = bytes else {
        return None;
    };
    let end = bytes.iter().take(LONGEST_TAG).position(|&byte| byte == b'>')?;
    Some((Decoded::Nothing, end + 1))
}

/// A byte in decimal digits.
fn decimal(word: &str) -> Option<u8> {
    word.parse().ok()
}

/// A byte in two hexadecimal digits, which a program may mark as such.
fn hexadecimal(word: &str) -> Option<u8> {
    let digits = word.trim_start_matches("0x").trim_start_matches(['x', 'X']);
    byte_of(digits.as_bytes().try_into().ok()?)
}

fn character(digits: &[u8]) -> Option<char> {
    char::from_u32(u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?)
}

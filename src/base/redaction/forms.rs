//! The forms in which a secret is looked for.

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::view::View;
use crate::base::invisible::is_invisible;
use crate::base::percent_encoding::push_form_value;
use crate::base::secret::Secret;

/// One form of a secret.
pub(super) struct Form {
    bytes: Zeroizing<Vec<u8>>,
    /// Where each run of [`RUN`] bytes begins, sorted; none for a form that is only found whole.
    runs: Zeroizing<Vec<(u64, usize)>>,
}

/// So many bytes of a form betray a part of it, which is hidden as far as it goes: pages cut long values, and hide some
/// of their characters.
const PART: usize = 12;

/// A part has a whole run of this length among the runs of a text that follow one another.
const RUN: usize = PART / 2;

/// Fewer bytes appear in other words. They are hidden only where they stand alone, and not in Base64 and the like.
const SHORT: usize = 4;

impl Form {
    /// Every form of a secret.
    pub(super) fn all_of(secret: &Secret) -> Vec<Self> {
        let bytes = secret.expose();
        let plain = secret
            .expose_text()
            .map_or_else(|| Zeroizing::new(bytes.to_vec()), visible);
        let mut forms = vec![plain];
        if bytes.len() >= SHORT {
            forms.push(hexadecimal(bytes, b"0123456789abcdef"));
            forms.push(hexadecimal(bytes, b"0123456789ABCDEF"));
            forms.extend(base64(bytes));
            forms.extend(base64(&percent_encoded(bytes)));
            forms.extend(secret.expose_text().into_iter().flat_map(encoded_text));
        }
        forms.retain(|form| !form.is_empty());
        forms.into_iter().map(Self::new).collect()
    }

    fn new(bytes: Zeroizing<Vec<u8>>) -> Self {
        let mut runs = Zeroizing::new(Vec::new());
        if bytes.len() >= PART {
            runs.extend(bytes.windows(RUN).map(key).zip(0..));
            runs.sort_unstable();
        }
        Self { bytes, runs }
    }

    /// Where in `text`, of which `view` is a reading, the form or a part of it is written.
    pub(super) fn find_in(&self, view: &View, text: &str) -> Vec<Range<usize>> {
        if self.runs.is_empty() {
            self.find_whole(view, text)
        } else {
            self.find_parts(view)
        }
    }

    fn find_whole(&self, view: &View, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut position = 0;
        while let Some(distance) = find(&view.bytes[position..], &self.bytes) {
            position += distance;
            let end = position + self.bytes.len();
            let origin = view.origin(&(position..end));
            if self.bytes.len() >= SHORT || stands_alone(&origin, text) {
                found.push(origin);
            }
            position = end;
        }
        found
    }

    fn find_parts(&self, view: &View) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut end = 0;
        for (position, run) in view.bytes.chunks_exact(RUN).enumerate() {
            let position = position * RUN;
            if position < end {
                continue;
            }
            let part = self.places(run).map(|place| self.part_around(view, position, place));
            if let Some(part) = part.max_by_key(Range::len).filter(|part| part.len() >= PART) {
                end = part.end;
                found.push(view.origin(&part));
            }
        }
        found
    }

    /// Where the run stands in the form.
    fn places(&self, run: &[u8]) -> impl Iterator<Item = usize> + '_ {
        let key = key(run);
        let first = self.runs.partition_point(|(other, _)| *other < key);
        let places = self.runs[first..].iter().take_while(move |(other, _)| *other == key);
        places.map(|(_, place)| *place)
    }

    /// What is equal in the view around `position` and in the form around `place`.
    fn part_around(&self, view: &View, position: usize, place: usize) -> Range<usize> {
        let equal = |(a, b): &(&u8, &u8)| a == b;
        let before = view.bytes[..position]
            .iter()
            .rev()
            .zip(self.bytes[..place].iter().rev());
        let after = view.bytes[position..].iter().zip(&self.bytes[place..]);
        position - before.take_while(equal).count()..position + after.take_while(equal).count()
    }
}

/// A run as a number.
fn key(run: &[u8]) -> u64 {
    run.iter().fold(0, |key, byte| key << 8 | u64::from(*byte))
}

/// The place of `wanted` in `bytes`.
fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(distance) = bytes[from..].iter().position(|byte| *byte == wanted[0]) {
        from += distance;
        if bytes[from..].starts_with(wanted) {
            return Some(from);
        }
        from += 1;
    }
    None
}

fn stands_alone(origin: &Range<usize>, text: &str) -> bool {
    let before = text[..origin.start].chars().next_back();
    let after = text[origin.end..].chars().next();
    before.into_iter().chain(after).all(|c| !c.is_alphanumeric())
}

/// Without the characters that a view does not have.
fn visible(text: &str) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    for character in text.chars().filter(|&c| !c.is_whitespace() && !is_invisible(c)) {
        bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    bytes
}

/// The forms of text in other character sets: Latin-1 and UTF-8 that is read as Latin-1, which pages mistake for each
/// other, and UTF-16, which .NET encodes.
fn encoded_text(text: &str) -> Vec<Zeroizing<Vec<u8>>> {
    let wide: Zeroizing<Vec<u8>> = Zeroizing::new(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    let mut forms = base64(&wide);
    if !text.is_ascii() {
        let mistaken: Zeroizing<String> = Zeroizing::new(text.bytes().map(char::from).collect());
        forms.push(visible(&mistaken));
    }
    let latin: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    if let Some(latin) = latin.map(Zeroizing::new).filter(|_| !text.is_ascii()) {
        let visible = latin.iter().copied().filter(|byte| !byte.is_ascii_whitespace());
        forms.push(Zeroizing::new(visible.collect()));
        forms.extend(base64(&latin));
    }
    forms
}

/// As our own forms send it.
fn percent_encoded(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut encoded = Zeroizing::new(Vec::with_capacity(3 * bytes.len()));
    push_form_value(&mut encoded, bytes);
    encoded
}

/// The Base64 that stands for the bytes wherever they begin in a longer text: at each of three places in a group,
/// without the characters at the edges that depend on the neighbours.
fn base64(bytes: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    let mut forms = Vec::new();
    for before in 0..3 {
        let mut padded = Zeroizing::new(vec![0; before]);
        padded.extend_from_slice(bytes);
        let edge = usize::from(padded.len() % 3 != 0);
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let encoded = Zeroizing::new(engine.encode(&*padded));
            let inner = encoded.as_bytes().get([0, 2, 3][before]..encoded.len() - edge);
            let form = Zeroizing::new(inner.unwrap_or_default().to_vec());
            if form.len() >= SHORT && !forms.contains(&form) {
                forms.push(form);
            }
        }
    }
    forms
}

fn hexadecimal(bytes: &[u8], digits: &[u8; 16]) -> Zeroizing<Vec<u8>> {
    let mut text = Zeroizing::new(Vec::with_capacity(2 * bytes.len()));
    for byte in bytes {
        text.extend([digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]]);
    }
    text
}

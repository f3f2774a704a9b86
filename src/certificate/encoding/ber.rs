//! Conversion of BER (X.690 section 8) to DER, as far as PKCS#12 and PKCS#7 files need it.

use zeroize::Zeroizing;

/// Converts the value in `content`: lengths become definite and as short as possible, octet strings become one piece.
/// DER stays unchanged. `None` unless `content` is exactly one complete value.
///
/// A string with an implicit tag stays in pieces, because its tag does not tell that it is a string.
pub(crate) fn to_der(content: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut rest = content;
    let value = Value::read(&mut rest, DEEPEST)?;
    if !rest.is_empty() {
        return None;
    }
    // Allocated once: a buffer that grows leaves copies of keys in memory.
    let mut der = Zeroizing::new(Vec::with_capacity(value.length()));
    value.write(&mut der);
    Some(der)
}

/// The deepest nesting of values that is accepted. A PFX file has about fifteen levels.
const DEEPEST: usize = 32;

const CONSTRUCTED: u8 = 0x20;
const OCTET_STRING: u8 = 0x04;
const INDEFINITE: u8 = 0x80;
const END_OF_CONTENTS: [u8; 2] = [0, 0];

struct Value<'a> {
    tag: u8,
    body: Body<'a>,
}

enum Body<'a> {
    Bytes(&'a [u8]),
    Values(Vec<Value<'a>>),
}

impl<'a> Value<'a> {
    fn read(input: &mut &'a [u8], levels: usize) -> Option<Self> {
        let levels = levels.checked_sub(1)?;
        let tag = *input.split_off_first()?;
        if is_long_tag(tag) {
            return None;
        }
        let body = if tag & CONSTRUCTED == 0 {
            let length = read_length(input)?;
            Body::Bytes(input.split_off(..length)?)
        } else if input.first() == Some(&INDEFINITE) {
            input.split_off_first()?;
            Body::Values(read_until_end(input, levels)?)
        } else {
            let length = read_length(input)?;
            Body::Values(read_all(input.split_off(..length)?, levels)?)
        };
        let value = Self { tag, body };
        value.is_sound().then_some(value)
    }

    /// Whether all pieces of an octet string are octet strings.
    fn is_sound(&self) -> bool {
        match &self.body {
            Body::Values(pieces) if self.is_octet_string() => pieces.iter().all(Self::is_octet_string),
            _ => true,
        }
    }

    fn is_octet_string(&self) -> bool {
        self.tag & !CONSTRUCTED == OCTET_STRING
    }

    /// The length in DER, including the header.
    fn length(&self) -> usize {
        let content = self.content_length();
        1 + length_bytes(content).len() + content
    }

    fn content_length(&self) -> usize {
        match &self.body {
            Body::Bytes(bytes) => bytes.len(),
            Body::Values(pieces) if self.is_octet_string() => pieces.iter().map(Self::content_length).sum(),
            Body::Values(values) => values.iter().map(Self::length).sum(),
        }
    }

    fn write(&self, der: &mut Vec<u8>) {
        let tag = if self.is_octet_string() { OCTET_STRING } else { self.tag };
        der.push(tag);
        der.extend(length_bytes(self.content_length()));
        self.write_content(der);
    }

    fn write_content(&self, der: &mut Vec<u8>) {
        match &self.body {
            Body::Bytes(bytes) => der.extend_from_slice(bytes),
            Body::Values(pieces) if self.is_octet_string() => pieces.iter().for_each(|piece| piece.write_content(der)),
            Body::Values(values) => values.iter().for_each(|value| value.write(der)),
        }
    }
}

fn read_until_end<'a>(input: &mut &'a [u8], levels: usize) -> Option<Vec<Value<'a>>> {
    let mut values = Vec::new();
    loop {
        if let Some(rest) = input.strip_prefix(&END_OF_CONTENTS) {
            *input = rest;
            return Some(values);
        }
        values.push(Value::read(input, levels)?);
    }
}

fn read_all(mut content: &[u8], levels: usize) -> Option<Vec<Value<'_>>> {
    let mut values = Vec::new();
    while !content.is_empty() {
        values.push(Value::read(&mut content, levels)?);
    }
    Some(values)
}

/// Whether this is the first byte of a tag of more than one byte, which these formats do not have.
pub(super) fn is_long_tag(tag: u8) -> bool {
    const LONG_TAG: u8 = 0x1f;
    tag & LONG_TAG == LONG_TAG
}

/// A definite length (X.690 sections 8.1.3.3 to 8.1.3.5).
pub(super) fn read_length(input: &mut &[u8]) -> Option<usize> {
    let first = *input.split_off_first()?;
    if first < INDEFINITE {
        return Some(first.into());
    }
    let count = usize::from(first & !INDEFINITE);
    if count == 0 {
        return None;
    }
    input.split_off(..count)?.iter().try_fold(0_usize, |length, byte| {
        length.checked_mul(256)?.checked_add(usize::from(*byte))
    })
}

/// A length in DER (X.690 section 10.1).
fn length_bytes(length: usize) -> Vec<u8> {
    match u8::try_from(length) {
        Ok(short) if short < INDEFINITE => vec![short],
        _ => {
            let bytes = length.to_be_bytes();
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            let count = u8::try_from(bytes.len() - zeros).expect("a usize has at most 16 bytes");
            [&[INDEFINITE | count], &bytes[zeros..]].concat()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn der(content: &[u8]) -> Option<Vec<u8>> {
        to_der(content).map(|der| der.to_vec())
    }

    #[test]
    fn der_stays_as_it_is() {
        let long = [&[0x30, 0x82, 0x01, 0x04, 0x04, 0x82, 0x01, 0x00][..], &[7; 256]].concat();
        for content in [
            &[0x30, 0x00][..],
            &[0x30, 0x03, 0x02, 0x01, 0x05],
            &[0x04, 0x01, 0x30],
            &long,
        ] {
            assert_eq!(der(content).as_deref(), Some(content));
        }
    }

    #[test]
    fn lengths_become_definite_and_short() {
        for (content, expected) in [
            (
                &[0x30, 0x80, 0x02, 0x01, 0x05, 0, 0][..],
                &[0x30, 0x03, 0x02, 0x01, 0x05][..],
            ),
            (&[0x30, 0x80, 0xa0, 0x80, 0, 0, 0, 0], &[0x30, 0x02, 0xa0, 0x00]),
            (&[0x30, 0x83, 0, 0, 3, 0x02, 0x81, 0x01, 0x05][..], &[]),
            (
                &[0x30, 0x83, 0, 0, 4, 0x02, 0x81, 0x01, 0x05],
                &[0x30, 0x03, 0x02, 0x01, 0x05],
            ),
        ] {
            assert_eq!(der(content).unwrap_or_default(), expected, "{content:x?}");
        }
    }

    #[test]
    fn octet_strings_are_joined() {
        let pieces = [
            0x24, 0x80, 0x04, 0x01, 0x01, 0x24, 0x80, 0x04, 0x02, 0x02, 0x03, 0, 0, 0, 0,
        ];
        assert_eq!(der(&pieces).unwrap(), [0x04, 0x03, 0x01, 0x02, 0x03]);
        assert_eq!(
            der(&[0x24, 0x03, 0x02, 0x01, 0x05]),
            None,
            "an integer is not a piece of a string"
        );
    }

    #[test]
    fn anything_but_one_complete_value_is_refused() {
        for content in [
            &[][..],
            &[0x30],
            &[0x30, 0x80],
            &[0x30, 0x80, 0],
            &[0x30, 0x80, 0x02, 0x01, 0x05],
            &[0x30, 0x00, 0x00],
            &[0x04, 0x80, 0, 0],
            &[0x04, 0x02, 0x01],
            &[0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x30, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0],
            &[0x3f, 0x81, 0x00, 0x00],
        ] {
            assert_eq!(der(content), None, "{content:x?}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        assert!(to_der(&[[0x30, 0x80].repeat(32), [0, 0].repeat(32)].concat()).is_some());
        assert!(to_der(&[[0x30, 0x80].repeat(33), [0, 0].repeat(33)].concat()).is_none());
        assert!(to_der(&[0x30, 0x80].repeat(1 << 19)).is_none());
    }
}

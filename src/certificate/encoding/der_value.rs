//! Values in DER (X.690 section 10), whatever their types.
//!
//! The crate `der` refuses types that it does not know, such as `UniversalString`, even where nothing depends on them.

use crate::certificate::encoding::ber;

/// A value: its tag, its content, and both with the length between them.
#[derive(Clone, Copy)]
pub(crate) struct DerValue<'a> {
    pub(crate) tag: u8,
    pub(crate) content: &'a [u8],
    pub(crate) whole: &'a [u8],
}

/// The tags that certificates need (X.680 section 8.6).
pub(crate) mod tag {
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
    pub(crate) const UTF8_STRING: u8 = 0x0c;
    pub(crate) const PRINTABLE_STRING: u8 = 0x13;
    pub(crate) const TELETEX_STRING: u8 = 0x14;
    pub(crate) const IA5_STRING: u8 = 0x16;
    pub(crate) const UTC_TIME: u8 = 0x17;
    pub(crate) const GENERALIZED_TIME: u8 = 0x18;
    pub(crate) const UNIVERSAL_STRING: u8 = 0x1c;
    pub(crate) const BMP_STRING: u8 = 0x1e;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const SET: u8 = 0x31;
}

impl<'a> DerValue<'a> {
    /// The values in the content of a constructed value.
    pub(crate) fn values(&self) -> DerValues<'a> {
        DerValues(self.content)
    }
}

/// Values that follow each other.
pub(crate) struct DerValues<'a>(pub(crate) &'a [u8]);

impl<'a> DerValues<'a> {
    /// The next value if it has this tag; otherwise `None`, and the value stays the next one.
    pub(crate) fn next_of(&mut self, tag: u8) -> Option<DerValue<'a>> {
        let rest = self.0;
        let value = self.next().filter(|value| value.tag == tag);
        if value.is_none() {
            self.0 = rest;
        }
        value
    }

    /// Whether nothing is left.
    pub(crate) fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }
}

/// Ends at the first value that is incomplete or has a tag of more than one byte.
impl<'a> Iterator for DerValues<'a> {
    type Item = DerValue<'a>;

    fn next(&mut self) -> Option<DerValue<'a>> {
        let start = self.0;
        let mut rest = start;
        let tag = *rest.split_off_first()?;
        if ber::is_long_tag(tag) {
            return None;
        }
        let length = ber::read_length(&mut rest)?;
        let content = rest.split_off(..length)?;
        self.0 = rest;
        Some(DerValue {
            tag,
            content,
            whole: &start[..start.len() - rest.len()],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_any_type_are_read_one_after_the_other() {
        let mut values = DerValues(&[0x1c, 2, 7, 8, 0x30, 0x81, 3, 2, 1, 5]);
        assert!(values.next_of(tag::SEQUENCE).is_none());
        let first = values.next_of(tag::UNIVERSAL_STRING).unwrap();
        assert_eq!((first.content, first.whole), (&[7, 8][..], &[0x1c, 2, 7, 8][..]));
        let second = values.next().unwrap();
        assert_eq!((second.tag, second.content), (tag::SEQUENCE, &[2, 1, 5][..]));
        assert_eq!(second.values().next_of(tag::INTEGER).unwrap().content, [5]);
        assert!(values.is_at_end() && values.next().is_none());
    }

    #[test]
    fn incomplete_values_end_the_sequence() {
        for content in [
            &[0x30][..],
            &[0x30, 1],
            &[0x30, 0x80, 0, 0],
            &[0x3f, 1, 0],
            &[0x30, 0x82, 1],
        ] {
            let mut values = DerValues(content);
            assert!(values.next().is_none(), "{content:?}");
            assert!(!values.is_at_end());
        }
    }
}

//! The contents of PFX files.

use test_support::fuzz_inputs;

use crate::certificate_file::{check, load};
use crate::marked_secret::MarkedSecret;

/// A PFX file, after a byte that selects its password, as for [`crate::certificate_file`].
///
/// It is loaded without its MAC (RFC 7292 section 4), which would refuse every change before the contents are read.
pub fn pfx(input: &[u8]) {
    let Some((selector, file)) = input.split_first() else {
        return;
    };
    let password = fuzz_inputs::password(*selector).map(MarkedSecret::new);
    if let Some(file) = without_mac(file) {
        check(load(&file, password), password, input);
    }
}

/// The first two parts of the outer sequence, version and contents; `None` if the file is not in DER.
fn without_mac(file: &[u8]) -> Option<Vec<u8>> {
    let body = part(file)?.content;
    let version = part(body)?;
    let contents = part(&body[version.length..])?;
    let kept = &body[..version.length + contents.length];
    let length = u16::try_from(kept.len()).ok()?.to_be_bytes();
    Some([[0x30, 0x82].as_slice(), length.as_slice(), kept].concat())
}

/// One value in DER.
struct Part<'a> {
    content: &'a [u8],
    /// With its tag and length.
    length: usize,
}

/// The first value (X.690 section 8.1), whose length has at most two bytes.
fn part(der: &[u8]) -> Option<Part<'_>> {
    let (start, length) = match der {
        [_, short, ..] if *short < 0x80 => (2, usize::from(*short)),
        [_, 0x81, length, ..] => (3, usize::from(*length)),
        [_, 0x82, high, low, ..] => (4, usize::from(u16::from_be_bytes([*high, *low]))),
        _ => return None,
    };
    Some(Part {
        content: der.get(start..start + length)?,
        length: start + length,
    })
}

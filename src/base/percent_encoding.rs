//! Percent-encoding (RFC 3986 section 2.1).

/// Adds `value` to `body` as the value of a field of `application/x-www-form-urlencoded`. It takes up to three times
/// the bytes of `value`.
pub(crate) fn push_form_value(body: &mut Vec<u8>, value: &[u8]) {
    for &byte in value {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => body.push(byte),
            b' ' => body.push(b'+'),
            other => body.extend_from_slice(&[b'%', digit(other >> 4), digit(other & 15)]),
        }
    }
}

/// The byte that two hexadecimal digits stand for.
pub(crate) fn byte_of(digits: [u8; 2]) -> Option<u8> {
    let value = |digit: u8| char::from(digit).to_digit(16);
    u8::try_from(value(digits[0])? << 4 | value(digits[1])?).ok()
}

const fn digit(nibble: u8) -> u8 {
    match nibble {
        0..=9 => b'0' + nibble,
        _ => b'A' + nibble - 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_read_as_it_was_written() {
        for byte in 0..=u8::MAX {
            let mut body = Vec::new();
            push_form_value(&mut body, &[byte]);
            let read = match body.as_slice() {
                [b'%', high, low] => byte_of([*high, *low]),
                [b'+'] => Some(b' '),
                [plain] => Some(*plain),
                _ => None,
            };
            assert_eq!(read, Some(byte), "{}", body.escape_ascii());
        }
        assert_eq!(byte_of(*b"fF"), Some(255));
        for digits in [b"0x", b"g0", b" 1", b"+1"] {
            assert_eq!(byte_of(*digits), None);
        }
    }
}

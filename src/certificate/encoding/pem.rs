//! PEM text (RFC 7468): the blocks between `-----BEGIN ...-----` and `-----END ...-----` lines.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};

/// One block of a PEM text.
#[derive(Debug)]
pub(crate) struct Block<'a> {
    label: &'a str,
    line: usize,
    body: Body<'a>,
}

impl<'a> Block<'a> {
    /// The label of the block, such as `CERTIFICATE`.
    pub(crate) fn label(&self) -> &'a str {
        self.label
    }

    /// The header `DEK-Info` (RFC 1421 section 4.6.1.3), which names the cipher, of a block with
    /// `Proc-Type: 4,ENCRYPTED`. `None` if the content is not encrypted.
    pub(crate) fn encryption(&self) -> Option<&'a str> {
        let header = |name: &[u8]| self.body.lines().find_map(|line| line.strip_prefix(name));
        header(b"Proc-Type:").filter(|kind| kind.ends_with(b"ENCRYPTED"))?;
        let parameters = header(b"DEK-Info:").unwrap_or_default();
        Some(std::str::from_utf8(parameters).unwrap_or_default().trim())
    }

    /// The content, decoded from Base64.
    pub(crate) fn der(&self) -> Result<Zeroizing<Vec<u8>>> {
        let mut base64 = Zeroizing::new(Vec::with_capacity(self.body.0.len()));
        let encoded = self.body.lines().filter(|line| !line.contains(&b':')).flatten();
        base64.extend(encoded.filter(|byte| !byte.is_ascii_whitespace()));
        let mut der = Zeroizing::new(vec![0; base64.len().div_ceil(4) * 3]);
        let length = STANDARD.decode_slice(base64.as_slice(), &mut der).map_err(|_| {
            unreadable(
                format!(
                    "The PEM block {} on line {} is not valid Base64.",
                    self.label, self.line
                ),
                "Copy the file again as plain text.",
            )
        })?;
        der.truncate(length);
        Ok(der)
    }
}

/// Converts UTF-16 with a byte order mark, which `>` writes in Windows PowerShell, to UTF-8. `None` if `content` does
/// not begin with a byte order mark of UTF-16.
pub(crate) fn utf8_of_utf16(content: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let unit: fn([u8; 2]) -> u16 = match content {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return None,
    };
    let units = content[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    // Allocated once: a buffer that grows leaves copies of keys in memory.
    let mut text = Zeroizing::new(Vec::with_capacity(content.len() / 2 * 3));
    for character in char::decode_utf16(units) {
        let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    Some(text)
}

/// Whether a block begins in `text`.
pub(crate) fn is_pem(text: &[u8]) -> bool {
    lines(text).any(|line| label(line, b"-----BEGIN ").is_some())
}

/// All blocks of `text`, in their order. Text around them is ignored.
///
/// # Errors
/// [`Status::CertificateUnreadable`] for a block without an end line.
pub(crate) fn blocks(text: &[u8]) -> Result<Vec<Block<'_>>> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, usize, usize)> = None;
    let mut position = 0;
    for (index, whole_line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let start = position;
        position += whole_line.len();
        if let Some(label) = label(whole_line, b"-----BEGIN ") {
            if let Some((unfinished, line, _)) = open.replace((label, index + 1, position)) {
                return Err(unfinished_block(unfinished, line));
            }
        } else if let Some(end) = label(whole_line, b"-----END ") {
            match open.take() {
                Some((label, line, body)) if label == end => {
                    blocks.push(Block {
                        label,
                        line,
                        body: Body(&text[body..start]),
                    });
                }
                Some((label, line, _)) => return Err(unfinished_block(label, line)),
                None => {}
            }
        }
    }
    match open {
        Some((label, line, _)) => Err(unfinished_block(label, line)),
        None => Ok(blocks),
    }
}

/// The lines of a block. `Debug` does not show them, because they may be a private key.
struct Body<'a>(&'a [u8]);

impl<'a> Body<'a> {
    fn lines(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        lines(self.0)
    }
}

impl std::fmt::Debug for Body<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("***")
    }
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii)
}

fn label<'a>(line: &'a [u8], opening: &[u8]) -> Option<&'a str> {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line).trim_ascii();
    let label = line.strip_prefix(opening)?.strip_suffix(b"-----")?;
    std::str::from_utf8(label)
        .ok()
        .filter(|label| label.chars().all(|c| c.is_ascii_graphic() || c == ' '))
}

fn unfinished_block(label: &str, line: usize) -> Error {
    unreadable(
        format!("The PEM block {label} that begins on line {line} has no end line."),
        "Copy the file again, including its last line -----END ...-----; it is cut off or was edited.",
    )
}

fn unreadable(message: String, hint: &str) -> Error {
    Error::new(Status::CertificateUnreadable, message, hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(text: &str) -> Vec<(String, Vec<u8>)> {
        let blocks = blocks(text.as_bytes()).unwrap();
        blocks
            .iter()
            .map(|block| (block.label().to_owned(), block.der().unwrap().to_vec()))
            .collect()
    }

    #[test]
    fn text_around_blocks_is_ignored() {
        let text = "Bag Attributes\n    friendlyName: x\n-----BEGIN A B-----\nAQID\n-----END A B-----\nsubject=CN = x\n\
                    -----BEGIN C-----\nBA==\n-----END C-----";
        assert_eq!(
            contents(text),
            [("A B".to_owned(), vec![1, 2, 3]), ("C".to_owned(), vec![4])]
        );
    }

    #[test]
    fn byte_order_mark_crlf_indentation_and_long_lines_are_accepted() {
        let text = "\u{feff}-----BEGIN A-----\r\n  AQ\r\nID \r\n\r\n-----END A-----\r\n";
        assert_eq!(contents(text), [("A".to_owned(), vec![1, 2, 3])]);
        let long = format!("-----BEGIN A-----\n{}\n-----END A-----\n", "AAAA".repeat(1000));
        assert_eq!(contents(&long)[0].1, vec![0; 3000]);
    }

    #[test]
    fn bytes_that_are_not_text_are_accepted_outside_of_blocks() {
        let text = b"Stra\xdfe\n-----BEGIN A-----\nAQID\n-----END A-----\n";
        assert_eq!(blocks(text).unwrap().len(), 1);
    }

    #[test]
    fn headers_other_than_those_of_encryption_are_ignored() {
        let text = "-----BEGIN A-----\nComment: of 2012\n\nAQID\n-----END A-----\n";
        assert_eq!(contents(text)[0].1, [1, 2, 3]);
    }

    #[test]
    fn a_block_without_an_end_line_is_named() {
        for text in [
            "-----BEGIN A-----\nAQID\n",
            "-----BEGIN A-----\nAQID\n-----END B-----\n",
            "-----BEGIN A-----\nAQID\n-----BEGIN A-----\nAQID\n-----END A-----\n",
        ] {
            let error = blocks(text.as_bytes()).unwrap_err();
            assert_eq!(
                error.message(),
                "The PEM block A that begins on line 1 has no end line."
            );
        }
    }

    #[test]
    fn bad_base64_is_named_by_block_and_line_but_not_shown() {
        let blocks = blocks(b"\n-----BEGIN KEY-----\nSECRET*=\n-----END KEY-----\n").unwrap();
        let error = blocks[0].der().unwrap_err();
        assert_eq!(error.message(), "The PEM block KEY on line 2 is not valid Base64.");
        assert!(!format!("{:?}", blocks[0]).contains("SECRET"));
    }

    #[test]
    fn encryption_by_headers_is_recognised() {
        let text = b"-----BEGIN K-----\r\nProc-Type: 4,ENCRYPTED\r\nDEK-Info: AES-256-CBC,00\r\n\r\nAQID\r\n\
                     -----END K-----\r\n-----BEGIN K-----\nAQID\n-----END K-----\n";
        let blocks = blocks(text).unwrap();
        assert_eq!(blocks[0].encryption(), Some("AES-256-CBC,00"));
        assert_eq!(*blocks[0].der().unwrap(), [1, 2, 3]);
        assert_eq!(blocks[1].encryption(), None);
    }

    #[test]
    fn utf16_becomes_utf8() {
        let text = "-----BEGIN \u{1f511}-----\r\n";
        let units = || [0xfeff].into_iter().chain(text.encode_utf16());
        let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
        for encoded in [little, big] {
            assert_eq!(*utf8_of_utf16(&encoded).unwrap(), text.as_bytes());
        }
        assert_eq!(utf8_of_utf16(b"-----BEGIN"), None);
    }
}

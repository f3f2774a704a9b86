//! PEM text (RFC 7468): the blocks between `-----BEGIN ...-----` and `-----END ...-----`.
//!
//! Secret stores, environment variables and configuration files take the line breaks away, or write others. The
//! boundaries of a block are found wherever they stand, so such a text is read, unless it has headers: without line
//! breaks, these cannot be told from the content. No error shows any other part of a text than a known label.

use std::fmt;

use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::certificate::encoding::base64_text;
use crate::certificate::encoding::label::Label;

/// One block of a PEM text. `Debug` does not show its content, which may be a private key.
pub(crate) struct Block<'a> {
    label: Label<'a>,
    line: usize,
    encryption: Option<&'a [u8]>,
    encoded: Vec<&'a [u8]>,
}

impl<'a> Block<'a> {
    /// The label of the block.
    pub(crate) fn label(&self) -> Label<'a> {
        self.label
    }

    /// The header `DEK-Info` (RFC 1421 section 4.6.1.3), which names the cipher, of a block with
    /// `Proc-Type: 4,ENCRYPTED`. `None` if the content is not encrypted.
    pub(crate) fn encryption(&self) -> Option<&'a str> {
        self.encryption
            .map(|parameters| std::str::from_utf8(parameters).unwrap_or_default())
    }

    /// The content, decoded from Base64.
    pub(crate) fn der(&self) -> Result<Zeroizing<Vec<u8>>> {
        // Allocated once: a buffer that grows leaves copies of keys in memory.
        let mut base64 = Zeroizing::new(Vec::with_capacity(self.encoded.iter().map(|line| line.len() + 1).sum()));
        for line in &self.encoded {
            base64.extend_from_slice(line);
            base64.push(b'\n');
        }
        base64_text::decode(&base64).ok_or_else(|| {
            unreadable(
                format!(
                    "The PEM block {} on line {} is not valid Base64.",
                    self.label, self.line
                ),
                "Copy the file again as plain text.",
            )
        })
    }
}

impl fmt::Debug for Block<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Block({}, line {})", self.label, self.line)
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
    Boundaries::of(text).any(|boundary| boundary.begins)
}

/// Whether a boundary of `text` is followed by an escape sequence, where a line break should be.
pub(crate) fn has_escaped_line_breaks(text: &[u8]) -> bool {
    Boundaries::of(text).any(|boundary| matches!(text.get(boundary.end), Some(b'\\' | b'`')))
}

/// Whether `text` has a line with which a block begins or ends, but damaged: with fewer hyphens, or with others.
pub(crate) fn has_damaged_boundary(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    ["BEGIN ", "END "]
        .iter()
        .flat_map(|word| text.split(word).skip(1))
        .any(|rest| {
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != ' ')
                .unwrap_or(rest.len());
            Label::of(&rest.as_bytes()[..end]).is_some_and(|label| label.name().is_some())
        })
}

/// All blocks of `text`, in their order. Text around them is ignored.
///
/// # Errors
/// [`Status::CertificateUnreadable`] for a block without an end, and for one whose headers cannot be told from its
/// content, because its line breaks are missing.
pub(crate) fn blocks(text: &[u8]) -> Result<Vec<Block<'_>>> {
    let mut blocks = Vec::new();
    let mut open: Option<Opened<'_>> = None;
    let mut line = 1;
    let mut counted = 0;
    for boundary in Boundaries::of(text) {
        line += text[counted..boundary.start].split(|byte| *byte == b'\n').count() - 1;
        counted = boundary.start;
        let (label, body) = (boundary.label, boundary.end);
        if boundary.begins {
            if let Some(unfinished) = open.replace(Opened { label, line, body }) {
                return Err(unfinished.without_end());
            }
        } else if let Some(opened) = open.take() {
            if opened.label != label {
                return Err(opened.without_end());
            }
            let body = &text[opened.body..boundary.start];
            blocks.push(opened.block(body)?);
        }
    }
    open.map_or(Ok(blocks), |unfinished| Err(unfinished.without_end()))
}

/// A block whose end has not been found yet.
struct Opened<'a> {
    label: Label<'a>,
    line: usize,
    /// Where its body begins.
    body: usize,
}

impl<'a> Opened<'a> {
    fn block(self, body: &'a [u8]) -> Result<Block<'a>> {
        let lines = lines(body.trim_ascii()).ok_or_else(|| self.without_line_breaks())?;
        let (headers, encoded): (Vec<&[u8]>, Vec<&[u8]>) = lines.into_iter().partition(|line| line.contains(&b':'));
        let header = |name: &[u8]| headers.iter().find_map(|line| line.strip_prefix(name));
        let encryption = header(b"Proc-Type:")
            .filter(|kind| kind.ends_with(b"ENCRYPTED"))
            .map(|_| header(b"DEK-Info:").unwrap_or_default().trim_ascii());
        Ok(Block {
            label: self.label,
            line: self.line,
            encryption,
            encoded,
        })
    }

    fn without_end(&self) -> Error {
        unreadable(
            format!(
                "The PEM block {} that begins on line {} has no end line.",
                self.label, self.line
            ),
            "Copy the file again, including its last line -----END ...-----; it is cut off or was edited.",
        )
    }

    fn without_line_breaks(&self) -> Error {
        unreadable(
            format!(
                "The PEM block {} that begins on line {} has headers, but its line breaks are missing.",
                self.label, self.line
            ),
            "Copy the file again with its line breaks; variables and secret stores may take them away.",
        )
    }
}

/// The lines of a body. If it is one line, its headers must be those of encryption, with a space after each of them;
/// otherwise `None`.
fn lines(body: &[u8]) -> Option<Vec<&[u8]>> {
    const ENCRYPTED: &[u8] = b"Proc-Type: 4,ENCRYPTED ";
    let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
    if body.iter().any(is_break) || !body.contains(&b':') {
        return Some(body.split(is_break).map(<[u8]>::trim_ascii).collect());
    }
    let parameters = body.strip_prefix(ENCRYPTED)?.trim_ascii_start();
    let value = parameters.strip_prefix(b"DEK-Info:")?.trim_ascii_start();
    let length = value.iter().position(u8::is_ascii_whitespace)?;
    let (value, encoded) = value.split_at(length);
    let parameters = &parameters[..parameters.len() - encoded.len()];
    (!value.contains(&b':') && !encoded.contains(&b':')).then(|| vec![ENCRYPTED.trim_ascii(), parameters, encoded])
}

/// Where a block begins or ends.
struct Boundary<'a> {
    begins: bool,
    label: Label<'a>,
    start: usize,
    end: usize,
}

/// All boundaries of a text.
struct Boundaries<'a> {
    text: &'a [u8],
    position: usize,
}

impl<'a> Boundaries<'a> {
    fn of(text: &'a [u8]) -> Self {
        Self { text, position: 0 }
    }
}

impl<'a> Iterator for Boundaries<'a> {
    type Item = Boundary<'a>;

    fn next(&mut self) -> Option<Boundary<'a>> {
        const HYPHENS: &[u8] = b"-----";
        loop {
            let start = self.position + find(&self.text[self.position..], HYPHENS)?;
            self.position = start + 1;
            let inside = &self.text[start + HYPHENS.len()..];
            let begun = inside.strip_prefix(b"BEGIN").map(|rest| (true, rest));
            let Some((begins, rest)) = begun.or_else(|| inside.strip_prefix(b"END").map(|rest| (false, rest))) else {
                continue;
            };
            let Some(length) = find(rest, HYPHENS) else {
                continue;
            };
            if let Some(label) = Label::of(&rest[..length]) {
                let end = self.text.len() - rest.len() + length + HYPHENS.len();
                self.position = end;
                return Some(Boundary {
                    begins,
                    label,
                    start,
                    end,
                });
            }
        }
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
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
            .map(|block| (block.label().to_string(), block.der().unwrap().to_vec()))
            .collect()
    }

    fn message(text: &str) -> String {
        blocks(text.as_bytes()).unwrap_err().message().to_owned()
    }

    #[test]
    fn text_around_blocks_is_ignored() {
        let text = "Bag Attributes\n    friendlyName: x\n-----BEGIN PRIVATE KEY-----\nAQID\n-----END PRIVATE KEY-----\n\
                    subject=CN = x\n-----BEGIN CMS-----\nBA==\n-----END CMS-----";
        assert_eq!(
            contents(text),
            [("PRIVATE KEY".to_owned(), vec![1, 2, 3]), ("CMS".to_owned(), vec![4])]
        );
    }

    #[test]
    fn byte_order_mark_crlf_indentation_and_long_lines_are_accepted() {
        let text = "\u{feff}-----BEGIN CMS-----\r\n  AQ\r\nID \r\n\r\n-----END CMS-----\r\n";
        assert_eq!(contents(text), [("CMS".to_owned(), vec![1, 2, 3])]);
        let long = format!("-----BEGIN CMS-----\n{}\n-----END CMS-----\n", "AAAA".repeat(1000));
        assert_eq!(contents(&long)[0].1, vec![0; 3000]);
    }

    #[test]
    fn line_breaks_may_be_missing_or_others() {
        const TEXT: &str = "-----BEGIN PRIVATE KEY-----\nAQID\nBAUG\n-----END PRIVATE KEY-----\n\
                            -----BEGIN CERTIFICATE-----\nBwgJ\n-----END CERTIFICATE-----\n";
        let expected = [
            ("PRIVATE KEY".to_owned(), vec![1, 2, 3, 4, 5, 6]),
            ("CERTIFICATE".to_owned(), vec![7, 8, 9]),
        ];
        for between in ["", " ", "  ", "\r", "\t", "\u{a0}", "\u{2028}", "\n\n", "\",\n\""] {
            assert_eq!(contents(&TEXT.replace('\n', between)), expected, "{between:?}");
        }
        for surrounded in [
            TEXT.replace("-----\n-----", "----------"),
            format!("\"{TEXT}\""),
            format!("KEY='{}'", TEXT.trim()),
            TEXT.split_whitespace().collect(),
        ] {
            assert_eq!(contents(&surrounded), expected, "{surrounded}");
        }
    }

    #[test]
    fn bytes_that_are_not_text_are_accepted_outside_of_blocks() {
        let text = b"Stra\xdfe\n-----BEGIN CMS-----\nAQID\n-----END CMS-----\n";
        assert_eq!(blocks(text).unwrap().len(), 1);
    }

    #[test]
    fn headers_other_than_those_of_encryption_are_ignored() {
        let text = "-----BEGIN CMS-----\nComment: of 2012\n\nAQID\n-----END CMS-----\n";
        assert_eq!(contents(text)[0].1, [1, 2, 3]);
    }

    #[test]
    fn headers_without_line_breaks_are_read_where_they_are_clear() {
        let text = "-----BEGIN RSA PRIVATE KEY----- Proc-Type: 4,ENCRYPTED DEK-Info: AES-256-CBC,00  AQID BAUG \
                    -----END RSA PRIVATE KEY-----";
        let blocks = blocks(text.as_bytes()).unwrap();
        assert_eq!(blocks[0].encryption(), Some("AES-256-CBC,00"));
        assert_eq!(blocks[0].der().unwrap().as_slice(), [1, 2, 3, 4, 5, 6]);
        for unclear in [
            "Proc-Type: 4,ENCRYPTEDDEK-Info: AES-256-CBC,00AQIDSECRET",
            "Proc-Type: 4,ENCRYPTED DEK-Info: AES-256-CBC,00AQIDSECRET",
            "Comment: of 2012 SECRET",
        ] {
            let text = format!("\n-----BEGIN RSA PRIVATE KEY----- {unclear} -----END RSA PRIVATE KEY-----");
            assert_eq!(
                message(&text),
                "The PEM block RSA PRIVATE KEY that begins on line 2 has headers, but its line breaks are missing."
            );
        }
    }

    #[test]
    fn a_block_without_an_end_is_named() {
        for text in [
            "\n-----BEGIN CMS-----\nAQID\n",
            "\n-----BEGIN CMS-----\nAQID\n-----END PKCS7-----\n",
            "\n-----BEGIN CMS-----\nAQID\n-----BEGIN CMS-----\nAQID\n-----END CMS-----\n",
        ] {
            assert_eq!(
                message(text),
                "The PEM block CMS that begins on line 2 has no end line."
            );
        }
    }

    #[test]
    fn a_label_that_is_not_known_is_not_shown() {
        for text in [
            "-----BEGIN SECRET-----\nAQID\n",
            "-----BEGIN SECRET-----\nAQID\n-----END SECRETS-----\n",
            "-----BEGIN PRIVATE KEY SECRET-----\nAQID\n-----END PRIVATE KEY-----\n",
        ] {
            assert_eq!(
                message(text),
                "The PEM block with an unknown label that begins on line 1 has no end line."
            );
        }
    }

    #[test]
    fn bad_base64_is_named_by_block_and_line_but_not_shown() {
        let blocks = blocks(b"\n-----BEGIN PRIVATE KEY-----\nSECRET*=\n-----END PRIVATE KEY-----\n").unwrap();
        let error = blocks[0].der().unwrap_err();
        assert_eq!(
            error.message(),
            "The PEM block PRIVATE KEY on line 2 is not valid Base64."
        );
        assert!(!format!("{:?}", blocks[0]).contains("SECRET"));
    }

    #[test]
    fn encryption_by_headers_is_recognised() {
        let text = b"-----BEGIN CMS-----\r\nProc-Type: 4,ENCRYPTED\r\nDEK-Info: AES-256-CBC,00\r\n\r\nAQID\r\n\
                     -----END CMS-----\r\n-----BEGIN CMS-----\nAQID\n-----END CMS-----\n";
        let blocks = blocks(text).unwrap();
        assert_eq!(blocks[0].encryption(), Some("AES-256-CBC,00"));
        assert_eq!(*blocks[0].der().unwrap(), [1, 2, 3]);
        assert_eq!(blocks[1].encryption(), None);
    }

    #[test]
    fn damaged_boundaries_and_escaped_line_breaks_are_noticed() {
        for damaged in [
            "----BEGIN PRIVATE KEY----\nAQID",
            "\u{2014}BEGIN CMS\u{2014}",
            "-----BEGIN CMS\nAQID\n",
        ] {
            assert!(
                !is_pem(damaged.as_bytes()) && has_damaged_boundary(damaged.as_bytes()),
                "{damaged}"
            );
        }
        assert!(!has_damaged_boundary(b"BEGIN of the END "));
        assert!(has_escaped_line_breaks(
            br"-----BEGIN CMS-----\nAQID\n-----END CMS-----\n"
        ));
        assert!(!has_escaped_line_breaks(
            b"C:\\new\n-----BEGIN CMS-----\nAQID\n-----END CMS-----\n"
        ));
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

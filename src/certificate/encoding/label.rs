//! The label of a PEM block, such as `CERTIFICATE` (RFC 7468 section 2).

use std::fmt;

use crate::base::invisible::is_invisible;

/// A label as it stands in a text.
///
/// Where a file has lost its line breaks, the place of a label may hold a private key. So a label is shown only by its
/// name in [`KNOWN`], never with characters of the file.
#[derive(Clone, Copy)]
pub(crate) struct Label<'a> {
    text: &'a [u8],
    name: Option<&'static str>,
}

impl<'a> Label<'a> {
    /// Reads what stands between `BEGIN` or `END` and the hyphens after it; `None` unless that can be a label.
    ///
    /// A known label may have lost its spaces, or have others. An unknown one is one line of printable characters after
    /// a space.
    pub(crate) fn of(text: &'a [u8]) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let name = known(text);
        let is_plain = || text.starts_with(b" ") && text.iter().all(|byte| matches!(byte, b' '..=b'~'));
        (name.is_some() || (is_plain() && !text.trim_ascii().is_empty())).then(|| Self {
            text: text.trim_ascii(),
            name,
        })
    }

    /// Its name, if it is in the list of known labels.
    pub(crate) fn name(&self) -> Option<&'static str> {
        self.name
    }
}

/// The length of the longest text that is taken for a label.
const LONGEST: usize = 100;

/// The labels that messages may show: those of OpenSSL, `GnuTLS`, OpenSSH and PGP programs, and of RFC 7468.
const KNOWN: &[&str] = &[
    "ANY PRIVATE KEY",
    "ATTRIBUTE CERTIFICATE",
    "CERTIFICATE",
    "CERTIFICATE REQUEST",
    "CMS",
    "DH PARAMETERS",
    "DSA PARAMETERS",
    "DSA PRIVATE KEY",
    "DSA PUBLIC KEY",
    "EC PARAMETERS",
    "EC PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY",
    "NEW CERTIFICATE REQUEST",
    "OPENSSH PRIVATE KEY",
    "PARAMETERS",
    "PGP MESSAGE",
    "PGP PRIVATE KEY BLOCK",
    "PGP PUBLIC KEY BLOCK",
    "PGP SIGNATURE",
    "PKCS #7 SIGNED DATA",
    "PKCS12",
    "PKCS7",
    "PRIVATE KEY",
    "PUBLIC KEY",
    "RSA PRIVATE KEY",
    "RSA PUBLIC KEY",
    "SSL SESSION PARAMETERS",
    "TRUSTED CERTIFICATE",
    "TSS2 PRIVATE KEY",
    "X509 CERTIFICATE",
    "X509 CRL",
    "X9.42 DH PARAMETERS",
];

/// The known label that has the visible characters of `text`.
fn known(text: &[u8]) -> Option<&'static str> {
    let text = std::str::from_utf8(text).ok()?;
    let is_seen = |c: &char| !c.is_whitespace() && !is_invisible(*c);
    let same = |label: &&&str| label.chars().filter(is_seen).eq(text.chars().filter(is_seen));
    KNOWN.iter().find(same).copied()
}

impl PartialEq for Label<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self.name, other.name) {
            (None, None) => self.text == other.text,
            (one, another) => one == another,
        }
    }
}

/// As in "The PEM block CERTIFICATE" or "The PEM block with an unknown label".
impl fmt::Display for Label<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name.unwrap_or("with an unknown label"))
    }
}

impl fmt::Debug for Label<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Label({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_labels_may_have_other_spaces() {
        for text in [
            " RSA PRIVATE KEY",
            "RSAPRIVATEKEY",
            "\u{a0}RSA  PRIVATE\r\nKEY ",
            " RSA PRI\u{200b}VATE KEY",
        ] {
            let label = Label::of(text.as_bytes()).unwrap();
            assert_eq!(label.name(), Some("RSA PRIVATE KEY"), "{text:?}");
        }
    }

    #[test]
    fn an_unknown_label_is_not_shown() {
        let label = Label::of(b" SECRET THING").unwrap();
        assert_eq!(label.name(), None);
        assert_eq!(label.to_string(), "with an unknown label");
        assert!(!format!("{label:?}").contains("SECRET"));
        assert_ne!(label, Label::of(b" OTHER THING").unwrap());
        assert_ne!(label, Label::of(b" PRIVATE KEY").unwrap());
    }

    #[test]
    fn what_cannot_be_a_label_is_refused() {
        let long = format!(" PRIVATE KEY {}", "A".repeat(LONGEST));
        for text in ["", " ", "NING", " A\nB", " \u{e4}", &long] {
            assert!(Label::of(text.as_bytes()).is_none(), "{text:?}");
        }
    }
}

//! PKCS#11 URIs, which select a token and an object on it.

use std::fmt::Write;

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{PKCS11_MODULE, PKCS11_PIN, PKCS11_URI};
use crate::base::percent_encoding::byte_of;

/// A PKCS#11 URI (RFC 7512). Attributes that it does not have match any value.
#[derive(Debug, Default)]
pub(super) struct Pkcs11Uri {
    attributes: Vec<(&'static str, Vec<u8>)>,
}

/// The attributes of a token that a URI can have (RFC 7512 section 2.3).
pub(super) struct TokenFacts<'a> {
    pub(super) label: &'a str,
    pub(super) serial: &'a str,
    pub(super) manufacturer: &'a str,
    pub(super) model: &'a str,
    pub(super) slot: u64,
}

/// The supported attributes, all of the path. `type` is `cert` or `private`.
const KNOWN: [&str; 8] = [
    "token",
    "serial",
    "manufacturer",
    "model",
    "slot-id",
    "object",
    "id",
    "type",
];

impl Pkcs11Uri {
    /// Reads a URI. An empty one matches everything.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`], also for unsupported attributes: to ignore them could select another key.
    pub(super) fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let scheme = text.get(..7).filter(|start| start.eq_ignore_ascii_case("pkcs11:"));
        let rest = scheme.and(text.get(7..)).ok_or_else(not_a_uri)?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        if let Some((name, _)) = query.split('&').find_map(|attribute| attribute.split_once('=')) {
            return Err(not_in_uri(name));
        }
        let mut uri = Self::default();
        for attribute in path.split(';').filter(|attribute| !attribute.is_empty()) {
            uri.add(attribute)?;
        }
        Ok(uri)
    }

    fn add(&mut self, attribute: &str) -> Result<()> {
        let (name, value) = attribute.split_once('=').ok_or_else(not_a_uri)?;
        let known = KNOWN.into_iter().find(|known| *known == name);
        let name = known.ok_or_else(|| not_in_uri(name))?;
        if self.value(name).is_some() {
            return Err(refused(format!("The PKCS#11 URI contains {name} twice.")));
        }
        let value = decode(value).ok_or_else(not_a_uri)?;
        if name == "type" && value != b"cert" && value != b"private" {
            return Err(refused("The type in the PKCS#11 URI is neither cert nor private."));
        }
        self.attributes.push((name, value));
        Ok(())
    }

    /// Whether the URI matches a token.
    pub(super) fn allows_token(&self, token: &TokenFacts<'_>) -> bool {
        self.allows("token", token.label.as_bytes())
            && self.allows("serial", token.serial.as_bytes())
            && self.allows("manufacturer", token.manufacturer.as_bytes())
            && self.allows("model", token.model.as_bytes())
            && self.allows("slot-id", token.slot.to_string().as_bytes())
    }

    /// Whether the URI matches a certificate with this `CKA_LABEL` and `CKA_ID`.
    pub(super) fn allows_certificate(&self, label: &[u8], id: &[u8]) -> bool {
        self.allows("type", b"cert") && self.allows_object(label, id)
    }

    /// Whether the URI matches a private key with this `CKA_LABEL` and `CKA_ID`.
    pub(super) fn allows_private_key(&self, label: &[u8], id: &[u8]) -> bool {
        self.allows("type", b"private") && self.allows_object(label, id)
    }

    /// Whether the URI, apart from its type, matches an object with this `CKA_LABEL` and `CKA_ID`.
    pub(super) fn allows_object(&self, label: &[u8], id: &[u8]) -> bool {
        self.allows("object", label) && self.allows("id", id)
    }

    fn allows(&self, name: &str, value: &[u8]) -> bool {
        self.value(name).is_none_or(|wanted| wanted == value)
    }

    fn value(&self, name: &str) -> Option<&[u8]> {
        let found = self.attributes.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_slice())
    }
}

/// `bytes` in the notation of a URI, which has no line breaks and no other control characters.
pub(super) fn encode(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(byte) {
            text.push(char::from(*byte));
        } else {
            write!(text, "%{byte:02X}").expect("a String takes all text");
        }
        text
    })
}

/// A `CKA_ID` in the notation of a URI. It is often a number, so every byte is written in hexadecimal.
pub(super) fn encode_id(id: &[u8]) -> String {
    id.iter().fold(String::new(), |mut text, byte| {
        write!(text, "%{byte:02X}").expect("a String takes all text");
        text
    })
}

fn decode(value: &str) -> Option<Vec<u8>> {
    let mut bytes = value.bytes();
    let mut decoded = Vec::with_capacity(value.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => byte_of([bytes.next()?, bytes.next()?])?,
            byte => byte,
        });
    }
    Some(decoded)
}

fn not_a_uri() -> Error {
    refused(format!("Invalid value for {PKCS11_URI}: not a PKCS#11 URI."))
}

fn not_in_uri(name: &str) -> Error {
    match name {
        "pin-value" => Error::new(
            Status::InvalidArgument,
            "The PKCS#11 URI contains a PIN, where others can see it.",
            format!("Remove pin-value from {PKCS11_URI}, change the PIN, and use {PKCS11_PIN} to give it."),
        ),
        "pin-source" => Error::new(
            Status::InvalidArgument,
            "The PKCS#11 URI contains the attribute pin-source, which is not supported.",
            format!("Remove pin-source from {PKCS11_URI} and use {PKCS11_PIN} to give the PIN."),
        ),
        "module-path" | "module-name" => Error::new(
            Status::InvalidArgument,
            format!("The PKCS#11 URI contains the attribute {name}, which is not supported."),
            format!("Remove {name} from {PKCS11_URI} and use {PKCS11_MODULE} to give the path of the module."),
        ),
        // Does not quote the name: in a malformed URI it may be a part of the PIN.
        _ => refused("The PKCS#11 URI contains an unknown attribute."),
    }
}

fn refused(message: impl Into<String>) -> Error {
    Error::new(
        Status::InvalidArgument,
        message,
        "Use pkcs11:token=LABEL;object=LABEL with any of token, serial, manufacturer, model, slot-id, object, id and \
         type, and write characters other than letters and digits as %XX (RFC 7512).",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token<'a>(label: &'a str, serial: &'a str, slot: u64) -> TokenFacts<'a> {
        TokenFacts {
            label,
            serial,
            manufacturer: "SoftHSM project",
            model: "SoftHSM v2",
            slot,
        }
    }

    #[test]
    fn an_empty_uri_matches_everything() {
        for text in ["", "pkcs11:", "PKCS11:", "pkcs11:;", "pkcs11:?"] {
            let uri = Pkcs11Uri::parse(text).unwrap();
            assert!(uri.allows_token(&token("a", "b", 0)), "{text}");
            assert!(
                uri.allows_certificate(b"x", &[1]) && uri.allows_private_key(b"", &[]),
                "{text}"
            );
        }
    }

    #[test]
    fn attributes_are_decoded_and_compared_as_a_whole() {
        let allows = |uri: &str, label, serial, slot| {
            let uri = Pkcs11Uri::parse(uri).unwrap();
            uri.allows_token(&token(label, serial, slot))
        };
        assert!(allows("pkcs11:token=My%20Token;serial=1%3b2", "My Token", "1;2", 7));
        assert!(!allows("pkcs11:token=My%20Token", "My Token 2", "", 7));
        assert!(!allows("pkcs11:token=My%20Token;serial=3", "My Token", "1", 7));
        assert!(allows("pkcs11:token=Schl%C3%BCssel", "Schl\u{fc}ssel", "", 7));
        assert!(allows("pkcs11:slot-id=7", "", "", 7) && !allows("pkcs11:slot-id=7", "", "", 77));
        assert!(allows(
            "pkcs11:manufacturer=SoftHSM%20project;model=SoftHSM%20v2",
            "",
            "",
            0
        ));
        assert!(!allows("pkcs11:manufacturer=Other", "", "", 0) && !allows("pkcs11:model=v1", "", "", 0));
        assert!(!allows("pkcs11:token=", "label", "", 0) && allows("pkcs11:token=", "", "", 0));
    }

    #[test]
    fn a_type_excludes_the_other_type() {
        let uri = Pkcs11Uri::parse("pkcs11:type=cert;object=app;id=%01%aB").unwrap();
        assert!(uri.allows_certificate(b"app", &[1, 0xab]));
        assert!(!uri.allows_certificate(b"app", &[1]) && !uri.allows_certificate(b"App", &[1, 0xab]));
        assert!(!uri.allows_private_key(b"app", &[1, 0xab]));
        let uri = Pkcs11Uri::parse("pkcs11:type=private").unwrap();
        assert!(!uri.allows_certificate(b"", &[]) && uri.allows_private_key(b"", &[]));
    }

    #[test]
    fn unsupported_uris_are_refused_and_pins_are_not_quoted() {
        for text in [
            "token=a",
            "pkcs1",
            "pkcs11\u{fc}:",
            "pkcs11:token",
            "pkcs11:token=%4",
            "pkcs11:token=%zz",
            "pkcs11:token=a;token=b",
            "pkcs11:Token=a",
            "pkcs11:hunter2=a",
            "pkcs11:library-version=1",
            "pkcs11:type=public",
            "pkcs11:token=a?pin-value=hunter2",
            "pkcs11:token=a;pin-value=hunter2",
            "pkcs11:token=a?pin-source=file:/hunter2",
            "pkcs11:token=a?module-path=/hunter2.so",
            "pkcs11:token=a?hunter2=",
        ] {
            let error = Pkcs11Uri::parse(text).unwrap_err();
            assert_eq!(error.status(), Status::InvalidArgument, "{text}");
            let said = format!("{} {}", error.message(), error.hint());
            assert!(!said.contains("hunter2"), "{text}: {said}");
        }
    }

    #[test]
    fn encoded_text_can_be_decoded() {
        assert_eq!(encode("a b;\n\u{fc}".as_bytes()), "a%20b%3B%0A%C3%BC");
        assert_eq!(encode_id(b"\x01A"), "%01%41");
        assert_eq!(decode("a%20b%3B%0A%C3%BC").unwrap(), "a b;\n\u{fc}".as_bytes());
    }
}

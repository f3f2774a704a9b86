//! PKCS#11 URIs: which token is meant, and which object on it.

use std::fmt::Write;

use crate::base::error::{Error, Result, Status};

/// A PKCS#11 URI (RFC 7512). What it does not say may be anything.
#[derive(Debug, Default)]
pub(super) struct Pkcs11Uri {
    attributes: Vec<(&'static str, Vec<u8>)>,
}

/// What a URI can say about a token (RFC 7512 section 2.3).
pub(super) struct TokenFacts<'a> {
    pub(super) label: &'a str,
    pub(super) serial: &'a str,
    pub(super) manufacturer: &'a str,
    pub(super) model: &'a str,
    pub(super) slot: u64,
}

/// The attributes that are understood, all of them in the path. `type` is `cert` or `private`.
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
    /// Reads a URI; an empty one says nothing.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`]. Attributes that would not be looked at are refused: their author meant something.
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
            return Err(refused(format!("the PKCS#11 URI says {name} twice")));
        }
        let value = decode(value).ok_or_else(not_a_uri)?;
        if name == "type" && value != b"cert" && value != b"private" {
            return Err(refused("the type in the PKCS#11 URI is neither cert nor private"));
        }
        self.attributes.push((name, value));
        Ok(())
    }

    /// Whether the token may be the one that is meant.
    pub(super) fn allows_token(&self, token: &TokenFacts<'_>) -> bool {
        self.allows("token", token.label.as_bytes())
            && self.allows("serial", token.serial.as_bytes())
            && self.allows("manufacturer", token.manufacturer.as_bytes())
            && self.allows("model", token.model.as_bytes())
            && self.allows("slot-id", token.slot.to_string().as_bytes())
    }

    /// Whether a certificate with this `CKA_LABEL` and `CKA_ID` may be the one that is meant.
    pub(super) fn allows_certificate(&self, label: &[u8], id: &[u8]) -> bool {
        self.allows("type", b"cert") && self.allows_object(label, id)
    }

    /// Whether a private key with this `CKA_LABEL` and `CKA_ID` may be the one that is meant.
    pub(super) fn allows_private_key(&self, label: &[u8], id: &[u8]) -> bool {
        self.allows("type", b"private") && self.allows_object(label, id)
    }

    /// The same for an object of any type.
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

/// `bytes` as a URI writes them, and so on one line without control characters.
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

/// `CKA_ID`s are often numbers, which all stay recognisable when every byte is written alike.
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
            b'%' => hex_digit(bytes.next()?)? << 4 | hex_digit(bytes.next()?)?,
            byte => byte,
        });
    }
    Some(decoded)
}

fn hex_digit(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

fn not_a_uri() -> Error {
    refused("the text is not a PKCS#11 URI")
}

fn not_in_uri(name: &str) -> Error {
    match name {
        "pin-value" => Error::new(
            Status::InvalidArgument,
            "the PKCS#11 URI holds a PIN, which others can see there",
            "Remove pin-value from the URI, change the PIN, and give it as the PIN (--pkcs11-pin-file).",
        ),
        "pin-source" => Error::new(
            Status::InvalidArgument,
            "the PKCS#11 URI says where the PIN is, which is not looked up",
            "Remove pin-source from the URI and give the PIN as such (--pkcs11-pin-file).",
        ),
        "module-path" | "module-name" => Error::new(
            Status::InvalidArgument,
            "the PKCS#11 URI names a module",
            "Remove it from the URI and give the path of the module as such (--pkcs11-module).",
        ),
        // The name is not repeated: in a URI that was put together wrongly it may be a part of the PIN.
        _ => refused("the PKCS#11 URI has an attribute that is not known here"),
    }
}

fn refused(message: impl Into<String>) -> Error {
    Error::new(
        Status::InvalidArgument,
        message,
        "Write pkcs11:token=LABEL;object=LABEL with any of token, serial, manufacturer, model, slot-id, object, id and \
         type, and other characters than letters and digits as %XX (RFC 7512).",
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
    fn no_uri_allows_everything() {
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
    fn each_attribute_is_compared_decoded_and_whole() {
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
    fn a_type_leaves_the_other_one_out() {
        let uri = Pkcs11Uri::parse("pkcs11:type=cert;object=app;id=%01%aB").unwrap();
        assert!(uri.allows_certificate(b"app", &[1, 0xab]));
        assert!(!uri.allows_certificate(b"app", &[1]) && !uri.allows_certificate(b"App", &[1, 0xab]));
        assert!(!uri.allows_private_key(b"app", &[1, 0xab]));
        let uri = Pkcs11Uri::parse("pkcs11:type=private").unwrap();
        assert!(!uri.allows_certificate(b"", &[]) && uri.allows_private_key(b"", &[]));
    }

    #[test]
    fn what_is_not_understood_is_refused_and_a_pin_not_repeated() {
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
    fn what_is_shown_can_be_given_back() {
        assert_eq!(encode("a b;\n\u{fc}".as_bytes()), "a%20b%3B%0A%C3%BC");
        assert_eq!(encode_id(b"\x01A"), "%01%41");
        assert_eq!(decode("a%20b%3B%0A%C3%BC").unwrap(), "a b;\n\u{fc}".as_bytes());
    }
}

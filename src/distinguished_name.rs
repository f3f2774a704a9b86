//! Names of subjects as text (RFC 4514).

use der::asn1::Any;
use der::{Tag, Tagged};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::{Name, RelativeDistinguishedName};

/// `name` as RFC 4514 writes it: the last part first, `CN=GraphToken,O=Contoso`.
///
/// Strings of the kinds that old certificates have (`BMPString`, `TeletexString`) are shown as
/// text like all others.
pub(crate) fn text_of(name: &Name) -> String {
    let parts: Vec<String> = name.iter_rdn().map(text_of_part).collect();
    parts.into_iter().rev().collect::<Vec<_>>().join(",")
}

fn text_of_part(part: &RelativeDistinguishedName) -> String {
    let attributes: Vec<String> = part.iter().map(|attribute| in_utf8(attribute).to_string()).collect();
    attributes.join("+")
}

fn in_utf8(attribute: &AttributeTypeAndValue) -> AttributeTypeAndValue {
    let text = text(attribute.value.tag(), attribute.value.value());
    let value = text.and_then(|text| Any::new(Tag::Utf8String, text.into_bytes()).ok());
    AttributeTypeAndValue {
        oid: attribute.oid,
        value: value.unwrap_or_else(|| attribute.value.clone()),
    }
}

/// The text of a string that is not yet ASCII or UTF-8; `None` for what is, or is no string.
fn text(kind: Tag, bytes: &[u8]) -> Option<String> {
    match kind {
        Tag::BmpString => {
            let units = bytes
                .chunks(2)
                .map(|pair| Some(u16::from_be_bytes(pair.try_into().ok()?)));
            String::from_utf16(&units.collect::<Option<Vec<u16>>>()?).ok()
        }
        // ITU-T T.61 by the standard, ISO 8859-1 by what everybody writes.
        Tag::TeletexString => Some(bytes.iter().copied().map(char::from).collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;
    use x509_cert::name::RdnSequence;

    fn attribute(oid: &str, kind: Tag, value: &[u8]) -> AttributeTypeAndValue {
        AttributeTypeAndValue {
            oid: oid.parse().unwrap(),
            value: Any::new(kind, value).unwrap(),
        }
    }

    fn name(attributes: Vec<AttributeTypeAndValue>) -> Name {
        let parts = attributes
            .into_iter()
            .map(|attribute| vec![attribute].try_into().unwrap());
        Name::hazmat_from_rdn_sequence(RdnSequence::from(parts.collect::<Vec<RelativeDistinguishedName>>()))
    }

    const ORGANIZATION: &str = "2.5.4.10";
    const COMMON_NAME: &str = "2.5.4.3";

    #[test]
    fn old_strings_are_text() {
        let subject = name(vec![
            attribute(ORGANIZATION, Tag::TeletexString, b"M\xfcller, S\xf6hne"),
            attribute(COMMON_NAME, Tag::BmpString, &[0, 0x47, 0x20, 0xac]),
        ]);
        assert_eq!(text_of(&subject), "CN=G\u{20ac},O=M\u{fc}ller\\, S\u{f6}hne");
    }

    #[test]
    fn what_is_no_text_is_shown_as_bytes() {
        for value in [&[0x47][..], &[0xd8, 0x00]] {
            let subject = name(vec![attribute(COMMON_NAME, Tag::BmpString, value)]);
            assert!(text_of(&subject).contains("=#1e"), "{}", text_of(&subject));
        }
    }

    #[test]
    fn names_of_today_are_those_of_the_library() {
        for text in [
            "CN=GraphToken,O=Contoso\\, Ltd.,C=DE",
            "OU=Sales+CN=J. Smith,DC=example,DC=net",
        ] {
            let name = Name::from_str(text).unwrap();
            assert_eq!(text_of(&name), name.to_string());
        }
    }
}

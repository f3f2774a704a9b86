//! Distinguished names (X.501), in certificates and as users type them.

use std::fmt::Write;

use der::Decode;
use der::asn1::ObjectIdentifier;

use crate::base::invisible::{is_invisible, without_invisible};
use crate::base::short_list;
use crate::certificate::encoding::der_value::{DerValue, DerValues, tag};

/// The attributes of a name, in a form for comparison.
///
/// .NET and RFC 4514 write the attributes of a name in opposite orders, and quote and space them differently. So two
/// names are equal here if they have the same attributes. Letter case and the number of spaces do not matter (RFC 5280
/// section 7.1).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DistinguishedName {
    /// Sorted.
    attributes: Vec<Attribute>,
}

/// The type as an object identifier, and the folded value.
type Attribute = (String, String);

impl DistinguishedName {
    /// Reads a name in DER; `None` if `der` is anything else.
    pub(crate) fn from_der(der: &[u8]) -> Option<Self> {
        let parts = parts(der)?;
        let attributes = parts
            .iter()
            .flatten()
            .map(|(kind, value)| (kind.to_string(), folded(&value_text(*value))));
        Some(Self::of(attributes.collect()))
    }

    /// Reads a name in the notation of RFC 4514, of .NET and Windows (`CN=App, O="Contoso, Ltd."`), or of OpenSSL
    /// (`C = DE, CN = App`). `None` if `text` is not a name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let attributes = split(&without_invisible(text), &[',', ';', '+']);
        let attributes: Option<Vec<Attribute>> = attributes.iter().map(|part| attribute(part)).collect();
        attributes.map(Self::of)
    }

    /// Whether `name` is one of the common names.
    pub(crate) fn has_common_name(&self, name: &str) -> bool {
        let name = folded(name);
        self.attributes
            .iter()
            .any(|(kind, value)| kind == COMMON_NAME && *value == name)
    }

    /// The common name, if it is the only attribute.
    pub(crate) fn only_common_name(&self) -> Option<&str> {
        match &self.attributes[..] {
            [(kind, value)] if kind == COMMON_NAME => Some(value),
            _ => None,
        }
    }

    fn of(mut attributes: Vec<Attribute>) -> Self {
        short_list::sort(&mut attributes, |one, other| one < other);
        Self { attributes }
    }
}

/// The name in `der` in the notation of RFC 4514, with the last part first: `CN=GraphToken,O=Contoso`. Empty if `der`
/// is not a name.
///
/// The string types of old certificates (`BMPString`, `UniversalString`, `TeletexString`) are shown as text, too.
/// Control characters and invisible characters are escaped.
pub(crate) fn text_of(der: &[u8]) -> String {
    let parts = parts(der).unwrap_or_default();
    let texts: Vec<String> = parts.iter().rev().map(text_of_part).collect();
    texts.join(",")
}

fn text_of_part(part: &Part<'_>) -> String {
    let attributes: Vec<String> = part
        .iter()
        .map(|(kind, value)| text_of_attribute(*kind, *value))
        .collect();
    attributes.join("+")
}

/// A `RelativeDistinguishedName` (RFC 5280 section 4.1.2.4): the type and the value of each attribute.
type Part<'a> = Vec<(ObjectIdentifier, DerValue<'a>)>;

/// The parts of a `Name`, in the order of the certificate; `None` if `der` is anything else.
fn parts(der: &[u8]) -> Option<Vec<Part<'_>>> {
    let mut whole = DerValues(der);
    let mut sets = whole.next_of(tag::SEQUENCE)?.values();
    let mut parts = Vec::new();
    while !sets.is_at_end() {
        let mut attributes = sets.next_of(tag::SET)?.values();
        let mut part = Part::new();
        while !attributes.is_at_end() {
            let mut attribute = attributes.next_of(tag::SEQUENCE)?.values();
            let kind = ObjectIdentifier::from_der(attribute.next_of(tag::OBJECT_IDENTIFIER)?.whole).ok()?;
            part.push((kind, attribute.next()?));
        }
        parts.push(part);
    }
    whole.is_at_end().then_some(parts)
}

/// A type without a short name is shown as its object identifier, with the value in hexadecimal digits (RFC 4514
/// sections 2.3 and 2.4).
fn text_of_attribute(kind: ObjectIdentifier, value: DerValue<'_>) -> String {
    let kind = kind.to_string();
    let name = TYPES.iter().find(|(_, oid)| *oid == kind).map(|(name, _)| *name);
    match (name, string(value)) {
        (Some(name), Some(text)) => format!("{name}={}", escaped(&text)),
        _ => format!("{kind}={}", hexadecimal(value)),
    }
}

/// A value with the escapes of RFC 4514 section 2.4. What has no visible form is escaped, too, byte by byte.
fn escaped(value: &str) -> String {
    let last = value.chars().count().saturating_sub(1);
    let mut text = String::with_capacity(value.len());
    for (place, c) in value.chars().enumerate() {
        let at_edge = c == ' ' && (place == 0 || place == last);
        if is_invisible(c) || matches!(c, '\u{2028}' | '\u{2029}') {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                write!(text, "\\{byte:02x}").expect("writing to a String cannot fail");
            }
            continue;
        }
        if at_edge || (c == '#' && place == 0) || matches!(c, '"' | '+' | ',' | ';' | '<' | '>' | '\\') {
            text.push('\\');
        }
        text.push(c);
    }
    text
}

const COMMON_NAME: &str = "2.5.4.3";

/// Short names of attribute types and their object identifiers, from RFC 4514 section 3 and RFC 4519, and others that
/// .NET, Windows and OpenSSL write. Of several names of a type, the first is shown.
const TYPES: [(&str, &str); 36] = [
    ("CN", COMMON_NAME),
    ("SN", "2.5.4.4"),
    ("SERIALNUMBER", "2.5.4.5"),
    ("C", "2.5.4.6"),
    ("L", "2.5.4.7"),
    ("ST", "2.5.4.8"),
    ("S", "2.5.4.8"),
    ("STREET", "2.5.4.9"),
    ("O", "2.5.4.10"),
    ("OU", "2.5.4.11"),
    ("TITLE", "2.5.4.12"),
    ("T", "2.5.4.12"),
    ("DESCRIPTION", "2.5.4.13"),
    ("BUSINESSCATEGORY", "2.5.4.15"),
    ("POSTALADDRESS", "2.5.4.16"),
    ("POSTALCODE", "2.5.4.17"),
    ("POSTOFFICEBOX", "2.5.4.18"),
    ("TELEPHONENUMBER", "2.5.4.20"),
    ("NAME", "2.5.4.41"),
    ("GN", "2.5.4.42"),
    ("G", "2.5.4.42"),
    ("GIVENNAME", "2.5.4.42"),
    ("INITIALS", "2.5.4.43"),
    ("I", "2.5.4.43"),
    ("GENERATIONQUALIFIER", "2.5.4.44"),
    ("X500UNIQUEIDENTIFIER", "2.5.4.45"),
    ("DNQUALIFIER", "2.5.4.46"),
    ("PSEUDONYM", "2.5.4.65"),
    ("ORGANIZATIONIDENTIFIER", "2.5.4.97"),
    ("DC", "0.9.2342.19200300.100.1.25"),
    ("UID", "0.9.2342.19200300.100.1.1"),
    ("USERID", "0.9.2342.19200300.100.1.1"),
    ("MAIL", "0.9.2342.19200300.100.1.3"),
    ("EMAIL", "1.2.840.113549.1.9.1"),
    ("E", "1.2.840.113549.1.9.1"),
    ("EMAILADDRESS", "1.2.840.113549.1.9.1"),
];

fn attribute(text: &str) -> Option<Attribute> {
    let (kind, value) = text.split_once('=')?;
    let kind = kind.trim().to_ascii_uppercase();
    let kind = kind.strip_prefix("OID.").unwrap_or(&kind);
    let identifier = TYPES.iter().find(|(name, _)| *name == kind).map(|(_, oid)| *oid);
    let is_identifier = kind.contains('.') && kind.chars().all(|c| c.is_ascii_digit() || c == '.');
    let identifier = identifier.or(is_identifier.then_some(kind))?;
    let value = value.trim();
    let encoded = value.strip_prefix('#').and_then(bytes_of);
    let value = match encoded.as_deref().and_then(only_value) {
        Some(encoded) => value_text(encoded),
        None => unescaped(value)?,
    };
    Some((identifier.to_owned(), folded(&value)))
}

/// Splits `text` at `separators` that are neither escaped nor in quotation marks.
fn split(text: &str, separators: &[char]) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut escaped, mut quoted) = (false, false);
    for c in text.chars() {
        if separators.contains(&c) && !escaped && !quoted {
            parts.push(String::new());
            continue;
        }
        quoted ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        parts.last_mut().expect("there is always a last part").push(c);
    }
    parts
}

/// A value without its quotation marks and escapes (RFC 4514 section 2.4; Windows doubles quotation marks inside of
/// quotation marks). `None` if they are malformed.
fn unescaped(value: &str) -> Option<String> {
    let (value, quoted) = match value.strip_prefix('"') {
        Some(rest) => (rest.strip_suffix('"')?, true),
        None => (value, false),
    };
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c == '\\' {
            if let Some(byte) = rest.get(..2).and_then(bytes_of) {
                bytes.extend(byte);
                rest = &rest[2..];
                continue;
            }
        }
        let is_escape = c == '\\' || (quoted && c == '"');
        let literal = if is_escape { rest.chars().next()? } else { c };
        if is_escape {
            rest = &rest[literal.len_utf8()..];
        }
        bytes.extend(literal.encode_utf8(&mut [0; 4]).as_bytes());
    }
    String::from_utf8(bytes).ok()
}

/// The value in DER that `der` consists of.
fn only_value(der: &[u8]) -> Option<DerValue<'_>> {
    let mut values = DerValues(der);
    values.next().filter(|_| values.is_at_end())
}

/// The text of an attribute's value. Values that are not text are shown as `#` and their DER in hexadecimal digits.
fn value_text(value: DerValue<'_>) -> String {
    string(value).unwrap_or_else(|| hexadecimal(value))
}

/// The text of a string type; `None` for other types, and for damaged values.
fn string(value: DerValue<'_>) -> Option<String> {
    let bytes = value.content;
    let utf8 = || String::from_utf8(bytes.to_vec()).ok();
    let iso_8859_1 = || Some(bytes.iter().copied().map(char::from).collect());
    match value.tag {
        tag::UTF8_STRING => utf8(),
        tag::PRINTABLE_STRING | tag::IA5_STRING => utf8().or_else(iso_8859_1),
        // The standard says ITU-T T.61, but programs write ISO 8859-1.
        tag::TELETEX_STRING => iso_8859_1(),
        tag::BMP_STRING => {
            let units = bytes
                .chunks(2)
                .map(|unit| Some(u16::from_be_bytes(unit.try_into().ok()?)));
            String::from_utf16(&units.collect::<Option<Vec<u16>>>()?).ok()
        }
        tag::UNIVERSAL_STRING => {
            let characters = bytes
                .chunks(4)
                .map(|unit| char::from_u32(u32::from_be_bytes(unit.try_into().ok()?)));
            characters.collect()
        }
        _ => None,
    }
}

fn hexadecimal(value: DerValue<'_>) -> String {
    value.whole.iter().fold("#".to_owned(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a String cannot fail");
        text
    })
}

/// The bytes that pairs of hexadecimal digits stand for; `None` for other text.
fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    if !digits.len().is_multiple_of(2) || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let pairs = (0..digits.len()).step_by(2);
    pairs
        .map(|start| u8::from_str_radix(&digits[start..start + 2], 16).ok())
        .collect()
}

fn folded(value: &str) -> String {
    let words: Vec<String> = without_invisible(value)
        .split_whitespace()
        .map(str::to_lowercase)
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use der::asn1::Any;
    use der::{Encode, Tag};
    use x509_cert::attr::AttributeTypeAndValue;
    use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};

    use super::*;

    fn in_certificate(rfc4514: &str) -> DistinguishedName {
        DistinguishedName::from_der(&Name::from_str(rfc4514).unwrap().to_der().unwrap()).unwrap()
    }

    #[test]
    fn all_notations_of_a_name_are_equal() {
        let name = in_certificate(r"CN=GraphToken test,OU=Ops+L=K\C3\B6ln,O=Contoso\, Ltd. \22EU\22,ST=NRW,C=DE");
        for text in [
            r"CN=GraphToken test,OU=Ops+L=K\C3\B6ln,O=Contoso\, Ltd. \22EU\22,ST=NRW,C=DE",
            // As from .NET's X500DistinguishedName, and on Windows from CertNameToStr.
            "CN=GraphToken test, L=K\u{f6}ln + OU=Ops, O=\"Contoso, Ltd. \"\"EU\"\"\", S=NRW, C=DE",
            // In the order of the certificate, as from openssl x509 -subject.
            "C = DE, ST = NRW, O = \"Contoso, Ltd. \\\"EU\\\"\", OU = Ops + L = K\u{f6}ln, CN = GraphToken test",
            "\u{200e}cn=graphtoken  TEST;ou=ops;l=k\u{d6}LN;o=contoso\\, ltd. \\\"eu\\\";OID.2.5.4.8=nrw;2.5.4.6=de\r\n",
        ] {
            assert_eq!(DistinguishedName::parse(text).as_ref(), Some(&name), "{text}");
        }
        for other in [
            "CN=GraphToken test",
            "CN=GraphToken test,OU=Ops,L=K\u{f6}ln,O=Contoso,ST=NRW,C=DE",
            "CN=GraphToken test,CN=GraphToken test",
        ] {
            assert_ne!(DistinguishedName::parse(other).as_ref(), Some(&name), "{other}");
        }
    }

    #[test]
    fn text_that_is_not_a_name_gives_none() {
        for text in ["", "GraphToken test", "CN", "FOO=bar", "CN=a,", "CN=\"a", "CN=a\\"] {
            assert_eq!(DistinguishedName::parse(text), None, "{text}");
        }
    }

    #[test]
    fn old_string_types_are_text_and_others_are_compared_as_bytes() {
        // "Büro" as BMPString and as TeletexString, as old certification authorities of Windows write it.
        for encoded in ["#1e08004200fc0072006f", "#140442fc726f"] {
            let name = in_certificate(&format!("2.5.4.3={encoded}"));
            assert!(name.has_common_name("b\u{fc}ro"), "{encoded}");
            assert_eq!(DistinguishedName::parse(&format!("CN={encoded}")), Some(name));
        }
        let binary = in_certificate("2.5.4.45=#030200ff");
        assert_eq!(DistinguishedName::parse("2.5.4.45=#030200FF"), Some(binary));
    }

    #[test]
    fn the_common_name_is_found_among_the_attributes() {
        let name = in_certificate("CN=App \\= 1,O=Contoso");
        assert!(name.has_common_name(" app = 1"));
        assert!(!name.has_common_name("Contoso") && !name.has_common_name("App"));
        assert_eq!(name.only_common_name(), None);
        assert_eq!(in_certificate("CN=App").only_common_name(), Some("app"));
    }

    fn attribute_of(oid: &str, kind: Tag, value: &[u8]) -> AttributeTypeAndValue {
        AttributeTypeAndValue {
            oid: oid.parse().unwrap(),
            value: Any::new(kind, value).unwrap(),
        }
    }

    fn name(attributes: Vec<AttributeTypeAndValue>) -> Vec<u8> {
        let parts = attributes
            .into_iter()
            .map(|attribute| vec![attribute].try_into().unwrap());
        let name = Name::hazmat_from_rdn_sequence(RdnSequence::from(parts.collect::<Vec<RelativeDistinguishedName>>()));
        name.to_der().unwrap()
    }

    const ORGANIZATION: &str = "2.5.4.10";

    #[test]
    fn old_string_types_are_shown_as_text() {
        let subject = name(vec![
            attribute_of(ORGANIZATION, Tag::TeletexString, b"M\xfcller, S\xf6hne"),
            attribute_of(COMMON_NAME, Tag::BmpString, &[0, 0x47, 0x20, 0xac]),
        ]);
        assert_eq!(text_of(&subject), "CN=G\u{20ac},O=M\u{fc}ller\\, S\u{f6}hne");
    }

    #[test]
    fn values_that_are_not_text_are_shown_as_bytes() {
        for value in [&[0x47][..], &[0xd8, 0x00]] {
            let subject = name(vec![attribute_of(COMMON_NAME, Tag::BmpString, value)]);
            assert!(text_of(&subject).contains("=#1e"), "{}", text_of(&subject));
        }
    }

    #[test]
    fn names_with_modern_string_types_are_written_as_by_x509_cert() {
        for text in [
            "CN=GraphToken,O=Contoso\\, Ltd.,C=DE",
            "OU=Sales+CN=J. Smith,DC=example,DC=net",
        ] {
            let name = Name::from_str(text).unwrap();
            assert_eq!(text_of(&name.to_der().unwrap()), name.to_string());
        }
    }

    /// A name with one attribute of any type, of which x509-cert knows only some.
    fn common_name(tag: u8, value: &[u8]) -> Vec<u8> {
        let value = tlv(tag, value);
        let attribute = tlv(tag::SEQUENCE, &[b"\x06\x03\x55\x04\x03", &value[..]].concat());
        tlv(tag::SEQUENCE, &tlv(tag::SET, &attribute))
    }

    fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(content.len()).unwrap()], content].concat()
    }

    #[test]
    fn a_universal_string_is_text() {
        let value = [0, 0, 0, 0x42, 0, 0, 0, 0xfc, 0, 1, 0xf6, 0];
        let name = common_name(tag::UNIVERSAL_STRING, &value);
        assert_eq!(text_of(&name), "CN=B\u{fc}\u{1f600}");
        assert!(
            DistinguishedName::from_der(&name)
                .unwrap()
                .has_common_name("b\u{fc}\u{1f600}")
        );
        for damaged in [&[0, 0, 0][..], &[0, 0, 0xd8, 0]] {
            assert!(text_of(&common_name(tag::UNIVERSAL_STRING, damaged)).starts_with("2.5.4.3=#1c"));
        }
    }

    #[test]
    fn characters_without_a_visible_form_are_escaped() {
        for (value, shown) in [
            ("a\nb\u{1b}[31m", r"CN=a\0ab\1b[31m"),
            ("a\u{202e}b\u{200b}", r"CN=a\e2\80\aeb\e2\80\8b"),
            ("\u{85}\u{2028}", r"CN=\c2\85\e2\80\a8"),
            (" # ", r"CN=\ #\ "),
            ("#<a>", r"CN=\#\<a\>"),
        ] {
            let shown_here = text_of(&common_name(tag::UTF8_STRING, value.as_bytes()));
            assert_eq!(shown_here, shown);
        }
    }

    #[test]
    fn a_name_that_cannot_be_read_is_empty() {
        for der in [
            &[][..],
            &[0x30, 2, 0x31],
            &[0x30, 2, 0x04, 0],
            &[0x30, 0, 0],
            &[0x31, 0],
        ] {
            assert_eq!(text_of(der), "", "{der:?}");
            assert!(DistinguishedName::from_der(der).is_none());
        }
    }
}

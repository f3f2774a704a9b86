//! The form in the body of a token request.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

/// The fields of an `application/x-www-form-urlencoded` body, in the order in which they were sent.
///
/// Read strictly: only ASCII, every `%` followed by two hexadecimal digits, UTF-8 after decoding.
pub(crate) struct Form(Vec<Field>);

struct Field {
    name: String,
    value: Zeroizing<String>,
    /// The value as it was sent, still encoded.
    raw_value: Zeroizing<String>,
}

/// Why a body is not read as a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FormError {
    /// The content type says that it is something else.
    OtherContentType,
    Malformed,
}

impl Form {
    /// Reads a query.
    pub(crate) fn of_query(query: &str) -> Result<Self, FormError> {
        Self::read(CONTENT_TYPE, query.as_bytes())
    }

    /// Reads `body`, which came with the header `Content-Type: content_type`.
    pub(crate) fn read(content_type: &str, body: &[u8]) -> Result<Self, FormError> {
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case(CONTENT_TYPE) {
            return Err(FormError::OtherContentType);
        }
        let text = std::str::from_utf8(body).map_err(|_| FormError::Malformed)?;
        if !is_encoded(text.as_bytes()) {
            return Err(FormError::Malformed);
        }
        text.split('&')
            .filter(|pair| !pair.is_empty())
            .map(Field::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The value of `name`; an empty one counts as left out (RFC 6749 section 3.1).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let field = self.0.iter().find(|field| field.name == name)?;
        (!field.value.is_empty()).then_some(field.value.as_str())
    }

    /// The names, in the order in which they were sent.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|field| field.name.as_str())
    }

    /// The first name that was sent more than once.
    pub(crate) fn duplicate(&self) -> Option<&str> {
        let repeated = |(index, field): &(usize, &Field)| self.0[..*index].iter().any(|f| f.name == field.name);
        self.0
            .iter()
            .enumerate()
            .find(repeated)
            .map(|(_, field)| field.name.as_str())
    }

    /// Names and decoded values; secrets as `***`.
    pub(crate) fn masked(&self) -> Value {
        let shown = |field: &Field| (field.name.clone(), field.shown(&field.value).into());
        Value::Object(self.0.iter().map(shown).collect::<Map<_, _>>())
    }

    /// The body as it was sent, order and encoding included; secrets as `***`.
    pub(crate) fn template(&self) -> String {
        let shown = |field: &Field| format!("{}={}", field.name, field.shown(&field.raw_value));
        self.0.iter().map(shown).collect::<Vec<_>>().join("&")
    }
}

impl Field {
    fn parse(pair: &str) -> Result<Self, FormError> {
        let (name, value) = pair.split_once('=').ok_or(FormError::Malformed)?;
        Ok(Self {
            name: decode(name)?.to_string(),
            value: decode(value)?,
            raw_value: Zeroizing::new(value.to_owned()),
        })
    }

    fn shown(&self, value: &str) -> String {
        if SECRET_FIELDS.contains(&self.name.as_str()) {
            MASK.to_owned()
        } else {
            value.to_owned()
        }
    }
}

const CONTENT_TYPE: &str = "application/x-www-form-urlencoded";

/// Stands for a secret in everything that is shown.
pub(crate) const MASK: &str = "***";

const SECRET_FIELDS: [&str; 8] = [
    "assertion",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "device_code",
    "password",
    "refresh_token",
];

fn is_encoded(body: &[u8]) -> bool {
    let is_hex = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    body.iter().enumerate().all(|(index, byte)| match byte {
        b'%' => is_hex(body.get(index + 1)) && is_hex(body.get(index + 2)),
        byte => byte.is_ascii_graphic(),
    })
}

fn decode(text: &str) -> Result<Zeroizing<String>, FormError> {
    let spaced = Zeroizing::new(text.replace('+', " "));
    let decoded = percent_decode_str(&spaced)
        .decode_utf8()
        .map_err(|_| FormError::Malformed)?;
    Ok(Zeroizing::new(decoded.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &[u8]) -> Result<Form, FormError> {
        Form::read("application/x-www-form-urlencoded; charset=utf-8", body)
    }

    #[test]
    fn unicode_and_reserved_characters_survive() {
        let form = read(b"password=p%C3%A4ss%2B%26%3D%25+x&scope=a").ok().unwrap();
        assert_eq!(form.get("password"), Some("päss+&=% x"));
        assert_eq!(form.get("scope"), Some("a"));
    }

    #[test]
    fn what_is_no_form_is_refused() {
        for body in [
            &b"a=%4"[..],
            b"a=%zz",
            b"a=%ff",
            b"a",
            b"a=b c",
            "a=\u{e4}".as_bytes(),
            b"a=\xff",
            b"{}\n",
        ] {
            assert_eq!(read(body).err(), Some(FormError::Malformed), "{body:?}");
        }
    }

    #[test]
    fn another_content_type_is_not_read() {
        for content_type in ["", "application/json", "application/x-www-form-urlencodedx"] {
            assert_eq!(
                Form::read(content_type, b"a=1").err(),
                Some(FormError::OtherContentType),
                "{content_type}"
            );
        }
    }

    #[test]
    fn an_empty_value_counts_as_left_out_but_not_as_absent_for_duplicates() {
        let form = read(b"a=&b=1&a=2").ok().unwrap();
        assert_eq!(form.get("a"), None);
        assert_eq!(form.duplicate(), Some("a"));
        assert_eq!(read(b"a=1&b=1").ok().unwrap().duplicate(), None);
    }

    #[test]
    fn the_template_keeps_order_and_encoding_and_masks_secrets() {
        let form = read(b"username=a%40b&password=s%26cret&scope=x%2Fy").ok().unwrap();
        assert_eq!(form.template(), "username=a%40b&password=***&scope=x%2Fy");
        assert_eq!(form.masked()["password"], "***");
        assert_eq!(form.masked()["username"], "a@b");
    }
}

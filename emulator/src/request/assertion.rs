//! A client assertion as it arrives: a JWS in compact form (RFC 7515 section 3.1, RFC 7519).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// An assertion taken apart, nothing in it believed yet.
pub(crate) struct Assertion<'text> {
    pub(crate) header: Map<String, Value>,
    pub(crate) claims: Map<String, Value>,
    /// Header and claims as they were sent: what the signature is over.
    pub(crate) signed: &'text str,
    pub(crate) signature: Vec<u8>,
}

impl<'text> Assertion<'text> {
    /// Takes it apart strictly: three parts, base64url without padding, JSON objects. The error is a sentence.
    pub(crate) fn parse(text: &'text str) -> Result<Self, &'static str> {
        let (signed, signature) = text.rsplit_once('.').ok_or(NOT_THREE_PARTS)?;
        let (header, claims) = signed.split_once('.').ok_or(NOT_THREE_PARTS)?;
        if claims.contains('.') {
            return Err(NOT_THREE_PARTS);
        }
        Ok(Self {
            header: object(header).ok_or("The header is not a JSON object in base64url without padding.")?,
            claims: object(claims).ok_or("The claims are not a JSON object in base64url without padding.")?,
            signed,
            signature: decode(signature).ok_or("The signature is not base64url without padding.")?,
        })
    }
}

const NOT_THREE_PARTS: &str = "The token does not have three parts.";

fn object(part: &str) -> Option<Map<String, Value>> {
    match serde_json::from_slice(&decode(part)?) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

fn decode(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_parts_of_unpadded_base64url_are_read() {
        let assertion = Assertion::parse("eyJhIjoxfQ.eyJiIjoyfQ._-8").unwrap();
        assert_eq!(assertion.header["a"], 1);
        assert_eq!(assertion.claims["b"], 2);
        assert_eq!(assertion.signed, "eyJhIjoxfQ.eyJiIjoyfQ");
        assert_eq!(assertion.signature, [0xff, 0xef]);
    }

    #[test]
    fn anything_looser_is_refused() {
        let loose = [
            "",
            "a.b",
            "eyJhIjoxfQ.eyJiIjoyfQ.AA.AA",
            "eyJhIjoxfQ==.eyJiIjoyfQ.AA",
            "eyJhIjoxfQ.eyJiIjoyfQ.AA==",
            "eyJhIjoxfQ.eyJiIjoyfQ.+/8",
            "eyJhIjoxfQ.eyJiIjoyfQ.AB",
            "W10.eyJiIjoyfQ.AA",
            "eyJhIjoxfQ.MQ.AA",
        ];
        for text in loose {
            assert!(Assertion::parse(text).is_err(), "{text}");
        }
    }
}

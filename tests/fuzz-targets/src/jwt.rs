//! JSON Web Tokens.

use base64::Engine as _;
use graphtoken::DecodedJwt;
use graphtoken::token::jwt::{BASE64URL, signing_input};
use serde_json::{Map, Value};

use crate::marked_secret::{CLIENT_SECRET, filled};
use crate::promise::check_error;

/// A token in compact form. A secret in it is one that was given in place of the token.
pub fn jwt(input: &[u8]) {
    let text = filled(input, &[CLIENT_SECRET]);
    let text = String::from_utf8_lossy(&text);
    match DecodedJwt::decode(&text) {
        Ok(decoded) => check(&decoded),
        Err(error) => check_error(&error, &[CLIENT_SECRET], input),
    }
}

/// Checks that both parts are JSON objects, and that a token with the same content is decoded to the same text.
fn check(decoded: &DecodedJwt) {
    let (header, claims) = (object(decoded.header()), object(decoded.claims()));
    let token = format!("{}.{}", signing_input(&header, &claims), BASE64URL.encode("signature"));
    let again = DecodedJwt::decode(&token).expect("what was written can be decoded");
    for (part, text) in [(&header, again.header()), (&claims, again.claims())] {
        let written = serde_json::to_string(part).expect("an object can be written");
        // What is not ASCII may be invisible, and is not kept then.
        assert!(text == written || !written.is_ascii(), "{text} in place of {written}");
    }
}

fn object(json: &str) -> Map<String, Value> {
    serde_json::from_str(json).expect("a part of a decoded token is a JSON object")
}

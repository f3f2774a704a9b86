//! JSON Web Tokens in compact form (RFC 7515 section 7.1, RFC 7519): encoded and decoded, never verified.

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::{alphabet, engine::DecodePaddingMode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::base::invisible::is_invisible;
use crate::base::json;
use crate::base::pasted::{bearer_token, unwrapped};
use crate::base::secret::Secret;

/// Base64url without padding (RFC 7515 section 2; RFC 4648 section 5). Padding is never written and never accepted.
pub const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// The JWS signing input: both parts as JSON in base64url, separated by a dot (RFC 7515 section 5.1).
pub fn signing_input(header: &impl Serialize, claims: &impl Serialize) -> String {
    let (header, claims) = (json(header), json(claims));
    let mut input = String::with_capacity(encoded_length(header.len()) + 1 + encoded_length(claims.len()));
    BASE64URL.encode_string(header, &mut input);
    input.push('.');
    BASE64URL.encode_string(claims, &mut input);
    input
}

/// The claims of a token that needs no message if it is none.
pub fn claims_of(token: &Secret) -> Option<Value> {
    let claims = token.expose_text()?.split('.').nth(1)?;
    serde_json::from_slice(&BASE64URL.decode(claims).ok()?).ok()
}

/// The length of `bytes` bytes in base64url.
pub const fn encoded_length(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

fn json(part: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(part).expect("writing to memory does not fail, and the keys of a token are strings")
}

/// The header and claims of a token, as JSON text. The signature is dropped.
#[derive(Clone, Debug)]
pub struct DecodedJwt {
    header: String,
    claims: String,
}

impl DecodedJwt {
    /// Decodes `text` without verifying it: the content may be forged.
    ///
    /// White space, also between the token's characters, and quotation marks around it are skipped, as is an
    /// `Authorization` header before it. The text may be a token response: a JSON object with the token as
    /// `access_token`, as Azure CLI and Azure PowerShell name it, or as `id_token` alone.
    ///
    /// # Errors
    /// `InvalidArgument` for anything but a JWT. The message never quotes the text.
    pub fn decode(text: &str) -> Result<Self> {
        let token = without_line_breaks(compact_form(text)?);
        let parts: Vec<&str> = token.split('.').collect();
        match parts.as_slice() {
            [header, claims, _signature] => Ok(Self {
                header: json_part("header", header)?,
                claims: json_part("claims", claims)?,
            }),
            [_, _, _, _, _] => Err(malformed(
                "it is encrypted (five parts), and only its recipient can read it",
            )),
            [""] => Err(malformed("it is empty")),
            parts => Err(malformed(&format!(
                "expected three parts separated by dots, found {}",
                parts.len()
            ))),
        }
    }

    /// The header (RFC 7515 section 4) as a JSON object. Its strings have no control and formatting characters.
    pub fn header(&self) -> &str {
        &self.header
    }

    /// The claims set (RFC 7519 section 4) as a JSON object. Its strings have no control and formatting characters.
    pub fn claims(&self) -> &str {
        &self.claims
    }
}

/// The token in what a caller has pasted.
fn compact_form(text: &str) -> Result<&str> {
    let text = unwrapped(text);
    if text.starts_with('{') {
        let response: TokenResponse<'_> = serde_json::from_str(text).unwrap_or_default();
        let token = response.access_token.or(response.id_token);
        let token = token.ok_or_else(|| malformed("it is a JSON object without an access_token"))?;
        return Ok(bearer_token(token));
    }
    Ok(bearer_token(text))
}

/// The members of a token response that are decoded (RFC 6749 section 5.1, OpenID Connect Core section 3.1.3.3).
/// Borrowed: a copy would stay in memory.
#[derive(Default, Deserialize)]
struct TokenResponse<'a> {
    /// Azure CLI and Azure PowerShell have other names for it.
    #[serde(alias = "accessToken", alias = "Token")]
    access_token: Option<&'a str>,
    id_token: Option<&'a str>,
}

/// `token` as it was before a terminal or a mail broke it over lines.
fn without_line_breaks(token: &str) -> Zeroizing<String> {
    let mut whole = Zeroizing::new(String::with_capacity(token.len()));
    whole.extend(token.chars().filter(|&c| !c.is_whitespace() && !is_invisible(c)));
    whole
}

fn json_part(name: &str, encoded: &str) -> Result<String> {
    let bytes = BASE64URL
        .decode(encoded.trim_end_matches('='))
        .map_err(|_| malformed(&format!("its {name} is not base64url")))?;
    let text = String::from_utf8(bytes).map_err(|_| malformed(&format!("its {name} is not UTF-8")))?;
    match json::parse(&text) {
        Some(Value::Object(_)) => Ok(json::visible(&text)),
        _ => Err(malformed(&format!("its {name} is not a JSON object"))),
    }
}

fn malformed(reason: &str) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("This is not a JSON Web Token: {reason}."),
        "Pass the whole token as it was issued. Some services issue opaque tokens, which cannot be decoded.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_matches_rfc_4648_section_10_without_padding() {
        let vectors = [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"),
        ];
        for (plain, encoded) in vectors {
            assert_eq!(BASE64URL.encode(plain), encoded);
            assert_eq!(encoded_length(plain.len()), encoded.len());
            assert_eq!(BASE64URL.decode(encoded).unwrap(), plain.as_bytes());
        }
        assert_eq!(BASE64URL.encode([0xfb, 0xff, 0xfe]), "-__-");
        assert!(BASE64URL.decode("Zg==").is_err());
        assert!(BASE64URL.decode("+//+").is_err());
    }

    #[test]
    fn what_nobody_sees_is_left_out() {
        let claims = BASE64URL.encode("{\"name\":\"a\u{202e}b\\u009bc\\nd\",\"n\":123456789012345678901234567890}");
        let jwt = DecodedJwt::decode(&format!("e30.{claims}.x")).unwrap();
        assert_eq!(jwt.claims(), r#"{"name":"abc d","n":123456789012345678901234567890}"#);
    }

    /// RFC 7519 section 3.1 and RFC 7515 appendix A.1.
    const EXAMPLE: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6\
                           Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    #[test]
    fn the_rfc_example_decodes_with_whatever_was_pasted_around_it() {
        for text in [
            EXAMPLE.to_owned(),
            format!("Bearer {EXAMPLE}"),
            format!("  bearer  {EXAMPLE}\r\n"),
            format!("\"{EXAMPLE}\""),
            format!("'Bearer {EXAMPLE}'\n"),
            format!("Bearer \u{201c}{EXAMPLE}\u{201d}"),
            format!("Authorization: Bearer {EXAMPLE}"),
            format!("Bearer\r\n{EXAMPLE}"),
            // As a terminal breaks it, and with padding.
            EXAMPLE.replacen('J', "J\r\n  ", 2),
            EXAMPLE.replace('.', "=."),
            format!("\u{feff}{EXAMPLE}\u{200b}"),
            format!(r#"{{"access_token":"{EXAMPLE}","token_type":"Bearer","expires_in":3599,"more":[{{}}]}}"#),
            format!("\n{{\r\n  \"token_type\": \"Bearer\",\r\n  \"access_token\": \"{EXAMPLE}\"\r\n}}\r\n"),
            format!(r#"{{"accessToken":"{EXAMPLE}","expiresOn":"2026-11-26 16:04:10.000000"}}"#),
            format!(r#"{{"access_token":"Bearer {EXAMPLE}"}}"#),
            format!(r#"{{"Token":"{EXAMPLE}","ExpiresOn":"2026-11-26T16:04:10+00:00","Type":"Bearer"}}"#),
            format!(r#"{{"id_token":"{EXAMPLE}"}}"#),
            format!(r#"{{"id_token":"another","access_token":"{EXAMPLE}"}}"#),
        ] {
            let jwt = DecodedJwt::decode(&text).unwrap();
            assert!(jwt.header().contains("HS256"));
            assert!(jwt.claims().contains("\"iss\":\"joe\""));
        }
    }

    #[test]
    fn anything_but_a_jwt_is_refused_with_a_reason_and_not_quoted() {
        for (text, says) in [
            ("", "empty"),
            ("opaque-secret", "found 1"),
            ("a.b.c.d.e", "encrypted"),
            ("a.b", "found 2"),
            ("*.e30.x", "header is not base64url"),
            ("e30.bm90IGpzb24.x", "claims is not a JSON object"),
            ("W10.e30.x", "header is not a JSON object"),
            ("_w.e30.x", "header is not UTF-8"),
            (r#"{"refresh_token":"opaque-secret"}"#, "without an access_token"),
            (r#"{"access_token":"opaque-secret"}"#, "found 1"),
            (r#"{"access_token":7}"#, "without an access_token"),
            (r#"{"access_token":"opaque-secret"#, "without an access_token"),
            ("Bearer ", "empty"),
            ("\"\"", "empty"),
        ] {
            let error = DecodedJwt::decode(text).expect_err(text);
            assert_eq!(error.status(), Status::InvalidArgument);
            assert!(error.message().contains(says), "{text} gave {}", error.message());
            assert!(!error.message().contains("opaque-secret"));
        }
    }
}

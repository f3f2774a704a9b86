//! The header `Authorization: Basic` of a client (RFC 6749 section 2.3.1).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

/// A client's id and its secret.
pub(crate) struct BasicCredentials {
    pub(crate) client_id: String,
    pub(crate) secret: Zeroizing<String>,
}

impl BasicCredentials {
    /// Reads the header's value. Both parts are encoded as values of a form before they are joined.
    pub(crate) fn parse(value: &str) -> Option<Self> {
        let (scheme, value) = value.split_once(' ')?;
        let joined = STANDARD.decode(value.trim()).ok().map(Zeroizing::new)?;
        let (client_id, secret) = std::str::from_utf8(&joined).ok()?.split_once(':')?;
        scheme.eq_ignore_ascii_case("Basic").then_some(Self {
            client_id: decoded(client_id)?.to_string(),
            secret: decoded(secret)?,
        })
    }
}

fn decoded(text: &str) -> Option<Zeroizing<String>> {
    let spaced = Zeroizing::new(text.replace('+', " "));
    let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
    Some(Zeroizing::new(decoded.into_owned()))
}

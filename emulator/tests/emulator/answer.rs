//! An HTTP answer.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("the body is text")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The claims of the access token in a successful answer.
    #[track_caller]
    pub fn access_claims(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        claims(self.json()["access_token"].as_str().expect("there is an access token"))
    }

    /// Checks status, OAuth error, AADSTS code and a part of the description.
    #[track_caller]
    pub fn assert_refused(&self, case: &str, status: u16, error: &str, code: u32, part: &str) {
        let json = self.json();
        let description = json["error_description"].as_str().unwrap_or_default();
        assert_eq!(self.status, status, "{case}: {json}");
        assert_eq!(json["error"], error, "{case}: {json}");
        assert_eq!(json["error_codes"], serde_json::json!([code]), "{case}: {json}");
        assert!(
            description.starts_with(&format!("AADSTS{code}: ")),
            "{case}: {description}"
        );
        assert!(description.contains(part), "{case}: {description}");
    }
}

/// The claims of a JWT.
pub fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).expect("a JWT has three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}
